"""What a set of visits and of findings adds up to, and the figures made of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Self

from inspections.summaries import arithmetic


class Cell(NamedTuple):
    """A figure: ``value`` as text, None where there is none."""

    value: str | None
    numerator: str | None
    denominator: int | None


@dataclass(slots=True)
class Tally:
    """``scores`` in hundredths and ``days`` to put right, each with how often they occur."""

    verdicts: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    places: int = 0
    opened: int = 0
    repeats: int = 0
    on_site: int = 0
    put_right: int = 0
    in_time: int = 0
    overdue: int = 0
    days: Counter[int] = field(default_factory=Counter)

    def add(self, other: Self) -> None:
        self.verdicts += other.verdicts
        self.scores += other.scores
        self.days += other.days
        for name in (
            "places", "opened", "repeats", "on_site", "put_right", "in_time", "overdue",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def add_closing(self, found_on: date, due_on: date, closed_on: date) -> None:
        """A finding that was put right (H6, H7)."""
        self.put_right += 1
        self.in_time += closed_on <= due_on
        self.days[max(0, (closed_on - found_on).days)] += 1

    def figures(self) -> dict[str, Cell]:
        """By code of ``definitions.FOOD_SAFETY``."""
        judged = sum(count for verdict, count in self.verdicts.items() if verdict)
        days = arithmetic.days(self.days)
        points = sum(value * count for value, count in self.scores.items())
        return {
            "FS01": _count(self.verdicts.total()),
            "FS02": _count(self.places),
            "FS03": _share(self.verdicts["pass"], judged),
            "FS04": _share(self.verdicts["to_complete"], judged),
            "FS05": _share(self.verdicts["fail"], judged),
            "FS06": Cell(
                arithmetic.mean(self.scores), arithmetic.spelled(points), self.scores.total()
            ),
            "FS07": Cell(arithmetic.median(self.scores), None, self.scores.total()),
            "FS08": _count(self.opened),
            "FS09": _share(self.repeats, self.opened),
            "FS10": _share(self.on_site, self.opened),
            "FS11": _count(self.put_right),
            "FS12": _share(self.in_time, self.put_right + self.overdue),
            "FS13": _count(self.overdue),
            "FS14": Cell(
                arithmetic.mean(days),
                str(sum(value * count for value, count in self.days.items())),
                self.put_right,
            ),
            "FS15": Cell(arithmetic.median(days), None, self.put_right),
        }


def _count(number: int) -> Cell:
    return Cell(str(number), str(number), None)


def _share(part: int, whole: int) -> Cell:
    return Cell(arithmetic.percent(part, whole), str(part), whole)
