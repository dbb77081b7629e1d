"""Keyset pages: a page costs the same wherever it lies, and nothing is shown twice.

A list view names its orders: ``orderings = {"-started_at": ("-started_at", "-id"), ...}``; the
first is the default, and the last field of each is unique. Fields must not be null.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from backend.common.errors import FieldError, InvalidCursor, Malformed
from backend.common.text import Bilingual

DEFAULT_SIZE = 50
MAX_SIZE = 200


class KeysetPagination(BasePagination):
    """``{"results": [...], "next": url|null, "previous": url|null}``."""

    parameters = ("cursor", "page_size", "ordering")

    def paginate_queryset(  # type: ignore[override]  # a plain sequence has no keyset
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        orderings: Mapping[str, Sequence[str]] = view.orderings
        self.url = request.build_absolute_uri()
        # A cursor is good for the list that gave it out, and for no other.
        self.salt = f"keyset-cursor:{request.path}"
        self.size = page_size(request.query_params.get("page_size"))
        self.name = _ordering(request.query_params.get("ordering"), orderings)
        self.fields = orderings[self.name]
        backwards, values = self._position(request.query_params.get("cursor"))
        order = [_reverse(field) for field in self.fields] if backwards else list(self.fields)
        if values is not None:
            try:
                queryset = queryset.filter(_after(order, values))
            except (ValidationError, ValueError, TypeError) as error:
                raise InvalidCursor from error
        rows = list(queryset.order_by(*order)[: self.size + 1])
        more = len(rows) > self.size
        self.page = rows[: self.size]
        if backwards:
            self.page.reverse()
        self.has_next = backwards or more
        self.has_previous = more if backwards else values is not None
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "results": data,
                "next": self._link(False) if self.has_next and self.page else None,
                "previous": self._link(True) if self.has_previous and self.page else None,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "description": "To be asked as it is."}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        # ``cursor`` is not told: it is never made up, only followed as part of ``next``.
        size = {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}
        orders = list(view.orderings)
        return [
            _parameter("page_size", size, "Rows of a page."),
            _parameter(
                "ordering", {"type": "string", "enum": orders, "default": orders[0]}, "Order."
            ),
        ]

    def _link(self, backwards: bool) -> str:
        row = self.page[0 if backwards else -1]
        values = [_value(row, field) for field in self.fields]
        cursor = signing.dumps([self.name, backwards, values], salt=self.salt)
        return replace_query_param(self.url, "cursor", cursor)

    def _position(self, cursor: str | None) -> tuple[bool, list[Any] | None]:
        if cursor is None:
            return False, None
        try:
            name, backwards, values = signing.loads(cursor, salt=self.salt)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise InvalidCursor from error
        if name != self.name or len(values) != len(self.fields):
            raise InvalidCursor(
                Bilingual(
                    vi="Con trỏ thuộc về một thứ tự khác", en="The cursor is of another ordering"
                )
            )
        return backwards, values


def page_size(text: str | None) -> int:
    """The value of ``page_size``. Raises Malformed."""
    if text is None:
        return DEFAULT_SIZE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_SIZE):
        _refuse("page_size", f"Từ 1 đến {MAX_SIZE}", f"Between 1 and {MAX_SIZE}")
    return int(text)


def _ordering(name: str | None, orderings: Mapping[str, Sequence[str]]) -> str:
    if name is None:
        return next(iter(orderings))
    if name not in orderings:
        names = ", ".join(orderings)
        _refuse("ordering", f"Một trong: {names}", f"One of: {names}")
    return name


def _refuse(parameter: str, vi: str, en: str) -> None:
    detail = Bilingual(vi=f"{parameter}: {vi}", en=f"{parameter}: {en}")
    raise Malformed(detail, errors=[FieldError("", "invalid_parameter", detail)])


def _reverse(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind ``values`` in ``order``: (a, b) > (x, y) as a > x or (a = x and b > y)."""
    condition = Q()
    for field, value in reversed(list(zip(order, values, strict=True))):
        name, step = (field[1:], "lt") if field.startswith("-") else (field, "gt")
        beyond = Q(**{f"{name}__{step}": value})
        # The redundant outer bound lets the database use its index on the first field.
        condition = (
            Q(**{f"{name}__{step}e": value}) & (beyond | Q(**{name: value}) & condition)
            if condition
            else beyond
        )
    return condition


def _value(row: Model, field: str) -> Any:
    value: Any = row
    for part in field.lstrip("-").split("__"):
        value = getattr(value, part)
    return value if isinstance(value, int) else str(value)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }
