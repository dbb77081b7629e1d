"""Verdicts by rule set. Rules V1 to V5 of docs/rules/verdict.md.

A rule set is a function with a name and a version; its bands are data of the checklist (V4).
All shares are compared as products of integers.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from inspections.checklists.definition import RuleSet
from inspections.fieldwork.rules.scoring import Tally

Verdict = Literal["pass", "to_complete", "fail"]

VERDICTS: tuple[Verdict, ...] = ("fail", "to_complete", "pass")  # worst first
RULES_VERSION = 1  # raise it when a result already given would come out otherwise


def decide(rule_set: RuleSet, tally: Tally) -> Verdict | None:
    """The verdict of one table, of the market or of one stall; None is no result (V5)."""
    return _RULE_SETS[rule_set.code](rule_set, tally)


def is_at_least(verdict: Verdict | None, target: Verdict) -> bool:
    return verdict is not None and VERDICTS.index(verdict) >= VERDICTS.index(target)


def reaches(part: int, whole: int, percent: Fraction) -> bool:
    """Whether ``part`` of ``whole`` is at least ``percent``; true of a whole of 0."""
    return 100 * part * percent.denominator >= percent.numerator * whole


def exceeds(part: int, whole: int, percent: Fraction) -> bool:
    """Whether ``part`` of ``whole`` is more than ``percent``."""
    return 100 * part * percent.denominator > percent.numerator * whole


def tcvn_ab(rule_set: RuleSet, tally: Tally) -> Verdict:
    """V1: levels A and B, version 1.

        every applicable A passes and B above ``pass_above``           pass
        every applicable A passes and B from ``to_complete_from`` on   to_complete
        otherwise                                                      fail

    V2: a level with nothing applicable counts as met; the result says so.

    Source: TCVN 11856:2017, clause 7 (bands 60 and 40 percent). Status: verified; which
    item is A and which B is a proposal of the checklist.
    """
    a, b = tally.level_a, tally.level_b
    if a.passed < a.applicable:
        return "fail"
    if b.applicable == 0 or exceeds(b.passed, b.applicable, rule_set.bands["pass_above"]):
        return "pass"
    if reaches(b.passed, b.applicable, rule_set.bands["to_complete_from"]):
        return "to_complete"
    return "fail"


def points100(rule_set: RuleSet, tally: Tally) -> Verdict | None:
    """V3: share of points, version 1.

        no failed critical item and the share from ``pass_from`` on          pass
        no failed critical item and the share from ``to_complete_from`` on   to_complete
        otherwise                                                            fail

    V5: with nothing applicable there is no result.

    Source: practice of provinces that recognise markets from 80 of 100 points.
    Status: proposal.
    """
    if tally.points_possible == 0:
        return None
    if tally.critical_failed:
        return "fail"
    if reaches(tally.points, tally.points_possible, rule_set.bands["pass_from"]):
        return "pass"
    if reaches(tally.points, tally.points_possible, rule_set.bands["to_complete_from"]):
        return "to_complete"
    return "fail"


_RULE_SETS: dict[str, Callable[[RuleSet, Tally], Verdict | None]] = {
    "TCVN_AB": tcvn_ab,
    "POINTS100": points100,
}
