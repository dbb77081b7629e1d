"""What every request carries: an id for the logs and a language for the texts."""

import contextvars
import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
_ENGLISH_FIRST = re.compile(r"\s*en\b", re.IGNORECASE)


def language(accept_language: str) -> str:
    """ "en" where the header asks for it first, else "vi"."""
    return "en" if _ENGLISH_FIRST.match(accept_language) else "vi"


class RequestId:
    """Take the caller's ``X-Request-Id`` if it is a UUID, else make one; give it back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            identifier = str(uuid.UUID(request.headers.get("X-Request-Id", "")))
        except ValueError:
            identifier = str(uuid.uuid4())
        token = request_id.set(identifier)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = identifier
            return response
        finally:
            request_id.reset(token)


class Language:
    """Vietnamese, or English where ``Accept-Language`` asks for it first.

    Django's own middleware parses the whole header and has had denial-of-service bugs there;
    two languages need one comparison.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = language(request.headers.get("Accept-Language", ""))
        with translation.override(chosen):
            response = self.get_response(request)
            response.setdefault("Content-Language", chosen)
            return response
