"""checklists.formulas: derived measures, exact; rule Q11"""

from fractions import Fraction

import pytest

from inspections.checklists.formulas import is_formula, value_of
from tests.inspections.fieldwork.builders import shipped

MONTH = {code: Fraction(value) for code, value in {"PM01": 30, "PM03": 50, "PM04": 20}.items()}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("PM01", Fraction(30)),
        ("100 * (PM03 + PM04) / (PM01 + PM03 + PM04)", Fraction(70)),
        ("100 * (1 - PM01 / PM03)", Fraction(40)),
        ("1 / 3", Fraction(1, 3)),
        ("PM05 + 1", None),  # not reported
        ("PM01 / (PM01 - 30)", None),
    ],
)
def test_what_follows_from_the_figures_of_a_month(formula: str, expected: Fraction | None) -> None:
    assert value_of(formula, MONTH) == expected


@pytest.mark.parametrize(
    "formula",
    ["", "PM01 +", "PM01 ** 9", "-PM01", "PM01 // 2", "f(1)", "1.5 * PM01", "True", "(" * 150],
)
def test_what_is_no_formula(formula: str) -> None:
    assert not is_formula(formula)
    with pytest.raises((ValueError, RecursionError)):
        value_of(formula, {})


def test_the_shipped_ones_can_be_computed() -> None:
    derived = [m for m in shipped("supermarket_plastic").measures.values() if m.formula]

    assert len(derived) == 4
    assert all(is_formula(measure.formula) for measure in derived)
