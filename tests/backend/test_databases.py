"""How databases are opened: which journal is safe, what reaches the driver."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

from backend import databases
from backend.common.problems import problem_handler


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 34, 1), "TRUNCATE"),
        ((3, 40, 1), "TRUNCATE"),  # Debian 12
        ((3, 44, 5), "TRUNCATE"),
        ((3, 44, 6), "WAL"),
        ((3, 44, 9), "WAL"),
        ((3, 45, 0), "TRUNCATE"),
        ((3, 50, 6), "TRUNCATE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 0), "TRUNCATE"),
        ((3, 51, 2), "TRUNCATE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "TRUNCATE"),  # withdrawn
        ((3, 53, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_wal_only_where_its_bug_is_mended(version: tuple[int, ...], journal: str) -> None:
    assert databases.journal_mode(version) == journal


def test_a_power_cut_may_take_rows_below_full() -> None:
    lossy = [name for name in databases.SYNCHRONOUS if databases.is_lossy(name)]
    assert lossy == ["OFF", "NORMAL"]


def test_sqlite_writes_ask_for_the_lock_at_once(tmp_path: Path) -> None:
    found = databases.configuration(None, data_dir=tmp_path)
    assert found["NAME"] == tmp_path / "database.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["OPTIONS"]["timeout"] == 20
    assert "PRAGMA synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_the_pool_is_added_to_the_options_of_the_address(tmp_path: Path) -> None:
    found = databases.configuration(
        "postgresql://u:p%40ss@db.example:5433/checks?sslmode=require&options=-c%20work_mem%3D8MB",
        data_dir=tmp_path,
        pool=7,
    )
    options = found["OPTIONS"]
    assert (found["PASSWORD"], found["PORT"]) == ("p@ss", 5433)
    assert options["sslmode"] == "require"
    assert options["pool"]["max_size"] == 7
    assert options["options"].endswith("-c work_mem=8MB")
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert limit in options["options"]
    assert found["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize("url", ["mysql://h/db", "sqlite://", "sqlite://:memory:", "nonsense", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(only|a database in memory|Scheme)"):
        databases.parse(url)


def test_who_gets_no_connection_in_time_is_asked_to_come_back(
    tmp_path: Path, django_db_blocker: Any
) -> None:
    database = databases.configuration("postgresql://nobody@127.0.0.1:1/none", data_dir=tmp_path)
    database["OPTIONS"]["pool"]["timeout"] = 0.2
    # Pools go by alias: that of the tests has one.
    connection = ConnectionHandler({"default": {}, "nowhere": database})["nowhere"]
    assert isinstance(connection, DatabaseWrapper)
    try:
        # Not the database of the tests: one that is not there.
        with django_db_blocker.unblock(), pytest.raises(OperationalError) as refused:
            connection.ensure_connection()
    finally:
        connection.close_pool()

    answer = problem_handler(refused.value, {})
    assert answer is not None
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
