"""Replies, appeals and publication over HTTP; where the marks are shown"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.disputes import lifecycle
from tests.inspections.disputes.builders import RECEIVED, a_visit, appeal, on, reply
from tests.inspections.evidence.visits import api_as
from tests.inspections.visits import Visits, person

API = "/api/v1/"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with on(RECEIVED):
        yield


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def get(who: Person, route: str) -> Any:
    answer = api_as(who).get(API + route)
    assert answer.status_code == 200, answer.content
    return answer.json()


def post(who: Person, route: str, **body: Any) -> Any:
    return api_as(who).post(API + route, body, format="json")


def test_all_that_was_said_about_a_verdict_is_one_read(visits: Visits, department: Person) -> None:
    visit = a_visit(visits)
    finding, route = visit.findings.get(), f"inspections/{visit.pk}/"
    said = {"id": str(uuid.uuid4()), "text": "Lưới đang giặt.", "finding": str(finding.pk)}
    asked = {"id": str(uuid.uuid4()), "text": "Đề nghị xem lại."}

    replied = [post(visits.manager, f"{route}reply/", **said) for _ in range(2)]
    appealed = [post(visits.manager, f"{route}appeal/", **asked) for _ in range(2)]
    decided = post(department, f"appeals/{asked['id']}/decide/", outcome="upheld", reason="Đo nhầm")

    assert [answer.status_code for answer in (*replied, *appealed)] == [201, 200, 201, 200]
    assert replied[0].json() == replied[1].json()
    told = get(visits.inspector, f"{route}dispute/")
    assert told == {
        "disputed": True,
        "reply_until": "2026-12-07",
        "appeal_until": "2026-12-13",
        "replies": [replied[0].json()],
        "appeal": decided.json(),
        "publication": None,
    }
    assert {key: told["replies"][0][key] for key in said} == said
    assert told["replies"][0]["by"] == "mai.tt"
    assert (told["appeal"]["state"], told["appeal"]["decided_by"]) == ("upheld", "duc.nm")
    assert get(department, "appeals/?state=upheld&establishment=BOC-BO")["results"] == [
        decided.json()
    ]
    assert get(department, "appeals/?state=lodged")["results"] == []


def test_the_mark_and_the_reply_are_wherever_the_verdict_is(visits: Visits) -> None:
    visit = a_visit(visits)
    before = api_as(visits.manager).get(f"{API}inspections/{visit.pk}/")
    reply(visits, visit, finding=visit.findings.get().pk)
    appeal(visits, visit)

    [row] = get(visits.manager, "inspections/")["results"]
    whole = api_as(visits.manager).get(
        f"{API}inspections/{visit.pk}/", headers={"If-None-Match": before["ETag"]}
    )
    result = get(visits.manager, f"inspections/{visit.pk}/result/")
    [place] = get(visits.manager, "sync/bundle/")["establishments"]

    assert (row["disputed"], row["replied"]) == (True, True)
    assert (whole.status_code, whole.json()["disputed"]) == (200, True)
    [said] = whole.json()["replies"]
    assert said.pop("at").startswith("2026-11-22T09:00")
    assert said == {"text": "Hôm đó lưới đang được giặt.", "item": "G03", "stall": None}
    assert (result["disputed"], place["last"]["disputed"]) == (True, True)
    assert before.json()["disputed"] is False


def test_phones_hear_of_it(visits: Visits) -> None:
    visit = a_visit(visits)
    cursor = get(visits.manager, "sync/bundle/")["cursor"]

    appeal(visits, visit)

    changes = get(visits.manager, f"sync/changes/?cursor={cursor}")["changes"]
    told = {change["type"]: change.get("data") for change in changes}
    assert told["inspection"]["disputed"] is True
    assert told["establishment"]["last"]["disputed"] is True


@pytest.mark.parametrize(
    ("route", "body", "pointer"),
    [
        ("reply", {"text": " "}, "/text"),
        ("reply", {"text": "x" * 2001}, "/text"),
        ("reply", {"finding": "x"}, "/finding"),
        ("reply", {"verdict": "pass"}, "/verdict"),
        ("appeal", {"finding": str(uuid.uuid4())}, "/finding"),
        ("appeal", {"id": 7}, "/id"),
    ],
    ids=["blank", "too long", "no id", "unknown", "an appeal to a finding", "id"],
)
def test_what_is_malformed_is_refused_by_pointer(
    visits: Visits, route: str, body: dict[str, Any], pointer: str
) -> None:
    sent = {"id": str(uuid.uuid4()), "text": "Lưới đang giặt.", **body}
    refused = post(visits.manager, f"inspections/{a_visit(visits).pk}/{route}/", **sent)

    assert refused.status_code == 400
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_manager_hears_of_no_appeal_of_another_place(visits: Visits) -> None:
    appeal(visits, a_visit(visits))

    assert len(get(visits.manager, "appeals/")["results"]) == 1
    assert get(person("stranger", Role.MANAGER), "appeals/")["results"] == []


def test_lists_cost_the_same_whatever_was_said(visits: Visits) -> None:
    def queries() -> list[int]:
        counts = []
        for route in ("appeals/", "inspections/"):
            with CaptureQueriesContext(connection) as captured:
                get(visits.inspector, route)
            counts.append(len(captured))
        return counts

    appeal(visits, a_visit(visits))
    one = queries()
    for _ in range(3):
        visit = a_visit(visits)
        reply(visits, visit)
        appeal(visits, visit)

    assert queries() == one == [1, 1]


def test_publishing_says_until_when_it_has_to_wait(visits: Visits, department: Person) -> None:
    visit = a_visit(visits)
    type(visit).objects.filter(pk=visit.pk).update(status="issued")

    early = post(department, f"inspections/{visit.pk}/publish/")
    until = lifecycle.clocks(visit).reply_until

    assert (early.status_code, early.json()["code"]) == (409, "time_for_reply")
    assert early.json()["until"] == until.isoformat()
