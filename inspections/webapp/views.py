"""The phone app: one page, its service worker and its manifest. All else is static files."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import etag

from backend.common.plain_views import safe_only
from inspections.webapp import assets
from inspections.webapp.storage import MAIN

# Nothing inline and no other host. Photos are shown from the phone's own store (blob:).
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# A worker lives under the policy that came with its script.
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
REVALIDATE = "no-cache"
COLOUR = "#0b5d3b"


def _version(_request: HttpRequest) -> str:
    return f'"{assets.version()}"'


@safe_only
@etag(_version)
def shell(request: HttpRequest) -> HttpResponse:
    context = {
        "version": assets.version(),
        "colour": COLOUR,
        "main": assets.url(MAIN),
        "preloads": [assets.url(name) for name in assets.needed_at_once()],
        "styles": [assets.url(name) for name in assets.STYLES],
        "icons": [assets.url(name) for name in assets.ICONS],
    }
    page = render(request, "inspections/app.html", context)
    return _with(page, **{"Content-Security-Policy": PAGE_POLICY})


@safe_only
@etag(_version)
def service_worker(_request: HttpRequest) -> HttpResponse:
    known = {"VERSION": assets.version(), "ASSETS": list(assets.all_urls())}
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    script = constants + assets.SERVICE_WORKER.read_text(encoding="utf-8")
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    return _with(answer, **{"Content-Security-Policy": WORKER_POLICY})


@safe_only
@etag(_version)
def manifest(_request: HttpRequest) -> HttpResponse:
    svg, small, large = (assets.url(name) for name in assets.ICONS)
    described: dict[str, Any] = {
        "name": "Kiểm tra chợ an toàn thực phẩm",
        "short_name": "Chợ an toàn",
        "lang": "vi",
        "start_url": "/app/",
        "scope": "/app/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": [
            {"src": svg, "type": "image/svg+xml", "sizes": "any"},
            {"src": small, "type": "image/png", "sizes": "192x192", "purpose": "any maskable"},
            {"src": large, "type": "image/png", "sizes": "512x512", "purpose": "any maskable"},
        ],
    }
    body = json.dumps(described, ensure_ascii=False)
    return _with(HttpResponse(body, content_type="application/manifest+json"))


def _with(answer: HttpResponse, **headers: str) -> HttpResponse:
    for name, value in {"Cache-Control": REVALIDATE, **headers}.items():
        answer[name] = value
    return answer
