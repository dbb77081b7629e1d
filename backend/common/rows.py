"""Rows that are inserted with one statement and without ceremony: for what every submission does.

Saving a model object asks many questions whose answers are known here: the row is new, no
signal is listened to, no expression has to be resolved.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import connection, models

from backend.common.statements import execute

Prepare = Callable[[Any], Any]
Statement = tuple[str, list[Any]]

# So many parameters one statement may have on either database.
MAX_PARAMETERS = 30_000
# What psycopg takes as a model holds it.
_AS_IT_IS = (
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.IntegerField,
    models.TextField,
    models.UUIDField,
)


def insert(*groups: Sequence[models.Model]) -> None:
    """Insert new rows; IntegrityError as usual. The objects get no generated key.

    Each group has rows of one model. PostgreSQL takes all in one statement and writes the last
    group first, so whoever may wait for a row of another should wait there.
    """
    statements = [statement for rows in groups if rows for statement in _statements(rows)]
    if connection.vendor == "postgresql" and _fit_together(statements):
        statements = [_together(statements)]
    for sql, values in statements:
        execute(sql, values)


def _statements(rows: Sequence[models.Model]) -> Iterator[Statement]:
    head, places, fields = _columns(type(rows[0]))
    at_once = MAX_PARAMETERS // len(fields)
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        values = [prepare(getattr(row, name)) for row in part for name, prepare in fields]
        yield head + ", ".join([places] * len(part)), values


def _fit_together(statements: Sequence[Statement]) -> bool:
    count = sum(len(values) for _, values in statements)
    return len(statements) > 1 and count <= MAX_PARAMETERS


def _together(statements: Sequence[Statement]) -> Statement:
    *first, (last, _) = statements
    parts = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _) in enumerate(first))
    return f"WITH {parts} {last}", [value for _, values in statements for value in values]


@cache
def _columns(model: type[models.Model]) -> tuple[str, str, list[tuple[str, Prepare]]]:
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
    on_postgresql = connection.vendor == "postgresql"
    if isinstance(field, models.JSONField) and field.encoder is None:
        return _as_jsonb if on_postgresql else _as_json
    if on_postgresql and isinstance(_meant(field), _AS_IT_IS):
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)


def _meant(field: Any) -> Any:
    """The field itself, or the one that a foreign key points to."""
    return _meant(field.target_field) if field.is_relation else field


def _as_json(value: Any) -> str | None:
    """Several times faster than the standard library."""
    return None if value is None else msgspec.json.encode(value).decode()


def _as_jsonb(value: Any) -> Any:
    from psycopg.types.json import Jsonb  # there is no psycopg where there is no PostgreSQL

    return None if value is None else Jsonb(value, dumps=msgspec.json.encode)
