"""The smallest set of findings to put right for a better verdict.

Rules F1 to F4 of docs/rules/fixes.md. A fix is one finding: an item, and the stall where
it has one. A criterion that fails at n stalls takes n fixes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from inspections.checklists.definition import RuleSet
from inspections.fieldwork.rules.scoring import Criterion, Tally
from inspections.fieldwork.rules.verdict import Verdict, decide, exceeds, is_at_least, reaches


class Fix(NamedTuple):
    item: str
    stall: str | None


def smallest(
    rule_set: RuleSet, criteria: Sequence[Criterion], tally: Tally, target: Verdict
) -> list[Fix] | None:
    """The fixes that lift the market to ``target`` or better, in checklist order.

    ``tally`` is the tally of ``criteria``. F4: empty when the verdict is there already,
    None when no result is to be had because nothing is applicable. Of several smallest
    sets it is always the same one.
    """
    verdict = decide(rule_set, tally)
    if verdict is None:
        return None
    if is_at_least(verdict, target):
        return []
    failed = [criterion for criterion in criteria if criterion.outcome == "fail"]
    chosen = _CHOICES[rule_set.code](rule_set, failed, tally, target)
    codes = {criterion.item.code for criterion in chosen}
    return [fix for c in failed if c.item.code in codes for fix in _fixes(c)]


def _fixes(criterion: Criterion) -> list[Fix]:
    if not criterion.failures:
        return [Fix(criterion.item.code, None)]
    return [Fix(criterion.item.code, stall) for stall in criterion.failures]


def _cost(criterion: Criterion) -> int:
    """F1: one for an item of the establishment, one per failing stall for an item of stalls."""
    return len(criterion.failures) or 1


def _for_levels(
    rule_set: RuleSet, failed: Sequence[Criterion], tally: Tally, target: Verdict
) -> list[Criterion]:
    """F2: every failed A, and the cheapest B until the share is reached.

    Every B counts the same, so no other choice of as many criteria costs less.
    """
    chosen = [criterion for criterion in failed if criterion.item.level == "A"]
    level_b = [criterion for criterion in failed if criterion.item.level == "B"]
    level_b.sort(key=lambda criterion: (_cost(criterion), -criterion.item.points))
    passed, applicable = tally.level_b
    bands = rule_set.bands
    for criterion in level_b:
        if target == "pass" and exceeds(passed, applicable, bands["pass_above"]):
            break
        if target != "pass" and reaches(passed, applicable, bands["to_complete_from"]):
            break
        chosen.append(criterion)
        passed += 1
    return chosen


def _for_points(
    rule_set: RuleSet, failed: Sequence[Criterion], tally: Tally, target: Verdict
) -> list[Criterion]:
    """F3: every failed critical item, and the cheapest others that bring the points lacking.

    A knapsack turned round: for each sum of points the cheapest choice so far, sums above
    the need held at the need. Points are small, so the table is.
    """
    chosen = [c for c in failed if c.item.severity == "critical"]
    others = [c for c in failed if c.item.severity != "critical"]
    percent = rule_set.bands["pass_from" if target == "pass" else "to_complete_from"]
    # the least whole number of points that is at least ``percent`` of those possible
    wanted = -(-percent.numerator * tally.points_possible // (100 * percent.denominator))
    need = wanted - tally.points - sum(c.item.points for c in chosen)
    if need <= 0:
        return chosen
    cheapest: dict[int, tuple[int, tuple[Criterion, ...]]] = {0: (0, ())}
    for criterion in sorted(others, key=_cost):
        cost = _cost(criterion)
        for points, (spent, choice) in list(cheapest.items()):
            reached = min(points + criterion.item.points, need)
            known = cheapest.get(reached)
            if known is None or spent + cost < known[0]:
                cheapest[reached] = (spent + cost, (*choice, criterion))
    return chosen + list(cheapest[need][1])


_CHOICES = {"TCVN_AB": _for_levels, "POINTS100": _for_points}
