"""plastics.levels: the level of a place as of a day, from its visit and its months (L1 to L6)"""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from backend.accounts.models import Role
from inspections.checklists.lifecycle import published
from inspections.demo.document import document
from inspections.fieldwork.models import Inspection
from inspections.plastics.levels import level_of
from inspections.submission import lifecycle
from markets.models import AdministrativeUnit, Placement
from markets.seed import places
from tests.inspections.evidence.visits import api_as
from tests.inspections.plastics.builders import Store
from tests.inspections.visits import person, photo

DAY = date(2026, 11, 22)


@pytest.fixture
def assessment(store: Store) -> Inspection:
    """A visit on 20 November 2026 at which every item passed."""
    places.load()
    unit = AdministrativeUnit.objects.get(code="02086", valid_to=None)
    Placement.objects.create(establishment=store.place, unit=unit)
    inspector = person("lan.ht", Role.INSPECTOR)
    checklist = published("SUPERMARKET-PLASTIC@1")
    assert checklist
    made = document(
        str(uuid.uuid4()), checklist.definition, establishment=store.place.code,
        inspector="lan.ht", stalls=[], photo=photo,
        started_at="2026-11-20T08:00:00+07:00", ended_at="2026-11-20T09:00:00+07:00",
    )  # fmt: skip
    lifecycle.submit(uuid.UUID(made["id"]), made, by=inspector)
    return Inspection.objects.get(pk=made["id"])


def level(assessment: Inspection, day: date = DAY) -> str | None:
    return level_of(assessment, assessment.result["criteria"], day).level


def report(store: Store, *months: tuple[date, dict[str, Any]]) -> None:
    for month, figures in months:
        given = {code: Decimal(value) for code, value in figures.items()}
        with time_machine.travel("2026-12-15T03:00:00Z", tick=False):
            store.declare(None, month, figures=given)


NO_BAGS = {"PM01": 0, "PM03": 900, "PM04": 100}
HALF = {"PM01": 500, "PM03": 400, "PM04": 100}
MONTHS = [date(2026, month, 1) for month in (9, 10, 11)]


def test_nothing_is_known_before_three_months_are_reported(
    store: Store, assessment: Inspection
) -> None:
    report(store, *((month, NO_BAGS) for month in MONTHS[:2]))
    assert level(assessment) is None

    report(store, (MONTHS[2], NO_BAGS))
    assert level(assessment) == "L2"


def test_one_bag_in_one_month_makes_it_the_lower_level(
    store: Store, assessment: Inspection
) -> None:
    report(store, *((month, NO_BAGS) for month in MONTHS[:2]), (MONTHS[2], HALF))
    assert level(assessment) == "L1"

    report(store, (MONTHS[2], {**HALF, "PM01": 501}))
    assert level(assessment) == "L0"
    report(store, (MONTHS[2], NO_BAGS))
    assert level(assessment) == "L2"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 22), "L2"),
        (date(2026, 10, 31), None),  # November is not there yet
        (date(2027, 2, 28), "L2"),  # September to February
        (date(2027, 3, 1), None),  # September is too old
    ],
)
def test_months_of_the_last_half_year_count(
    store: Store, assessment: Inspection, day: date, expected: str | None
) -> None:
    report(store, *((month, NO_BAGS) for month in MONTHS))

    assert level(assessment, day) == expected


def test_an_assessment_is_valid_for_two_years_while_it_stands(
    store: Store, assessment: Inspection
) -> None:
    months = [date(2028, month, 1) for month in (9, 10, 11)]
    with time_machine.travel("2028-11-15T03:00:00Z", tick=False):
        for month in months:
            store.declare(None, month, figures={code: Decimal(v) for code, v in NO_BAGS.items()})
    assert level(assessment, date(2028, 11, 20)) == "L2"
    assert level(assessment, date(2028, 11, 21)) is None
    assessment.status = Inspection.Status.VOIDED
    assert level(assessment, date(2028, 11, 20)) is None


def test_the_result_tells_the_level_of_today(store: Store, assessment: Inspection) -> None:
    route = f"/api/v1/inspections/{assessment.pk}/result/"
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        before = api_as(store.department).get(route).json()
        for month in MONTHS:
            store.declare(None, month, figures={code: Decimal(v) for code, v in NO_BAGS.items()})
        after = api_as(store.department).get(route).json()

    assert (before["compliance_level"], after["compliance_level"]) == (None, "L2")
    assert "chưa đủ" in before["compliance_reason"]
    assert "L2" in after["compliance_reason"]
