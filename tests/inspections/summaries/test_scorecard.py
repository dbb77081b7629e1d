"""GET establishments/{code}/scorecard/: P1 to P7 of docs/rules/scorecard.md, by hand"""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Role
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup.queries import with_status
from inspections.records.models import Record
from inspections.summaries.scorecard import SHOWN
from markets.lifecycle.stalls import NewStall, enter_stalls
from tests.inspections.disputes import builders as disputes
from tests.inspections.evidence.visits import api_as
from tests.inspections.summaries.places import (
    ROUTE,
    answered,
    card,
    five_items,
    visited,
    with_this,
)
from tests.inspections.visits import Visits, person

FIRST, SECOND, TODAY = "2026-09-01", "2026-11-20", "2026-11-22"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(f"{TODAY}T02:00:00Z"):
        yield


@pytest.fixture
def market(visits: Visits) -> Visits:
    return with_this(visits, five_items())


def two_visits(market: Visits) -> tuple[Inspection, Inspection]:
    """E3 in September; in November E3 again, E4, and T1 at both stalls."""
    first = visited(market, FIRST, "E3")
    at = {stall["id"]: ["T1"] for stall in market.stalls}
    return first, visited(market, SECOND, "E3", "E4", at=at)


def test_two_visits_by_hand(market: Visits) -> None:
    first, second = two_visits(market)
    stall_2, stall_3 = (stall["id"] for stall in market.stalls)
    rows = {(row.item, str(row.stall_id or "")): row for row in second.findings.all()}
    record = Record.objects.get(inspection=second)

    found = card(market)

    assert found["establishment"] == {"code": "BOC-BO", "name": "Chợ Bộc Bố", "kind": "market"}
    assert found["as_of"] == TODAY
    assert found["last"] == {
        "inspection": str(second.pk),
        "checklist": "TEST@1",
        "kind": "planned",
        "on": SECOND,
        "age_days": 2,
        "stale": False,
        "trial": True,
        "verdict": "fail",
        "score": "45.45",  # 5 of 11 points: E1 and E2
        "disputed": False,
        "replied": False,
        "level_a": {"passed": 1, "applicable": 2, "rate": "50.00"},
        "level_b": {"passed": 1, "applicable": 3, "rate": "33.33"},
        "compliance_level": None,
        "record": {
            "number": record.number,
            "year": 2026,
            "status": "provisional",
            "has_file": False,
            "verify_url": found["last"]["record"]["verify_url"],
        },
    }
    assert found["last"]["record"]["verify_url"].endswith(f"/verify/{record.token}/")
    assert found["sections"] == [
        {
            "code": "P", "title": {"vi": "Phần P", "en": "Part P"},
            "passed": 2, "applicable": 4, "before": {"passed": 3, "applicable": 4},
        },
        {
            "code": "S", "title": {"vi": "Phần S", "en": "Part S"},
            "passed": 0, "applicable": 1, "before": {"passed": 1, "applicable": 1},
        },
    ]  # fmt: skip
    assert [(row["on"], row["verdict"], row["score"]) for row in found["trend"]] == [
        (FIRST, "pass", "81.82"),  # 9 of 11 points, 2 of 3 of level B
        (SECOND, "fail", "45.45"),
    ]
    assert found["trend"][0]["inspection"] == str(first.pk)
    assert found["trend"][1]["number"] == record.number

    open_now = found["findings"]
    assert {key: value for key, value in open_now.items() if key != "first"} == {
        "open": 4, "answered": 0, "excepted": 0, "overdue": 0, "repeated": 1, "more": 0,
    }  # fmt: skip
    due = [(row["item"], row["due_on"], row["repeated"]) for row in open_now["first"]]
    assert due == [
        ("T1", "2026-11-23", False),
        ("T1", "2026-11-23", False),
        ("E3", "2026-12-05", True),
        ("E4", "2026-12-20", False),
    ]
    assert {row["stall"] for row in open_now["first"][:2]} == {"02", "03"}
    assert open_now["first"][2]["stall"] is None

    # One of three of level B is less than 40 %, and two are more than 60 %.
    to_complete, to_pass = found["fixes"]["to_complete"], found["fixes"]["pass"]
    assert [(to_complete[key], to_pass[key]) for key in ("count", "open")] == [(3, 3), (3, 3)]
    wanted = [rows["E3", ""], rows["T1", stall_2], rows["T1", stall_3]]
    assert [fix["finding"] for fix in to_pass["first"]] == [str(row.pk) for row in wanted]
    assert found["projected"]["assumed"] == 0
    assert found["projected"]["verdict"] == "fail"
    assert found["items"]["E3"] == {"vi": "Tiêu chí E3", "en": "Item E3"}
    assert found["items"].keys() == {"E3", "E4", "T1"}


def test_the_projected_verdict_takes_what_is_answered_as_put_right(market: Visits) -> None:
    _, second = two_visits(market)
    stalls = [stall["id"] for stall in market.stalls]
    steps = [
        (("T1", stalls[0]), "fail", "45.45", 1),  # the other stall still fails T1
        (("T1", stalls[1]), "fail", "72.73", 2),  # 8 of 11; A is whole, B stays at 1 of 3
        (("E4", None), "pass", "81.82", 3),  # 9 of 11; 2 of 3 of level B is more than 60 %
        (("E3", None), "pass", "100.00", 4),
    ]

    for (item, stall), verdict, score, assumed in steps:
        answered(market, second, item, stall)
        projected = card(market)["projected"]
        assert (projected["verdict"], projected["score"]) == (verdict, score)
        assert projected["assumed"] == assumed

    after = card(market)
    assert (after["last"]["verdict"], after["findings"]["answered"]) == ("fail", 4)
    assert [after["fixes"]["pass"][key] for key in ("count", "open")] == [3, 0]


def test_what_was_corrected_on_the_spot_is_no_answer(market: Visits) -> None:
    document = market.document(fails=["E3"], started_at=f"{SECOND}T06:40:00+07:00")
    document["answers"]["E3"]["corrected_on_site"] = True
    market.send(document)

    found = card(market)

    assert found["findings"]["first"][0]["corrected_on_site"]
    assert (found["projected"]["assumed"], found["projected"]["score"]) == (0, "81.82")


def test_a_place_that_nobody_has_visited_has_an_empty_card(market: Visits) -> None:
    assert card(market) == {
        "establishment": {"code": "BOC-BO", "name": "Chợ Bộc Bố", "kind": "market"},
        "as_of": TODAY,
        "last": None,
    }


def test_no_disputed_verdict_is_shown_without_its_mark(market: Visits) -> None:
    _, second = two_visits(market)
    disputes.appeal(market, second)
    disputes.reply(market, second)

    found = card(market)

    assert (found["last"]["disputed"], found["last"]["replied"]) == (True, True)
    assert [row["disputed"] for row in found["trend"]] == [False, True]


def test_self_checks_drafts_and_what_no_longer_stands_never_count(market: Visits) -> None:
    first = visited(market, FIRST, "E3")
    voided = visited(market, "2026-10-01", "E1")
    fieldwork.void(voided, reason="Ghi nhầm cơ sở", by=market.inspector)
    wrong = visited(market, "2026-10-02", "E1", "E2")
    right = visited(market, "2026-10-02", "E4", supersedes=str(wrong.pk), reason="Ghi sai")
    check = market.document(
        kind="self_check", fails=["E1"], grounds=None, signatures=[],
        started_at="2026-11-01T06:40:00+07:00", ended_at="2026-11-01T08:00:00+07:00",
        team=[{"role": "head", "username": market.manager.username}],
    )  # fmt: skip
    market.send(check, market.manager)
    draft = market.document(started_at="2026-11-02T06:40:00+07:00")
    route = f"/api/v1/inspections/{draft['id']}/"
    assert api_as(market.inspector).put(route, draft, format="json").status_code == 201

    found = card(market)

    assert [row["inspection"] for row in found["trend"]] == [str(first.pk), str(right.pk)]
    assert found["last"]["inspection"] == str(right.pk)
    assert [row["item"] for row in found["findings"]["first"]] == ["E4"]


def test_a_score_is_stale_after_a_year(market: Visits) -> None:
    visited(market, "2025-11-22")
    assert (card(market)["last"]["age_days"], card(market)["last"]["stale"]) == (365, False)

    with time_machine.travel("2026-11-23T02:00:00Z"):
        assert card(market)["last"]["stale"] is True


def test_no_clock_keeps_a_visit_the_last_one(market: Visits) -> None:
    with time_machine.travel("2026-10-01T05:00:00Z"):
        market.submit(started_at="2030-01-01T06:40:00+07:00", ended_at="2030-01-01T08:00:00+07:00")
    newer = visited(market, SECOND, "E3")

    assert card(market)["last"]["inspection"] == str(newer.pk)


def test_what_an_older_visit_left_open_at_a_stall_is_still_there(market: Visits) -> None:
    stall = market.stalls[0]["id"]
    old = visited(market, FIRST, "E2", at={stall: ["T1"]})
    visited(market, SECOND, stalls=market.stalls[1:])

    [left] = card(market)["findings"]["first"]

    assert left["id"] == str(old.findings.get(item="T1").pk)
    assert (left["overdue"], left["due_on"]) == (True, "2026-09-04")
    assert card(market)["findings"]["overdue"] == 1


def test_another_version_is_compared_by_its_sections(visits: Visits) -> None:
    visited(with_this(visits, five_items()), FIRST, "E3")
    again = five_items(2)
    again["sections"][0]["code"] = "N"
    market = with_this(visits, again)
    visited(market, SECOND, "E3", "E4")

    found = card(market)

    assert found["last"]["checklist"] == "TEST@2"
    assert len(found["trend"]) == 2
    assert [(row["code"], row["before"]) for row in found["sections"]] == [
        ("N", None),
        ("S", {"passed": 1, "applicable": 1}),
    ]


def test_an_answer_that_is_at_hand_is_not_sent_again(market: Visits) -> None:
    two_visits(market)
    api = api_as(market.manager)
    tag = api.get(ROUTE)["ETag"]

    same = api.get(ROUTE, headers={"If-None-Match": f"W/{tag}"})
    answered(market, Inspection.objects.get(started_at__date=SECOND), "E4")
    other = api.get(ROUTE, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
    assert other.status_code == 200
    assert other["ETag"] != tag


def test_a_manager_of_another_place_learns_nothing(market: Visits) -> None:
    two_visits(market)
    stranger = person("ha.nt", Role.MANAGER)

    foreign, absent = (
        api_as(stranger).get(route) for route in (ROUTE, ROUTE.replace("BOC-BO", "KHONG-CO"))
    )

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert shown(foreign) == shown(absent)
    assert card(market, person("duc.nm", Role.DEPARTMENT)) == card(market)
    assert card(market, market.inspector) == card(market)


def shown(answer: Any) -> Any:
    return {key: value for key, value in answer.json().items() if key != "request_id"}


def copies(visit: Inspection, count: int) -> None:
    """Older visits like this one, without their findings."""
    columns = {
        field.attname: getattr(visit, field.attname)
        for field in Inspection._meta.concrete_fields
        if not field.primary_key
    }
    rows = [Inspection(**columns) for _ in range(count)]
    Inspection.objects.bulk_create(rows)


def test_takes_as_many_statements_for_a_thousand_visits_as_for_one(market: Visits) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            card(market)
        return len(statements)

    visit = visited(market, FIRST, "E3")
    card(market)  # what a checklist asks is read once per process
    one = cost()
    copies(visit, 999)
    at = {stall["id"]: ["T1"] for stall in market.stalls}
    visited(market, SECOND, "E2", "E3", "E4", at=at)

    # Of one visit there is none before it to compare its sections with.
    assert cost() == one + 1 <= 7
    assert len(card(market)["trend"]) == 24


def test_the_answer_stays_small_where_everything_fails_everywhere(visits: Visits) -> None:
    stalls = enter_stalls(
        visits.market.pk,
        [NewStall(number=f"{n:03}", commodity="seafood", id=uuid.uuid4()) for n in range(120)],
        at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    rows = [{"id": str(row.pk), "commodity": "seafood"} for row in stalls]
    codes = [item.code for item in visits.checklist.stall_items("seafood")]
    everything = [item.code for item in visits.checklist.establishment_items]
    copies(visited(visits, FIRST), 24)
    visited(visits, SECOND, *everything, stalls=rows, at={row["id"]: codes for row in rows})

    answer = api_as(visits.manager).get(ROUTE, headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= 8 * 1024
    plain = card(visits)
    assert plain["findings"]["open"] > 120 * len(codes)
    assert len(plain["findings"]["first"]) == len(plain["fixes"]["pass"]["first"]) == SHOWN


@pytest.mark.parametrize("seed", range(4))
def test_lists_exactly_what_the_rules_of_findings_leave_open(market: Visits, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same each time)
    days = [f"2026-{chance.randint(8, 10):02}-{chance.randint(1, 28):02}" for _ in range(10)]
    made: list[Inspection] = []
    for arrival, day in enumerate(days):
        fails = chance.sample(["E1", "E2", "E3", "E4"], chance.randint(0, 2))
        at = {stall["id"]: ["T1"] for stall in market.stalls if chance.random() < 0.4}
        with time_machine.travel(f"2026-11-{arrival + 1:02}T05:00:00Z"):
            made.append(
                market.submit(
                    started_at=f"{day}T06:40:00+07:00",
                    ended_at=f"{day}T08:00:00+07:00",
                    location=None,
                    fails=fails,
                    stall_fails=at,
                )
            )
    fieldwork.void(chance.choice(made), reason="Ghi nhầm cơ sở", by=market.inspector)

    found = card(market)["findings"]["first"]

    rows: Any = with_status(Finding.objects.all(), date.fromisoformat(TODAY))
    assert [row["id"] for row in found] == [
        str(row.pk) for row in rows.order_by("due_on", "pk") if row.status != "closed"
    ]
    assert found
