"""followup.proposals: follow-ups that stand there by themselves when a due date has passed (W2)."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.fieldwork import lifecycle as fieldwork
from inspections.followup import verification
from inspections.planning.models import Assignment
from inspections.planning.proposals import proposal, to_follow_up
from tests.inspections.evidence.visits import api_as
from tests.inspections.followup.builders import answer, asked
from tests.inspections.visits import Visits, person

VISITED = "2026-11-22T02:00:00Z"
# B03 is critical: due on 25 November. J05 is major: on 7 December. B05 is minor: on 22 December.
# Ten working days after 25 November: 26, 27, 30, 1 to 4, 7, 8 and 9 December.
ELSEWHERE: dict[str, Any] = {"establishment": "PHU-THONG", "stalls": []}
AFTER_CRITICAL, TENTH = date(2026, 11, 26), date(2026, 12, 9)


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def submit(visits: Visits, *fails: str, **changes: Any) -> Any:
    with time_machine.travel(VISITED):
        return visits.submit(fails=list(fails), **changes)


def proposed(on: date) -> dict[Any, tuple[date, list[str]]]:
    """By visit: the day, and what is asked again."""
    return {
        visit.pk: (proposal(visit, on).due_on, [row.item for row in visit.asked_again])  # type: ignore[attr-defined]
        for visit in to_follow_up(on)
    }


def without_market_days(visits: Visits) -> None:
    type(visits.market).objects.update(market_day_anchor=None, market_day_cycle_days=None)


def test_a_follow_up_is_proposed_when_something_critical_is_overdue(visits: Visits) -> None:
    without_market_days(visits)
    visit = submit(visits, "B03", "B05")

    assert proposed(date(2026, 11, 25)) == {}
    assert proposed(AFTER_CRITICAL) == {visit.pk: (TENTH, ["B03", "B05"])}


def test_what_is_minor_calls_for_no_visit(visits: Visits) -> None:
    submit(visits, "B05")

    assert proposed(date(2027, 6, 1)) == {}


def test_a_proposal_is_for_a_market_day_and_never_for_the_past(visits: Visits) -> None:
    # Days of the market: 26 November, 1, 6, 11, 16, 21 December. So B03 is due on 26 November;
    # ten working days after it: 27, 30, 1 to 4, 7 to 10 December.
    market = type(visits.market).objects.filter(pk=visits.market.pk)
    market.update(market_day_anchor=date(2026, 12, 1), market_day_cycle_days=5)
    visit = submit(visits, "B03")

    assert proposed(AFTER_CRITICAL) == {}
    assert proposed(date(2026, 11, 27))[visit.pk][0] == date(2026, 12, 11)
    assert proposed(date(2026, 12, 17))[visit.pk][0] == date(2026, 12, 21)


def test_a_proposal_goes_when_it_is_answered_and_comes_back_when_that_is_refused(
    visits: Visits,
) -> None:
    visit = submit(visits, "B03")
    answer(visits, visit.findings.get())
    assert proposed(AFTER_CRITICAL) == {}

    verification.refuse(visit.findings.get().pk, by=visits.inspector, reason="Chưa đạt")

    assert list(proposed(AFTER_CRITICAL)) == [visit.pk]


def test_what_may_stand_for_a_time_calls_for_no_visit_until_then(
    visits: Visits, department: Person
) -> None:
    visit = submit(visits, "B03")
    with time_machine.travel(VISITED):
        verification.except_until(
            visit.findings.get().pk, until=date(2026, 12, 31), reason="Chờ vốn", by=department
        )

    assert proposed(date(2026, 12, 31)) == {}
    assert list(proposed(date(2027, 1, 1))) == [visit.pk]


def test_a_visit_whose_follow_up_is_planned_or_made_is_not_proposed(visits: Visits) -> None:
    planned, made = submit(visits, "B03"), submit(visits, "B03", **ELSEWHERE)
    assert set(proposed(AFTER_CRITICAL)) == {planned.pk, made.pk}

    assignment = asked(visits, kind="follow_up", follows=planned)
    submit(visits, kind="follow_up", follows=str(made.pk), **ELSEWHERE)
    assert proposed(AFTER_CRITICAL) == {}

    Assignment.objects.filter(pk=assignment.pk).update(
        status="cancelled", cancelled_reason="Mưa lũ"
    )
    assert list(proposed(AFTER_CRITICAL)) == [planned.pk]


def test_a_visit_that_is_void_is_not_followed_up(visits: Visits) -> None:
    visit = submit(visits, "B03")

    fieldwork.void(visit, reason="Ghi nhầm", by=visits.inspector)

    assert proposed(AFTER_CRITICAL) == {}


def test_the_list_is_ready_to_be_planned_from(visits: Visits, department: Person) -> None:
    without_market_days(visits)
    visit = submit(visits, "B03", "B05")

    with time_machine.travel("2026-11-26T02:00:00Z"):
        [row] = api_as(department).get("/api/v1/follow-up-proposals/").json()["results"]
        planned = api_as(department).post(
            "/api/v1/assignments/",
            {
                "inspector": "lan.ht", "kind": "follow_up",
                **{name: row[name] for name in ("establishment", "checklist", "follows", "due_on")},
            },
            format="json",
        )  # fmt: skip

    assert (row["follows"], row["due_on"], row["number"]) == (
        str(visit.pk), "2026-12-09", visit.record.number,
    )  # fmt: skip
    assert [found["item"] for found in row["findings"]] == ["B03", "B05"]
    critical = [
        code for code, item in visits.checklist.items.items() if item.severity == "critical"
    ]
    assert row["critical"] == critical != []
    assert planned.status_code == 201, planned.content


def test_the_list_costs_the_same_for_any_number_of_visits(
    visits: Visits, department: Person
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api_as(department).get("/api/v1/follow-up-proposals/").status_code == 200
        return len(captured)

    submit(visits, "B03")
    with time_machine.travel("2026-11-26T02:00:00Z"):
        queries()  # reads the checklist, once per process
        one = queries()
    submit(visits, "B03", **ELSEWHERE)

    with time_machine.travel("2026-11-26T02:00:00Z"):
        assert queries() == one == 2
