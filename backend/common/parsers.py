"""The one way in which a body is read, and JSON in it."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from backend.common import strict_json


class StrictJSONParser(BaseParser):
    """``application/json`` in UTF-8; see ``strict_json`` for what is refused.

    A view may take less than the site does: its ``body_limit``, in bytes.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = getattr((parser_context or {}).get("view"), "body_limit", None)
        return strict_json.loads(read_text_body(stream, media_type, limit))


def read_text_body(stream: IO[bytes], media_type: str | None, limit: int | None = None) -> bytes:
    """The whole body of a request that may say no other charset than UTF-8; 413, 415 if not."""
    charset = (media_type or "").lower().partition("charset=")[2].split(";")[0].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMediaType(media_type or "")
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if limit is None else limit
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise RequestDataTooBig
    return body
