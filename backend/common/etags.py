"""Has the client got this already? Weak comparison, as RFC 9110 asks of ``If-None-Match``."""

from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.request import Request


def is_known(request: HttpRequest | Request, etag: str) -> bool:
    """Whether ``If-None-Match`` names ``etag`` (with its quotes); compression makes tags weak."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in {tag.removeprefix("W/") for tag in known}
