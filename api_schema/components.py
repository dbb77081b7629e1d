"""Pieces of the API description that many operations share."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter

from backend.common.strict_json import FORBIDDEN
from backend.common.views import BAD_UTF8

# Patterns of texts; see ``strict_json`` for what may not stand in one. In a query the mark of
# bytes that were no UTF-8 is refused as well. SOME_TEXT is more than blanks. The look-ahead: to
# Python "$" also matches before a final line feed.
TEXT = f"^[^{FORBIDDEN}]*$"
QUERY_TEXT = f"^[^{FORBIDDEN}{BAD_UTF8}]*$"
SOME_TEXT = rf"^[^{FORBIDDEN}]*[^\s{FORBIDDEN}][^{FORBIDDEN}]*$"
LINE = rf"^[^\n{FORBIDDEN}]*$(?!\n)"
SOME_LINE = rf"^[^\n{FORBIDDEN}]*[^\s{FORBIDDEN}][^\n{FORBIDDEN}]*$(?!\n)"

TEXT_MARK = "x-text"
TEXTS: dict[str, dict[str, Any]] = {
    "Text": {
        "type": "string",
        "pattern": TEXT,
        "description": "A text without control characters but line feeds, and without format and "
        "non-characters. Stored in NFC.",
    },
    "SomeText": {
        "type": "string",
        "pattern": SOME_TEXT,
        "description": "A text as `Text`, of more than blanks.",
    },
    "Line": {
        "type": "string",
        "pattern": LINE,
        "description": "A text as `Text`, without line feeds.",
    },
    "SomeLine": {
        "type": "string",
        "pattern": SOME_LINE,
        "description": "A text as `Line`, of more than blanks.",
    },
    "QueryText": {
        "type": "string",
        "pattern": QUERY_TEXT,
        "description": "A text as `Text`, without the mark of bytes that were no UTF-8, U+FFFD.",
    },
}

PROBLEM_TYPE = "application/problem+json"

FIELD_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "One broken rule.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "JSON pointer into the body; empty for the whole or the query string.",
        },
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "line": {"type": "integer", "description": "In an uploaded file, from 1."},
        "column": {"type": ["integer", "string"], "description": "In an uploaded file."},
        "sheet": {"type": "string", "description": "Of an uploaded workbook of several sheets."},
    },
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). Some codes add members, such as `legal_moves`.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "In the language of the request."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What was wrong this time; may be empty."},
        "code": {"type": "string", "description": "Stable; what programs go by."},
        "request_id": {"type": "string", "format": "uuid"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "more_errors": {
            "type": "integer",
            "minimum": 1,
            "description": "How many there are beyond those in `errors`.",
        },
    },
}

RETRY_AFTER = {
    "description": "Seconds to wait before trying again.",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
}
CHALLENGE = {
    "description": "The scheme by which to sign in.",
    "required": True,
    "schema": {"type": "string", "const": "Bearer"},
}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": CHALLENGE},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
    507: {"Retry-After": RETRY_AFTER},
}

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the copy at hand; 304 where it is still the present one.",
)


def etag(*statuses: int) -> OpenApiParameter:
    """The header of the answers with these statuses that names their version."""
    return OpenApiParameter(
        "ETag",
        str,
        OpenApiParameter.HEADER,
        required=True,
        response=list(statuses),
        description="The version of this answer; weak (`W/…`) where it was compressed.",
    )


def problem_response(status: int, codes: Sequence[str], titles: Sequence[str]) -> dict[str, Any]:
    """The answer with ``status`` whose ``code`` is one of ``codes``."""
    schema: dict[str, Any] = {
        "allOf": [
            {"$ref": "#/components/schemas/Problem"},
            {"type": "object", "properties": {"code": {"enum": list(codes)}}},
        ]
    }
    described = [f"`{code}`: {title}" for code, title in zip(codes, titles, strict=True)]
    response: dict[str, Any] = {
        "description": "; ".join(described),
        "content": {PROBLEM_TYPE: {"schema": schema}},
    }
    if status in HEADERS:
        response["headers"] = HEADERS[status]
    return response
