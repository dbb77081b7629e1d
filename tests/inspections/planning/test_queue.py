"""planning.queue and planning.risk: which place comes first, and why (Y4), counted by hand"""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.planning.queue import queue
from inspections.planning.risk import Facts, reasons
from markets.lifecycle import establishments
from markets.models import Establishment
from tests.inspections.evidence.visits import api_as
from tests.inspections.followup.builders import asked
from tests.inspections.visits import Visits, person

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(None, "", 0, 0, 0), [("never_inspected", 1, 40)]),
        (Facts(date(2026, 11, 20), "pass", 0, 0, 0), []),
        (Facts(date(2026, 10, 23), "pass", 0, 0, 0), [("age", 1, 1)]),
        (Facts(date(2020, 1, 1), "pass", 0, 0, 0), [("age", 83, 24)]),
        (
            Facts(date(2026, 11, 1), "fail", 4, 2, 1),
            [
                ("critical_open", 4, 45),
                ("last_verdict_fail", 1, 40),
                ("overdue", 2, 10),
                ("repeated", 1, 5),
            ],
        ),
        (
            Facts(date(2026, 11, 1), "to_complete", 0, 9, 9),
            [("overdue", 9, 25), ("last_verdict_to_complete", 1, 20), ("repeated", 9, 20)],
        ),
        (Facts(date(2026, 12, 24), "pass", 0, 0, 0), []),  # a phone's clock ran ahead
    ],
)
def test_the_reasons_and_what_they_weigh(
    facts: Facts, expected: list[tuple[str, int, int]]
) -> None:
    assert [(each.code, each.number, each.points) for each in reasons(facts, DAY)] == expected


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def get(who: Person, query: str = "") -> Any:
    response = api_as(who).get(f"/api/v1/planning/queue/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def test_the_most_urgent_place_comes_first(visits: Visits, department: Person) -> None:
    visit = visits.submit(fails=["D01"])
    late = max(visit.findings.values_list("due_on", flat=True))
    planned = asked(visits, due_on=date(2027, 6, 30))

    with time_machine.travel(f"{late.year + 1}-01-15T03:00:00Z", tick=False):
        told = get(department)

    first, *others = told["results"]
    assert first["establishment"] == "BOC-BO"
    assert first["last"]["inspection"] == str(visit.pk)
    assert first["last"]["verdict"] == visit.verdict
    assert first["planned"] == {
        "assignment": str(planned.pk), "due_on": "2027-06-30", "inspector": "lan.ht",
    }  # fmt: skip
    codes = [reason["code"] for reason in first["reasons"]]
    assert {"overdue", "age"} <= set(codes)
    assert first["risk"] == sum(reason["points"] for reason in first["reasons"])
    assert [(row["establishment"], row["risk"], row["last"]) for row in others] == [
        ("DONG-TAM", 40, None),
        ("PHU-THONG", 40, None),
    ]
    assert others[0]["reasons"] == [
        {"code": "never_inspected", "count": 1, "points": 40, "detail": "Chưa kiểm tra lần nào"}
    ]


def test_what_does_not_count_and_what_is_closed_is_left_out(visits: Visits) -> None:
    visits.submit(
        visits.manager, kind="self_check", signatures=[], grounds=None, inspector="mai.tt"
    )
    place = Establishment.objects.get(code="PHU-THONG")
    establishments.change_establishment(place, {"closed_on": DAY}, by=None)

    queued = queue(Establishment.objects.all(), DAY)

    assert [(each.establishment.code, each.last) for each in queued] == [
        ("BOC-BO", None),
        ("DONG-TAM", None),
    ]


def test_it_is_narrowed_by_kind(visits: Visits, department: Person) -> None:
    assert get(department, "?kind=supermarket")["results"] == []
    assert len(get(department, "?kind=market")["results"]) == 3
    refused = api_as(department).get("/api/v1/planning/queue/?kind=shop")
    assert refused.status_code == 400


def test_it_costs_the_same_for_any_number_of_places(visits: Visits, department: Person) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(department)
        return len(captured)

    visits.submit(fails=["G03"])
    few = cost()
    for number in range(20):
        establishments.open_establishment(
            f"CHO-{number}", "market", f"Chợ {number}", unit=None, by=None
        )

    assert cost() == few == 4
