"""Verdicts of both rule sets: rules V1 to V5."""

from fractions import Fraction
from itertools import product

import pytest

from inspections.checklists.definition import RuleSet
from inspections.fieldwork.rules.scoring import Count, Tally
from inspections.fieldwork.rules.verdict import decide, is_at_least
from tests.inspections.fieldwork.builders import counts

TCVN = RuleSet(
    "TCVN_AB",
    {"pass_above": Fraction(60), "to_complete_from": Fraction(40)},
    "verified",
    "TCVN 11856:2017",
)
POINTS = RuleSet(
    "POINTS100",
    {"pass_from": Fraction(80), "to_complete_from": Fraction(60)},
    "proposal",
    "practice",
)


def standard(a_passed: int, a_all: int, b_passed: int, b_all: int) -> str:
    """Clause 7 in whole numbers: 60 % is three of five, 40 % two of five."""
    if a_passed != a_all:
        return "fail"
    if b_all == 0 or b_passed * 5 > b_all * 3:
        return "pass"
    return "fail" if b_passed * 5 < b_all * 2 else "to_complete"


def shares(most: int) -> list[tuple[int, int]]:
    return [(passed, whole) for whole in range(most + 1) for passed in range(whole + 1)]


def test_tcvn_ab_agrees_with_the_standard_everywhere_up_to_40_v1():
    wrong = [
        (a, b)
        for a, b in product(shares(40), repeat=2)
        if decide(TCVN, Tally(Count(*a), Count(*b), 0, 0, False)) != standard(*a, *b)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("b", "verdict"),
    [
        ((3, 5), "to_complete"),  # exactly 60 %
        ((24, 40), "to_complete"),
        ((25, 40), "pass"),
        ((601, 1000), "pass"),
        ((2, 5), "to_complete"),  # exactly 40 %
        ((16, 40), "to_complete"),
        ((15, 40), "fail"),
        ((399, 1000), "fail"),
        ((0, 0), "pass"),
    ],
)
def test_both_edges_of_the_band_are_to_complete_v1(b, verdict):
    assert decide(TCVN, counts((5, 5), b)) == verdict


def test_one_failed_a_decides_v1():
    assert decide(TCVN, counts((29, 30), (40, 40))) == "fail"


def test_nothing_applicable_meets_the_standard_but_has_no_points_v2_v5():
    assert decide(TCVN, counts((0, 0), (0, 0))) == "pass"
    assert decide(POINTS, counts((0, 0), (0, 0))) is None


@pytest.mark.parametrize(
    ("points", "possible", "verdict"),
    [
        (80, 100, "pass"),
        (799, 1000, "to_complete"),
        (4, 5, "pass"),
        (60, 100, "to_complete"),
        (599, 1000, "fail"),
        (3, 5, "to_complete"),
        (0, 1, "fail"),
    ],
)
def test_points100_takes_its_bands_from_their_lower_edge_v3(points, possible, verdict):
    tally = Tally(Count(0, 0), Count(0, 0), points, possible, critical_failed=False)
    assert decide(POINTS, tally) == verdict


def test_points100_fails_with_a_failed_critical_item_v3():
    tally = Tally(Count(9, 10), Count(90, 90), 999, 1000, critical_failed=True)
    assert decide(POINTS, tally) == "fail"


def test_the_bands_are_those_of_the_checklist_v4():
    strict = RuleSet(
        "TCVN_AB",
        {"pass_above": Fraction("66.6"), "to_complete_from": Fraction(50)},
        "proposal",
        "",
    )
    assert decide(strict, counts((1, 1), (333, 500))) == "to_complete"  # exactly 66.6 %
    assert decide(strict, counts((1, 1), (334, 500))) == "pass"
    assert decide(strict, counts((1, 1), (249, 500))) == "fail"


def test_an_unknown_rule_set_is_an_error():
    with pytest.raises(KeyError):
        decide(RuleSet("OTHER", {}, "", ""), counts((1, 1), (1, 1)))


def test_verdicts_have_an_order():
    assert is_at_least("pass", "to_complete")
    assert is_at_least("to_complete", "to_complete")
    assert not is_at_least("fail", "to_complete")
    assert not is_at_least(None, "to_complete")
