"""Files as the raw body of a request, read to ``{"lines": [...]}``.

``tables`` says what is refused in them.
"""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from markets.imports.tables import Line, read_csv, read_xlsx

MAX_BYTES = 4 * 1024 * 1024


class CSVParser(BaseParser):
    media_type = "text/csv"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Sequence[Line]]:
        charset = (media_type or "").lower().partition("charset=")[2].split(";")[0].strip(' "')
        if charset not in ("", "utf-8", "utf8"):
            raise UnsupportedMediaType(media_type or "")
        return {"lines": read_csv(_body(stream))}


class XLSXParser(BaseParser):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Sequence[Line]]:
        return {"lines": read_xlsx(_body(stream))}


def _body(stream: IO[bytes]) -> bytes:
    body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise RequestDataTooBig
    return body
