"""GET audit/ and GET audit/verify/"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Role
from backend.audit import chain, trail
from backend.audit.models import AuditEntry, AuditHead
from tests.backend.accounts.people import a_person, get, sign_in
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


class Actor:
    username = "lan.ht"


@pytest.fixture
def officer() -> str:
    """The access token of an officer; the trail then holds the two entries of getting there."""
    with time_machine.travel(START - timedelta(minutes=5), tick=False):
        a_person("so.ct", Role.DEPARTMENT)
        access: str = sign_in("so.ct").json()["access"]
        return access


def record(count: int, action: str = "inspection.submitted") -> None:
    for number in range(1, count + 1):
        with (
            time_machine.travel(START + timedelta(minutes=number), tick=False),
            transaction.atomic(),
        ):
            trail.record(action, f"inspection:{number}", actor=Actor(), data={"n": number})


def audit(access: str, **query: str) -> Any:
    with time_machine.travel(START, tick=False):
        return get("audit/", access, **query)


def subjects(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [entry["subject"] for entry in answer.json()["results"]]


def test_newest_first_with_all_that_the_digest_covers(officer: str) -> None:
    record(2)

    newest = audit(officer).json()["results"][0]

    stored = AuditEntry.objects.get(sequence=4)
    assert newest == {
        "sequence": 4,
        "at": "2026-11-22T13:02:00+07:00",
        "actor": "lan.ht",
        "action": "inspection.submitted",
        "subject": "inspection:2",
        "data": {"n": 2},
        "request_id": "",
        "previous_sha256": stored.previous_sha256,
        "sha256": stored.sha256,
    }


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER])
@pytest.mark.parametrize("route", ["audit/", "audit/verify/"])
def test_is_for_the_department_only(role: Role, route: str) -> None:
    a_person("lan.ht", role)

    refused = get(route, sign_in().json()["access"])
    nobody = get(route)

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"subject": "inspection:2"}, ["inspection:2"]),
        ({"action": "inspection.submitted"}, [f"inspection:{n}" for n in (4, 3, 2, 1)]),
        ({"actor": "lan.ht", "action": "person.created"}, []),
        ({"after": "2026-11-22T06:03:00Z"}, ["inspection:4", "inspection:3"]),
        ({"after": "2026-11-22T13:03:00+07:00"}, ["inspection:4", "inspection:3"]),
        ({"after": "2026-11-22T13:03:00 07:00"}, ["inspection:4", "inspection:3"]),
        ({"actor": "lan.ht", "before": "2026-11-22T06:02:00Z"}, ["inspection:1"]),
        ({"subject": "inspection:2", "ordering": "sequence"}, ["inspection:2"]),
    ],
)
def test_filters(officer: str, query: dict[str, str], expected: list[str]) -> None:
    record(4)

    assert subjects(audit(officer, **query)) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"after": "9999-12-31T23:59:59-14:00"},
        {"before": "0001-01-01T00:00:00+14:00"},
        {"after": "2026-11-22T06:03:00"},
        {"after": "2026-11-22"},
        {"after": "2026-02-30T00:00:00Z"},
        {"after": "２０２６-11-22T06:03:00Z"},
        {"after": "yesterday"},
        {"actor": "x" * 151},
        {"actor": "a\0b"},
        {"subject": "inspection:\u202e1"},
        {"actors": "lan.ht"},
        {"ordering": "actor"},
        {"page_size": "201"},
        {"cursor": "forged"},
    ],
    ids=str,
)
def test_a_query_of_another_shape_is_malformed(officer: str, query: dict[str, str]) -> None:
    answer = audit(officer, **query)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_pages_there_and_back_show_each_entry_once(officer: str) -> None:
    record(7)
    pages, address = [], "/api/v1/audit/?page_size=4"
    while address:
        with time_machine.travel(START, tick=False):
            page = get(address.partition("/api/v1/")[2], officer).json()
        pages.append([entry["sequence"] for entry in page["results"]])
        address, last = page["next"], page

    with time_machine.travel(START, tick=False):
        back = get(last["previous"].partition("/api/v1/")[2], officer).json()

    assert pages == [[9, 8, 7, 6], [5, 4, 3, 2], [1]]
    assert [entry["sequence"] for entry in back["results"]] == [5, 4, 3, 2]
    assert back["next"]
    assert back["previous"]


def test_costs_the_same_for_one_and_for_many(officer: str) -> None:
    audit(officer)
    counts = []
    for more in (0, 60):
        record(more)
        with CaptureQueriesContext(connection) as captured:
            audit(officer)
        counts.append(len(captured))

    assert counts == [1, 1]


def test_the_department_sees_that_the_trail_is_whole(officer: str) -> None:
    record(3)

    with time_machine.travel(START, tick=False):
        answer = get("audit/verify/", officer)

    assert answer.json() == {
        "whole": True,
        "entries": 5,
        "head_sha256": AuditHead.objects.get().sha256,
        "broken_at": None,
        "reason": "",
    }


def test_one_verification_runs_at_a_time(officer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second: list[Any] = []

    def verify() -> chain.Verdict:
        second.append(get("audit/verify/", officer))
        return whole

    whole = chain.verify()
    with time_machine.travel(START, tick=False):
        monkeypatch.setattr(chain, "verify", verify)
        first = get("audit/verify/", officer)
        monkeypatch.undo()
        third = get("audit/verify/", officer)

    assert [answer.status_code for answer in (first, *second, third)] == [200, 503, 200]
    assert second[0].json()["code"] == "unavailable"
    assert int(second[0]["Retry-After"]) > 0


def test_and_where_it_is_not(officer: str) -> None:
    record(3)
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET actor = 'mai.tt' WHERE sequence = 4")

    with time_machine.travel(START, tick=False):
        verdict = get("audit/verify/", officer).json()

    assert (verdict["whole"], verdict["entries"], verdict["broken_at"]) == (False, 3, 4)
    assert verdict["reason"] == "the content was changed"
