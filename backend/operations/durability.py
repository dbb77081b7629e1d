"""Whether the database keeps what it has acknowledged, as its own settings say at this moment."""

import sqlite3

from django.db import connection

from backend.databases import SYNCHRONOUS, is_lossy, journal_mode

# The other values of synchronous_commit wait for this server's disk at least.
POSTGRESQL_NEVER_OFF = ("fsync", "full_page_writes", "synchronous_commit")


def weaknesses() -> list[str]:
    """One text for each setting that may lose acknowledged rows; empty when there is none."""
    if connection.vendor == "postgresql":
        return _postgresql()
    return _sqlite()


def judge_postgresql(found: dict[str, str]) -> list[str]:
    return [f"{name} is off" for name in POSTGRESQL_NEVER_OFF if found[name] == "off"]


def _postgresql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
            [list(POSTGRESQL_NEVER_OFF)],
        )
        return judge_postgresql(dict(cursor.fetchall()))


def _sqlite() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        synchronous = SYNCHRONOUS[cursor.fetchone()[0]]
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0].upper()
    weak = [f"synchronous is {synchronous}"] if is_lossy(synchronous) else []
    safe = journal_mode(sqlite3.sqlite_version_info)
    if journal not in {"TRUNCATE", safe}:
        weak.append(f"journal_mode is {journal}, not {safe}")
    return weak
