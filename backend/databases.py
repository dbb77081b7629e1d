"""How each database is opened, so that an acknowledged write survives the plug being pulled.

SQLite's journal depends on the library: versions 3.7.0 to 3.51.2 can lose committed rows in WAL
mode when a checkpoint races with a writer (mended in 3.51.3 and in the branches 3.50.7 and
3.44.6). Source: https://sqlite.org/wal.html and the release notes of those versions.
"""

import sqlite3
from pathlib import Path
from typing import Any

import dj_database_url

SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")  # the position is SQLite's own number
BUSY_S = 20
POSTGRESQL = "django.db.backends.postgresql"
SQLITE = "django.db.backends.sqlite3"
OUR_SQLITE = "backend.sqlite"  # the same, with its writers in a queue

Version = tuple[int, ...]


def journal_mode(version: Version) -> str:
    """WAL where this library is known to be safe with it, else TRUNCATE."""
    mended = (
        version >= (3, 53)
        or (3, 51, 3) <= version < (3, 52)  # 3.52.0 was withdrawn
        or (3, 50, 7) <= version < (3, 51)
        or (3, 44, 6) <= version < (3, 45)
    )
    return "WAL" if mended else "TRUNCATE"


def is_lossy(synchronous: str) -> bool:
    """Whether a power cut may take rows that were already acknowledged."""
    return SYNCHRONOUS.index(synchronous) < SYNCHRONOUS.index("FULL")


def parse(url: str) -> dict[str, Any]:
    """Read a database address; ValueError unless it is PostgreSQL or an SQLite file."""
    parsed = dict(dj_database_url.parse(url))
    if parsed["ENGINE"] not in {POSTGRESQL, SQLITE}:
        raise ValueError("only postgresql:// and sqlite:// are supported")
    if parsed["ENGINE"] == SQLITE and parsed["NAME"] == ":memory:":
        raise ValueError("a database in memory forgets everything")
    return parsed


def configuration(
    url: str | None, *, data_dir: Path, synchronous: str = "FULL", pool: int = 10
) -> dict[str, Any]:
    """One entry of Django's DATABASES; an SQLite file in ``data_dir`` without ``url``."""
    database = parse(url) if url else {"ENGINE": SQLITE, "NAME": data_dir / "database.sqlite3"}
    if database["ENGINE"] == SQLITE:
        return _sqlite(database, synchronous)
    return _postgresql(database, pool)


def _sqlite(database: dict[str, Any], synchronous: str) -> dict[str, Any]:
    journal = journal_mode(sqlite3.sqlite_version_info)
    return {
        **database,
        "ENGINE": OUR_SQLITE,
        # Closing the last connection would fold the journal back after every request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_S,
            # A reader that becomes a writer cannot wait for the lock; a transaction of ours
            # always writes, so it asks for the lock at once. Reads open no transaction.
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                f"PRAGMA journal_mode={journal}; PRAGMA synchronous={synchronous}; "
                "PRAGMA journal_size_limit=67108864; PRAGMA mmap_size=0"
            ),
        },
    }


def _postgresql(database: dict[str, Any], pool: int) -> dict[str, Any]:
    given = database.get("OPTIONS", {})
    limits = (
        "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s"
    )
    return {
        **database,
        # The pool keeps connections; Django must not keep them as well.
        "CONN_MAX_AGE": 0,
        # A connection of the pool that died with the server must not cost a request.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": "food-safety-inspections",
            **given,
            "options": f"{limits} {given.get('options', '')}".strip(),
            # Values go apart from the statement, so that the server plans each statement once.
            "server_side_binding": True,
            "prepare_threshold": 2,
            "pool": {"min_size": 1, "max_size": pool, "timeout": 10},
        },
    }
