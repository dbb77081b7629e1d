"""The product as a process of its own, on the database of this run, and who talks to it."""

import functools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from inspections.checklists import definition
from inspections.checklists.lifecycle import read
from inspections.demo.document import document
from inspections.demo.own_server import OwnServer, running
from inspections.demo.phone import Answer, Phone
from markets.seed.demo import stall_id
from tests.inspections.evidence.pictures import digest, picture

PASSWORD = "cho-an-toan-2026"
LIBRARY = Path(__file__).parents[1] / "inspections" / "checklists" / "library"
MARKET = "BOC-BO"
# Numbers of sample stalls of the market with what they sell, one of each kind.
STALLS = {"01": "animal_products", "04": "seafood", "06": "produce"}

T = TypeVar("T")


class Live:
    """A running server and the signed-in people of the demo data."""

    def __init__(self, server: OwnServer) -> None:
        self.server = server
        self._people: dict[str, Phone] = {}

    def person(self, username: str) -> Phone:
        """A device of this person, with a connection of its own."""
        if username not in self._people:
            self._people[username] = Phone(self.server.port).sign_in(username, PASSWORD)
        return self._people[username].another()

    def forget_people(self) -> None:
        """After a restart under another port or key, or when tokens have run out."""
        self._people.clear()


@contextmanager
def live_server(folder: Path, **settings: str) -> Iterator[Live]:
    """On a new database of the server that this run uses, or on an SQLite file in ``folder``."""
    server_url = os.environ.get("TEST_DATABASE_URL", "")
    database = new_database(server_url) if server_url else nullcontext("")
    with database as url, on_database(folder, url, **settings) as live:
        yield live


@contextmanager
def on_database(folder: Path, url: str, **settings: str) -> Iterator[Live]:
    with running(folder, {"DATABASE_URL": url, **settings}) as server:
        yield Live(server)


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """The address of an empty database that is dropped with the block."""
    import psycopg

    name = f"live_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@functools.cache
def checklist(name: str = "market_food_safety") -> definition.Checklist:
    return definition.parse(read((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")))


def stall(number: str) -> str:
    """The id of a sample stall of the market."""
    return str(stall_id(MARKET, number))


@functools.cache
def photo(seed: int = 0) -> bytes:
    """A small picture; each seed below 10,000 gives other bytes."""
    return picture("PNG", seed=seed)


def visit(*photos: bytes, inspector: str = "inspector", **changes: Any) -> dict[str, Any]:
    """A new inspection of the market with three stalls; ``photos`` go round among its items."""
    digests = [digest(each) for each in photos or (photo(),)]
    asked: list[str] = []

    def next_photo(item: str) -> str:
        asked.append(item)
        return digests[len(asked) % len(digests)]

    stalls = [{"id": stall(number), "commodity": commodity} for number, commodity in STALLS.items()]
    return document(
        str(uuid4()),
        checklist(),
        establishment=MARKET,
        inspector=inspector,
        stalls=stalls,
        photo=next_photo,
        **changes,
    )


def at_once(count: int, action: Callable[[int], T]) -> list[T]:
    """The results of ``action(0)`` to ``action(count - 1)``, begun at the same moment."""
    barrier = Barrier(count)

    def begin(number: int) -> T:
        barrier.wait(30)
        return action(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def statuses(answers: list[Answer]) -> dict[int, int]:
    """How often each status was answered."""
    found = [answer.status for answer in answers]
    return {status: found.count(status) for status in sorted(set(found))}
