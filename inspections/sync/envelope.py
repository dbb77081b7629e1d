"""The body of a push: what is around the items, and nothing of what is in them.

Each item's data stay bytes until its turn comes, so that one that cannot be read is its own
fault and no other's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Annotated, Any

import msgspec
from msgspec import Meta, Struct
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from backend.common.errors import FieldError, Malformed
from backend.common.parsers import read_text_body
from backend.common.strict_json import check_nesting
from backend.common.text import Bilingual

MAX_ITEMS = 20


class Item(Struct, forbid_unknown_fields=True):
    """``op`` and ``id`` are given back as they came, whatever they are."""

    op: Annotated[str, Meta(max_length=50)]
    id: Annotated[str, Meta(max_length=50)]
    data: msgspec.Raw


class Report(Struct, forbid_unknown_fields=True):
    """``queue``: how many items wait on the phone; ``sent_at``: by its own clock."""

    queue: Annotated[int, Meta(ge=0)]
    sent_at: Annotated[datetime, Meta(tz=True)]
    app: Annotated[str, Meta(max_length=200)]


class Envelope(Struct, forbid_unknown_fields=True):
    items: Annotated[list[Item], Meta(max_length=MAX_ITEMS)]
    report: Report | None = None


# As ``submission.document`` does, and for the same reason.
msgspec.json.decode(b'{"items": []}', type=Envelope)


def envelope(request: Request) -> Envelope:
    """The body of a request whose view has PushParser. Raises Malformed, also where it is empty."""
    sent: object = request.data
    if not isinstance(sent, Envelope):
        raise _refused("json_invalid", "The body is empty.")
    return sent


class PushParser(BaseParser):
    """``application/json`` as an Envelope. Raises Malformed, RequestDataTooBig."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = read_text_body(stream, media_type)
        check_nesting(body)
        try:
            return msgspec.json.decode(body, type=Envelope)
        except msgspec.ValidationError as error:
            raise _refused("invalid", str(error)) from error
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise _refused("json_invalid", str(error)) from error


def _refused(code: str, message: str) -> Malformed:
    detail = Bilingual("Gói gửi lên không đọc được.", message[:300])
    return Malformed(detail, errors=[FieldError("", code, detail)])
