"""Compliance levels of supermarkets: rules L1 to L4."""

from fractions import Fraction

import pytest

from inspections.fieldwork.rules.compliance import compliance
from inspections.fieldwork.rules.outcome import Outcome
from tests.inspections.fieldwork.builders import shipped

ALL_PASS: dict[str, Outcome] = dict.fromkeys(("S101", "S201", "S203", "S205", "S302"), "pass")
NO_BAGS = {"PM01": Fraction(0), "PM12": Fraction(100)}
HALF = {"PM01": Fraction(10), "PM12": Fraction(50)}
LESS = {"PM01": Fraction(10), "PM12": Fraction(4999, 100)}


@pytest.mark.parametrize(
    ("changes", "months", "level"),
    [
        pytest.param({}, [NO_BAGS] * 3, "L2", id="L1 all holds"),
        pytest.param({"S203": "na"}, [NO_BAGS] * 3, "L2", id="L1 one that may not apply"),
        pytest.param({}, [NO_BAGS, NO_BAGS, HALF], "L1", id="L1 one month with bags"),
        pytest.param({}, [NO_BAGS] * 3 + [LESS], "L2", id="L4 only the last three months"),
        pytest.param({"S302": "fail"}, [HALF] * 3, "L1", id="L1 exactly half"),
        pytest.param({}, [HALF, LESS, HALF], "L0", id="L1 below half once"),
        pytest.param({"S201": "na"}, [NO_BAGS] * 3, "L1", id="L1 one that must pass"),
        pytest.param({}, [NO_BAGS] * 2, None, id="L2 two months"),
        pytest.param({}, [], None, id="L2 none reported"),
        pytest.param({"S101": "fail"}, [], None, id="L2 the items allow L2"),
        pytest.param({"S201": "fail"}, [], None, id="L2 the items allow L1"),
        pytest.param({"S201": "fail", "S205": "fail"}, [], "L0", id="L3 the items allow neither"),
        pytest.param({"S203": "fail"}, [], "L0", id="L3 no proof"),
        pytest.param({"S203": "fail"}, [NO_BAGS] * 3, "L0", id="L3 reported or not"),
        pytest.param(
            {"S201": "fail"}, [{**HALF, "PM12": None}] * 3, None, id="L4 a month without the value"
        ),
    ],
)
def test_the_level_by_items_and_reported_months(changes, months, level):
    assert compliance(shipped("supermarket_plastic"), ALL_PASS | changes, months).level == level


def test_the_reason_is_told():
    asked = shipped("supermarket_plastic")
    assert "chưa đủ" in compliance(asked, ALL_PASS).reason.vi
    assert "L0" in compliance(asked, {}).reason.en
    assert "L2" in compliance(asked, ALL_PASS, [NO_BAGS] * 3).reason.vi


def test_a_checklist_without_levels_has_none():
    assert compliance(shipped("market_food_safety"), {}).level is None
