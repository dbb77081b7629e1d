"""Who waits for whom: units before places before stalls, rows of one kind by their keys.

Nothing here changes a key, so that others may enter rows that name a locked one: a photo or a
submission never waits for a change of its market. SQLite needs none of this, as a transaction
that writes is alone there.
"""

from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

_NEW_UNITS = "markets.new_units"


def lock(row: Model) -> None:
    """Serialise the changes of one row, and look at it as it is now."""
    row.refresh_from_db(from_queryset=QuerySet(type(row)).select_for_update(no_key=True))


def lock_all(rows: QuerySet[Any]) -> None:
    """Lock ``rows``, which a transaction is going to change one after the other, at its start.

    What was read of them before may be out of date.
    """
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_new_units() -> None:
    """Let nobody else enter a unit before the commit: there is no row yet to wait for."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_NEW_UNITS])
