"""Files as the raw body of a request, read to ``{"lines": [...]}``.

``tables`` says what is refused in them.
"""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from rest_framework.parsers import BaseParser

from backend.common.parsers import read_text_body
from backend.common.workbooks import MEDIA_TYPE
from markets.imports.tables import Line, read_csv, read_xlsx


class CSVParser(BaseParser):
    media_type = "text/csv"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Sequence[Line]]:
        return {"lines": read_csv(read_text_body(stream, media_type))}


class XLSXParser(BaseParser):
    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Sequence[Line]]:
        return {"lines": read_xlsx(read_text_body(stream, None))}
