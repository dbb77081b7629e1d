"""One consistent copy of the database while others write, and the way back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from backend.operations.backups.files import sync_file

SQLITE_FILE = "database.sqlite3"
POSTGRESQL_FILE = "database.dump"


class DatabaseTrouble(RuntimeError):
    """The database could not be copied or put back; the text says why."""


def dump(folder: Path) -> Path:
    """Copy the database into ``folder`` and return the file, checked to be readable."""
    if connection.vendor == "postgresql":
        return _dump_postgresql(folder / POSTGRESQL_FILE)
    return _dump_sqlite(folder / SQLITE_FILE)


def load(source: Path) -> None:
    """Fill the empty database from a file that ``dump`` made with the same engine."""
    engine = "postgresql" if source.name == POSTGRESQL_FILE else "sqlite"
    if engine != connection.vendor:
        raise DatabaseTrouble(f"the backup is of {engine}, the database here is not")
    if engine == "postgresql":
        options = ["--no-owner", "--exit-on-error", "--single-transaction"]
        _postgresql_tool("pg_restore", *options, f"--dbname={_postgresql_name()}", str(source))
    else:
        _load_sqlite(source)


def is_empty() -> bool:
    """Whether the database holds no table at all."""
    return not connection.introspection.table_names()


def _dump_sqlite(target: Path) -> Path:
    target.touch(mode=0o600)
    with closing(_sqlite(_sqlite_path())) as live, closing(_sqlite(target)) as copy:
        # All pages in one step: between steps every writer would make it begin again.
        live.backup(copy, pages=-1)
        # One file, whatever the journal of the live database is.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise DatabaseTrouble(f"the copy fails its integrity check: {found}")
    sync_file(target)
    return target


def _load_sqlite(source: Path) -> None:
    connection.close()
    target = _sqlite_path()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(_sqlite(source)) as saved, closing(_sqlite(target)) as live:
        saved.backup(live, pages=-1)
    target.chmod(0o600)
    sync_file(target)


def _sqlite_path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _sqlite(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=60)


def _dump_postgresql(target: Path) -> Path:
    target.touch(mode=0o600)
    options = ["--format=custom", "--no-owner", f"--file={target}"]
    _postgresql_tool("pg_dump", *options, f"--dbname={_postgresql_name()}")
    # A dump that was cut off has no readable table of contents.
    _postgresql_tool("pg_restore", "--list", str(target))
    sync_file(target)
    return target


def _postgresql_name() -> str:
    return str(connection.settings_dict["NAME"])


def _postgresql_tool(name: str, *arguments: str) -> None:
    """Run a client program; the password goes through its environment, never the command line."""
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"] or settings["OPTIONS"].get("host", ""),
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        **{
            f"PG{option.upper()}": str(settings["OPTIONS"].get(option, ""))
            for option in ("sslmode", "sslrootcert", "sslcert", "sslkey")
        },
    }
    environment = os.environ | {key: value for key, value in given.items() if value}
    program = shutil.which(name)
    if program is None:
        raise DatabaseTrouble(f"{name} is not installed (package postgresql-client)")
    result = subprocess.run(  # noqa: S603 - arguments come from the settings and the operator
        [program, *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if result.returncode:
        raise DatabaseTrouble(f"{name} failed: {result.stderr.strip()}")
