"""Taking the database's own guards off for a moment, as somebody with its password could."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_triggers() -> Iterator[None]:
    """No trigger of ours fires within the block, in any table."""
    off, on = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    _execute(off)
    try:
        yield
    finally:
        _execute(on)


def _postgresql() -> tuple[list[str], list[str]]:
    tables = _column(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
        [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


def _sqlite() -> tuple[list[str], list[str]]:
    names = _column("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    bodies = _column("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return [f"DROP TRIGGER {name}" for name in names], bodies


def _column(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
