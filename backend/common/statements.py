"""Statements that every submission runs, by the shortest way to the driver.

Django wraps each statement several times over, which on PostgreSQL costs the application twice
what psycopg itself needs. Nothing of that is in use here but what is kept below.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Row = tuple[Any, ...]


def execute(sql: str, parameters: Sequence[Any]) -> None:
    """In the transaction there is, if any. Raises what Django raises."""
    _run(sql, parameters, fetch=False)


def fetch(sql: str, parameters: Sequence[Any]) -> list[Row]:
    """All rows of a statement that gives some. Raises what Django raises."""
    return _run(sql, parameters, fetch=True)


def _run(sql: str, parameters: Sequence[Any], *, fetch: bool) -> list[Row]:
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    if wrapper.vendor != "postgresql" or wrapper.queries_logged or wrapper.execute_wrappers:
        with wrapper.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall()) if fetch else []
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    wrapper.validate_no_broken_transaction()
    with wrapper.wrap_database_errors:
        cursor = wrapper.connection.execute(sql, parameters)
        return list(cursor.fetchall()) if fetch else []
