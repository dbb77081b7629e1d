"""How a checklist file is taken from a request."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from backend.common.errors import FieldError, Malformed
from backend.common.parsers import read_text_body
from backend.common.text import Bilingual
from backend.common.workbooks import MEDIA_TYPE


class YAMLTextParser(BaseParser):
    """The body as text in UTF-8; what it says is for ``checklists.authoring`` to read."""

    media_type = "application/yaml"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # a text, which the stubs do not expect
        try:
            return read_text_body(stream, media_type).decode()
        except UnicodeDecodeError as error:
            detail = Bilingual(vi="Tệp phải là UTF-8.", en="The file must be UTF-8.")
            raise Malformed(detail, errors=[FieldError("", "yaml_encoding", detail)]) from error


class OldYAMLTextParser(YAMLTextParser):
    """The same under the name that YAML had before RFC 9512."""

    media_type = "text/yaml"


class WorkbookParser(BaseParser):
    """The bytes of an XLSX file; ``checklists.xlsform`` reads them."""

    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # bytes, which the stubs do not expect
        return read_text_body(stream, None)
