"""Keyset pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.accounts.models import User

pytestmark = [pytest.mark.urls("tests.backend.common.routes"), pytest.mark.django_db]


def people(count: int) -> None:
    """``p000`` and so on; each name is shared by three, each moment by two."""
    start = datetime(2026, 11, 22, 6, 40, 0, 123456, tzinfo=UTC)
    User.objects.bulk_create(
        User(
            username=f"p{number:03}",
            full_name=f"Tên {number // 3:03}",
            role="inspector",
            created_at=start + timedelta(microseconds=number // 2),
        )
        for number in range(count)
    )


def page(address: str) -> Any:
    answer = APIClient().get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def names(found: Any) -> list[str]:
    return [row["username"] for row in found["results"]]


def walk(address: str | None, direction: str) -> list[list[str]]:
    pages = []
    while address:
        found = page(address)
        pages.append(names(found))
        address = found[direction]
    return pages


@pytest.mark.parametrize("ordering", ["username", "full_name", "-created_at"])
@pytest.mark.parametrize("size", [1, 3, 4, 10, 11])
def test_every_row_is_shown_once_there_and_back(ordering: str, size: int) -> None:
    people(10)
    address: str | None = f"/people/?ordering={ordering}&page_size={size}"
    expected = names(page(f"/people/?ordering={ordering}"))

    there = walk(address, "next")
    while address:
        last, address = address, page(address)["next"]
    back = walk(last, "previous")

    assert [name for found in there for name in found] == expected
    assert back == there[::-1]
    assert sorted(expected) == [f"p{number:03}" for number in range(10)]


def test_the_first_page_has_no_previous_and_the_last_no_next() -> None:
    people(4)
    first = page("/people/?page_size=2")
    second = page(first["next"])

    assert (first["previous"], second["next"]) == (None, None)
    assert names(page(second["previous"])) == ["p000", "p001"]
    assert page(second["previous"])["previous"] is None


def test_a_row_that_comes_in_between_shifts_nothing() -> None:
    people(4)
    first = page("/people/?page_size=2")
    User.objects.create(username="a000", full_name="A", role="inspector")
    User.objects.filter(username="p001").delete()

    assert names(page(first["next"])) == ["p002", "p003"]


def test_an_empty_list() -> None:
    assert page("/people/") == {"results": [], "next": None, "previous": None}


def test_fifty_by_default_and_two_hundred_at_most() -> None:
    people(201)

    assert len(page("/people/")["results"]) == 50
    assert len(page("/people/?page_size=200")["results"]) == 200


def test_costs_one_query_wherever_it_lies() -> None:
    people(60)
    second = page("/people/?page_size=20")["next"]

    for address in ("/people/?page_size=1", "/people/?page_size=50", second):
        with CaptureQueriesContext(connection) as captured:
            page(address)
        assert len(captured) == 1


@pytest.mark.parametrize("size", ["0", "-1", "201", "1000000000", "1.5", "x", "", "٣", "1e1"])
def test_another_page_size_is_refused(size: str) -> None:
    answer = APIClient().get("/people/", {"page_size": size})

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("ordering", ["password", "-username", "id", "", "username,full_name"])
def test_an_ordering_that_is_not_offered_is_refused(ordering: str) -> None:
    answer = APIClient().get("/people/", {"ordering": ordering})

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


class TestCursors:
    def cursor(self) -> str:
        people(4)
        address: str = page("/people/?page_size=2")["next"]
        return address.partition("cursor=")[2].partition("&")[0].replace("%3A", ":")

    def refused(self, address: str, **query: str) -> None:
        answer = APIClient().get(address, query)

        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")

    @pytest.mark.parametrize("text", ["", "x", "a:b:c", "ơ", ".x:y:z", "9" * 5_000])
    def test_forged(self, text: str) -> None:
        self.refused("/people/", cursor=text)

    def test_cut(self) -> None:
        self.refused("/people/", cursor=self.cursor()[:-1])

    def test_of_another_ordering(self) -> None:
        self.refused("/people/", cursor=self.cursor(), ordering="full_name")

    def test_of_another_list(self) -> None:
        cursor = self.cursor()

        self.refused("/others/", cursor=cursor)
        assert APIClient().get("/people/", {"cursor": cursor}).status_code == 200
