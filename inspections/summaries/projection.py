"""What the verdict would be with some findings put right. P4 and P5 of docs/rules/scorecard.md.

The stored table of the market is enough: what follows from one criterion does not depend on how
it came to pass.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from inspections.checklists.definition import Checklist
from inspections.fieldwork.rules.fixes import Fix
from inspections.fieldwork.rules.scoring import Count, Criterion, score, tally
from inspections.fieldwork.rules.verdict import Verdict, decide


class Projection(NamedTuple):
    """As a result has them."""

    verdict: Verdict | None
    score: str | None
    level_a: Count
    level_b: Count


def projected(
    dated: Checklist, criteria: Iterable[Mapping[str, Any]], put_right: Collection[Fix]
) -> Projection:
    """P4: score the rows ``criteria`` of a stored result as if ``put_right`` were found in order.

    ``dated``: the version as its items counted on the day of the visit.
    """
    rows = [_with(put_right, _criterion(dated, row)) for row in criteria]
    total = tally((row.item, row.outcome) for row in rows)
    return Projection(
        decide(dated.rule_sets[dated.rule_set], total),
        score(total.points, total.points_possible),
        total.level_a,
        total.level_b,
    )


def _criterion(dated: Checklist, row: Mapping[str, Any]) -> Criterion:
    return Criterion(dated.items[row["item"]], row["outcome"], tuple(row["failures"]))


def _with(put_right: Collection[Fix], row: Criterion) -> Criterion:
    """P5: an item of stalls passes once no stall is left that fails it (S3)."""
    if row.outcome != "fail":
        return row
    if not row.failures:
        return row._replace(outcome="pass") if Fix(row.item.code, None) in put_right else row
    left = tuple(stall for stall in row.failures if Fix(row.item.code, stall) not in put_right)
    return row._replace(outcome="fail" if left else "pass", failures=left)
