"""Rows that are inserted with one statement and without ceremony: for what every submission does.

Saving a model object asks many questions whose answers are known here: the row is new, no
signal is listened to, no expression has to be resolved.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

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
            values = [
                field.get_db_prep_save(getattr(row, field.attname), connection)
                for row in part
                for field in fields
            ]
            cursor.execute(head + ", ".join([places] * len(part)), values)


@cache
def _statement(model: type[models.Model]) -> tuple[str, str, list[Any]]:
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.AutoField)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 (our names)
    return head, f"({', '.join(['%s'] * len(fields))})", fields
