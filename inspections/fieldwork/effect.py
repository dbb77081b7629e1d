"""What a version of a checklist would make of the visits that were made with another one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from inspections.checklists.errors import ChecklistsUnrelated
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.reading import scored
from inspections.fieldwork.rules.effect import Change, Rescoring, change, rank
from inspections.fieldwork.rules.scoring import score
from inspections.fieldwork.rules.verdict import Verdict

# Three milliseconds each with thirty stalls, and somebody waits. Older ones are only counted.
MOST_VISITS = 500
SHOWN = 50
# Documents hold drawn signatures, so few are held at once.
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict and a score of two decimals; both None where nothing was applicable."""

    verdict: Verdict | None
    score: str | None


Transition = tuple[Verdict | None, Verdict | None, Verdict | None]  # before, lowest, highest


@dataclass(frozen=True, slots=True)
class Visit:
    """``lowest`` and ``highest``: with all that is not answered failed, and passed."""

    id: UUID
    number: str | None
    year: int | None
    establishment: str
    inspected_on: date
    before: Outcome
    lowest: Outcome
    highest: Outcome

    @property
    def is_touched(self) -> bool:
        return not self.before == self.lowest == self.highest


@dataclass(slots=True)
class Effect:
    """``visits``: the newest that come out otherwise, or may. ``left_out``: visits too many."""

    inspections: int = 0
    left_out: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    transitions: Counter[Transition] = field(default_factory=Counter)
    visits: list[Visit] = field(default_factory=list)
    _scores: list[tuple[Fraction, Fraction, Fraction]] = field(default_factory=list)

    def add(self, visit: Visit) -> None:
        verdicts = visit.before.verdict, visit.lowest.verdict, visit.highest.verdict
        self.inspections += 1
        self.changes[change(*verdicts)] += 1
        self.transitions[verdicts] += 1
        scores = visit.before.score, visit.lowest.score, visit.highest.score
        if None not in scores:
            before, lowest, highest = (Fraction(cast("str", each)) for each in scores)
            self._scores.append((before, lowest, highest))
        if visit.is_touched and len(self.visits) < SHOWN:
            self.visits.append(visit)

    @property
    def mean_scores(self) -> list[str | None]:
        """Before, lowest and highest, over the visits that have all three."""
        sums = map(sum, zip(*self._scores, strict=True)) if self._scores else (0, 0, 0)
        return [_mean(Fraction(total), len(self._scores)) for total in sums]

    @property
    def sorted_transitions(self) -> list[tuple[Transition, int]]:
        """Best verdicts first."""
        pairs = self.transitions.items()
        return sorted(pairs, key=lambda pair: [-rank(verdict) for verdict in pair[0]])


def effect(before: ChecklistVersion, after: ChecklistVersion) -> Effect:
    """Score anew what was given with ``before`` and still counts, the newest ``MOST_VISITS``.

    Two queries for any number of visits, and memory for few of them. Raises ChecklistsUnrelated.
    """
    if before.code != after.code:
        raise ChecklistsUnrelated
    found = Effect()
    visits = _that_count(before)
    rescoring = Rescoring(definition_of(before), definition_of(after))
    for visit in _rescored(visits[:MOST_VISITS], rescoring):
        found.add(visit)
    if found.inspections == MOST_VISITS:
        found.left_out = max(0, visits.count() - MOST_VISITS)
    return found


def _that_count(version: ChecklistVersion) -> QuerySet[Inspection]:
    """Newest first; a self-check is the board's own affair."""
    counting = (Inspection.Status.SUBMITTED, Inspection.Status.ISSUED)
    visits = Inspection.objects.filter(checklist=version, status__in=counting)
    return visits.exclude(kind=Inspection.Kind.SELF_CHECK).order_by("-started_at", "-id")


def _rescored(visits: QuerySet[Inspection], rescoring: Rescoring) -> Iterator[Visit]:
    rows = visits.select_related("establishment", "record").only(
        "started_at", "verdict", "score", "document", "assessed",
        "establishment__code", "record__number", "record__year",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=_AT_ONCE):
        day = timezone.localdate(row.started_at)
        lowest, highest = rescoring.outlook(day, *scored(row))
        record: Any = getattr(row, "record", None)
        yield Visit(
            id=row.pk,
            number=record and record.number,
            year=record and record.year,
            establishment=row.establishment.code,
            inspected_on=day,
            before=Outcome(
                cast("Verdict", row.verdict) if row.verdict else None,
                None if row.score is None else f"{row.score:.2f}",
            ),
            lowest=Outcome(lowest.verdict, lowest.score),
            highest=Outcome(highest.verdict, highest.score),
        )


def _mean(total: Fraction, count: int) -> str | None:
    """S4: two decimals, half up."""
    hundred = total / 100
    return score(hundred.numerator, hundred.denominator * count)


def as_json(found: Effect) -> Mapping[str, Any]:
    before, lowest, highest = found.mean_scores
    return {
        "inspections": found.inspections,
        "left_out": found.left_out,
        **{name: found.changes[name] for name in ("kept", "raised", "lowered", "uncertain")},
        "transitions": [
            {"before": old, "lowest": low, "highest": high, "inspections": count}
            for (old, low, high), count in found.sorted_transitions
        ],
        "mean_score": {"before": before, "lowest": lowest, "highest": highest},
        "visits": found.visits,
    }
