"""The queue of writers in front of SQLite."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from backend import databases
from backend.sqlite.turns import Turns


@pytest.fixture
def handler(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ConnectionHandler]:
    """Connections, one per thread, to a database with one empty table."""
    configured = databases.configuration(None, data_dir=tmp_path)
    configured["OPTIONS"]["timeout"] = 2
    connections = ConnectionHandler({"default": configured})
    with django_db_blocker.unblock():
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE note (writer TEXT UNIQUE)")
        yield connections
        connections["default"].close()


def write(connection: Any, writer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (%s)", [writer])


def begin(connection: Any) -> None:
    """As ``transaction.atomic`` does."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), []
    assert turns.take(1)

    def wait(number: int) -> None:
        assert turns.take(10)
        order.append(number)
        turns.pass_on()

    with ThreadPoolExecutor(20) as pool:
        for number in range(20):
            pool.submit(wait, number)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
        turns.pass_on()
    assert order == list(range(20))
    assert turns.take(0)


def test_who_gives_up_waiting_stands_in_nobody_s_way() -> None:
    turns = Turns()
    assert turns.take(1)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(turns.take, 0.05).result() is False
    turns.pass_on()
    assert turns.take(0)


def test_many_writers_all_get_through(handler: ConnectionHandler) -> None:
    def one(writer: int) -> None:
        connection = handler["default"]
        for number in range(10):
            begin(connection)
            write(connection, f"{writer}-{number}")
            connection.commit()
            connection.set_autocommit(True)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    with handler["default"].cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM note")
        assert cursor.fetchone() == (80,)


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_every_end_of_a_transaction_passes_the_turn_on(
    handler: ConnectionHandler, end: str
) -> None:
    connection = handler["default"]
    begin(connection)
    write(connection, "first")

    def second() -> bool:
        other = handler["default"]
        begin(other)
        write(other, "second")
        other.commit()
        other.close()
        return True

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        time.sleep(0.1)
        assert not waiting.done()
        getattr(connection, end)()
        assert waiting.result(5)


def test_a_turn_that_does_not_come_is_a_locked_database(handler: ConnectionHandler) -> None:
    connection = handler["default"]
    begin(connection)

    def second() -> None:
        other = handler["default"]
        try:
            begin(other)
        finally:
            other.close()

    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(OperationalError, match="database is locked"),
    ):
        pool.submit(second).result(10)
    connection.rollback()


def test_a_lock_of_another_process_does_not_keep_the_turn(
    handler: ConnectionHandler, tmp_path: Path
) -> None:
    foreign = sqlite3.connect(tmp_path / "database.sqlite3", isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    connection = handler["default"]
    with pytest.raises(OperationalError):
        begin(connection)
    foreign.close()
    connection.set_autocommit(True)
    begin(connection)
    write(connection, "after")
    connection.commit()
