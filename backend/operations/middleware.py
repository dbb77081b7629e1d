"""Around every answer: the access log, the headers for browsers, compression."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.functional import LazyObject, empty

from backend.common.logs import method, route
from backend.common.problems import django_problem

GetResponse = Callable[[HttpRequest], HttpResponse]

# As Django spells them.
OF_UNCHANGED = {"Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary"}

logger = logging.getLogger("backend.access")
bad_request: GetResponse = django_problem(400)
not_found: GetResponse = django_problem(404)


class AccessLog:
    """One line for each request: who (by number), which route, how long, how much."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        fields = {
            "method": method(request),
            "route": route(request),
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "user": _user_id(request),
            "bytes_in": int(request.META.get("CONTENT_LENGTH") or 0),
            "bytes_out": None if response.streaming else len(response.content),
        }
        logger.info("request", extra={"fields": fields})
        return response


class Headers:
    """What browsers and caches may do with an answer, unless its view has said so itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        page = response.get("Content-Type", "").startswith("text/html")
        policy = settings.CONTENT_SECURITY_PAGES if page else settings.CONTENT_SECURITY_API
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), usb=()"
        )
        if request.path.startswith("/api/"):
            patch_vary_headers(response, ("Authorization", "Accept-Language"))
            response.setdefault("Cache-Control", "no-store")
        if not response.streaming:
            # Without it the server must close the connection, and the phone pays for a new one.
            response.setdefault("Content-Length", str(len(response.content)))
        if response.status_code == 304:
            return _bare(response)
        return _without_body(response) if request.method == "HEAD" else response


class RefuseNul:
    """No address and no query holds a NUL; PostgreSQL could not even be asked for one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            return not_found(request)
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/api/"):
            return bad_request(request)
        return self.get_response(request)


class CompressText(GZipMiddleware):
    """gzip for text; photos, records and spreadsheets are compressed already.

    A compressed answer has a weak ``ETag``, so ``If-Match`` must take ``W/"3"`` for ``"3"``.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind.startswith("text/") or kind.endswith(("json", "yaml", "javascript", "svg+xml")):
            return super().process_response(request, response)
        return response


def _bare(response: HttpResponse) -> HttpResponse:
    """The client has the other headers with what it keeps, and phones ask often."""
    for name in response.headers.keys() - OF_UNCHANGED:
        del response[name]
    return response


def _without_body(response: HttpResponse) -> HttpResponse:
    """The same head: a body after it would be taken for the next answer."""
    if isinstance(response, FileResponse):
        response.file_to_stream = None
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
    else:
        response.content = b""
    return response


def _user_id(request: HttpRequest) -> Any:
    """The signed-in person's number, without asking the database for it."""
    user = request.__dict__.get("user")
    if isinstance(user, LazyObject) and user.__dict__["_wrapped"] is empty:
        return None
    return getattr(user, "id", None)
