"""Rows that are inserted with one statement and without ceremony: for what every submission does.

Saving a model object asks many questions whose answers are known here: the row is new, no
signal is listened to, no expression has to be resolved.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import connection, models

Prepare = Callable[[Any], Any]

# So many parameters one statement may have on either database.
MAX_PARAMETERS = 30_000


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model; IntegrityError as usual. The objects get no generated key."""
    if not rows:
        return
    head, places, fields = _statement(type(rows[0]))
    at_once = MAX_PARAMETERS // len(fields)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            values = [prepare(getattr(row, name)) for row in part for name, prepare in fields]
            cursor.execute(head + ", ".join([places] * len(part)), values)


@cache
def _statement(model: type[models.Model]) -> tuple[str, str, list[tuple[str, Prepare]]]:
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.AutoField)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 (our names)
    places = f"({', '.join(['%s'] * len(fields))})"
    return head, places, [(field.attname, _prepare(field)) for field in fields]


def _prepare(field: Any) -> Prepare:
    """From a value of ``field`` to what the driver takes."""
    if isinstance(field, models.JSONField) and field.encoder is None:
        return _as_jsonb if connection.vendor == "postgresql" else _as_json
    return lambda value: field.get_db_prep_save(value, connection)


def _as_json(value: Any) -> str | None:
    """Several times faster than the standard library."""
    return None if value is None else msgspec.json.encode(value).decode()


def _as_jsonb(value: Any) -> Any:
    from psycopg.types.json import Jsonb  # there is no psycopg where there is no PostgreSQL

    return None if value is None else Jsonb(value, dumps=msgspec.json.encode)
