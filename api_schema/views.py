"""The description itself, and two pages that show it without asking any other server."""

import hashlib
import json
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from backend.common import etags
from backend.common.views import StrictQuery

COMMITTED = Path(__file__).with_name("openapi.yaml")
REDOC = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
# The one picture that the bundle would fetch from another server; an empty one takes its place.
FOREIGN_PICTURE = "https://cdn.redoc.ly/redoc/logo-mini.svg"
# Redoc writes its styles into the page while it runs; scripts stay ours alone.
REDOC_POLICY = settings.CONTENT_SECURITY_PAGES + "; style-src 'self' 'unsafe-inline'"


class YamlRenderer(JSONRenderer):
    """Lets clients ask for YAML; what it renders itself are the refusals."""

    media_type = "application/yaml"
    format = "yaml"


class OpenApiRenderer(YamlRenderer):
    media_type = "application/vnd.oai.openapi"
    format = "openapi"


class PageRenderer(JSONRenderer):
    """Lets browsers ask for a page; what it renders itself are the refusals."""

    media_type = "text/html"
    format = "html"


class ScriptRenderer(JSONRenderer):
    """Lets browsers ask for a script; what it renders itself are the refusals."""

    media_type = "text/javascript"
    format = "js"


class Open(StrictQuery):
    """For everybody, and not part of the description."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)


class SchemaView(Open):
    """The committed file: a test holds it equal to what the code would give."""

    renderer_classes = (YamlRenderer, OpenApiRenderer, JSONRenderer)
    query_parameters = ("format",)

    def get(self, request: Request) -> HttpResponse:
        as_json = request.accepted_renderer.format == "json"
        content, etag = _described(as_json)
        if etags.is_known(request, etag):
            return HttpResponse(status=304, headers={"ETag": etag, "Vary": "Accept"})
        media_type = "application/json" if as_json else "application/yaml; charset=utf-8"
        headers = {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache"}
        return HttpResponse(content, content_type=media_type, headers=headers)


class SwaggerPage(Open):
    renderer_classes = (PageRenderer, JSONRenderer)

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(render_to_string("api_schema/swagger.html"))


class RedocPage(Open):
    renderer_classes = (PageRenderer, JSONRenderer)

    def get(self, request: Request) -> HttpResponse:
        headers = {"Content-Security-Policy": REDOC_POLICY}
        return HttpResponse(render_to_string("api_schema/redoc.html"), headers=headers)


class RedocScript(Open):
    renderer_classes = (ScriptRenderer, JSONRenderer)

    def get(self, request: Request) -> HttpResponse:
        headers = {"Cache-Control": "public, max-age=86400"}
        return HttpResponse(_redoc(), content_type="text/javascript", headers=headers)


@cache
def _described(as_json: bool) -> tuple[bytes, str]:
    content = COMMITTED.read_bytes()
    if as_json:
        content = json.dumps(yaml.safe_load(content), ensure_ascii=False).encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@cache
def _redoc() -> bytes:
    found = finders.find(REDOC)
    if not isinstance(found, str):
        raise FileNotFoundError(REDOC)
    return Path(found).read_bytes().replace(FOREIGN_PICTURE.encode(), b"data:,")
