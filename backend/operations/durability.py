"""Whether the database keeps what it has acknowledged, as its own settings say at this moment."""

import sqlite3

from django.db import connection

from backend.databases import SYNCHRONOUS, is_lossy, journal_mode

POSTGRESQL_MUST_BE_ON = ("fsync", "full_page_writes")
# Any other value of synchronous_commit answers before the row is on this server's disk.
POSTGRESQL_COMMIT = {"on", "remote_apply"}


def weaknesses() -> list[str]:
    """One text for each setting that may lose acknowledged rows; empty when there is none."""
    if connection.vendor == "postgresql":
        return _postgresql()
    return _sqlite()


def _postgresql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings"
            " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
        )
        found = dict(cursor.fetchall())
    off = [f"{name} is off" for name in POSTGRESQL_MUST_BE_ON if found[name] != "on"]
    if found["synchronous_commit"] not in POSTGRESQL_COMMIT:
        off.append(f"synchronous_commit is {found['synchronous_commit']}")
    return off


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
