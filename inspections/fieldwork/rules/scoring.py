"""Counts and points. Rules S1 to S4 of docs/rules/scoring.md. Integers only."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inspections.checklists.definition import Item
from inspections.fieldwork.rules.outcome import Outcome


class Count(NamedTuple):
    """Criteria of one level. S1: what is not applicable is in neither number."""

    passed: int
    applicable: int


class Tally(NamedTuple):
    """What a set of criteria adds up to. ``points`` are those of passed criteria."""

    level_a: Count
    level_b: Count
    points: int
    points_possible: int
    critical_failed: bool

    @property
    def passed(self) -> int:
        return self.level_a.passed + self.level_b.passed

    @property
    def applicable(self) -> int:
        return self.level_a.applicable + self.level_b.applicable


class Criterion(NamedTuple):
    """A row of the market's table. ``failures``: the stalls that fail it, in document order."""

    item: Item
    outcome: Outcome
    failures: tuple[str, ...] = ()


Judged = tuple[Item, Outcome]


def tally(judged: Iterable[Judged]) -> Tally:
    """S2: counts per level, and points, of items as they count on the day."""
    a_passed = a_applicable = b_passed = b_applicable = points = possible = 0
    critical_failed = False
    for item, outcome in judged:
        if outcome == "na":
            continue
        passed = outcome == "pass"
        possible += item.points
        if item.level == "A":
            a_applicable += 1
            a_passed += passed
        else:
            b_applicable += 1
            b_passed += passed
        if passed:
            points += item.points
        elif item.severity == "critical":
            critical_failed = True
    return Tally(
        Count(a_passed, a_applicable),
        Count(b_passed, b_applicable),
        points,
        possible,
        critical_failed,
    )


def add(tallies: Sequence[Tally]) -> Tally:
    """The tally of all the sections together."""
    return Tally(
        Count(sum(t.level_a.passed for t in tallies), sum(t.level_a.applicable for t in tallies)),
        Count(sum(t.level_b.passed for t in tallies), sum(t.level_b.applicable for t in tallies)),
        sum(t.points for t in tallies),
        sum(t.points_possible for t in tallies),
        any(t.critical_failed for t in tallies),
    )


def score(points: int, possible: int) -> str | None:
    """S4: points of 100 with two decimals, half up; None when nothing was applicable.

    Source: product contract, section 10 point 2.
    """
    if possible == 0:
        return None
    hundredths = (20_000 * points + possible) // (2 * possible)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


class RollUp:
    """S3: stall sheets as criteria of the market.

    A stall-scope item passes for the market when every assessed stall that it applies to
    passes it; where it applies to none, or none was assessed, it is not applicable.
    Source: TCVN 11856:2017, clause 7. Status: verified.
    """

    def __init__(self) -> None:
        self._failures: dict[str, list[str]] = {}
        self._passed: set[str] = set()

    def add(self, stall: str, judged: Iterable[Judged]) -> None:
        for item, outcome in judged:
            if outcome == "pass":
                self._passed.add(item.code)
            elif outcome == "fail":
                self._failures.setdefault(item.code, []).append(stall)

    def criterion(self, item: Item) -> Criterion:
        failures = self._failures.get(item.code)
        if failures:
            return Criterion(item, "fail", tuple(failures))
        return Criterion(item, "pass" if item.code in self._passed else "na")
