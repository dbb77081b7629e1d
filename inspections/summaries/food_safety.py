"""How places stood in a period, in figures. Rules of docs/rules/figures.md.

A dozen statements whatever the grouping; the database counts visits, findings are gone through one
after the other with little memory.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, QuerySet, Value
from django.db.models.functions import Least, TruncMonth, TruncQuarter, TruncYear
from django.utils import timezone

from backend.common.text import Bilingual
from inspections.checklists.definition import Item
from inspections.fieldwork.models import BEGUN, Finding, Inspection
from inspections.followup.queries import CLOSED, TO_DO, with_closing, with_status
from inspections.planning.assignments import STANDING
from inspections.summaries import naming
from inspections.summaries.periods import Period
from inspections.summaries.tallies import Tally
from markets import queries
from markets.models import Establishment

GROUPINGS = ("establishment", "unit", "month", "quarter", "year", "section", "item")
OVER_TIME: Mapping[str, Any] = {"month": TruncMonth, "quarter": TruncQuarter, "year": TruncYear}
AT_ONCE = 2_000

WHOLE = 0  # the key of what belongs to no group
Key = Any  # of a group; see ``naming.named``


@dataclass(frozen=True, slots=True)
class Question:
    """``area``: the code of a unit as of the last day of ``period`` (H4); None: everywhere."""

    period: Period
    area: str | None
    group_by: str
    as_of: date

    @property
    def before(self) -> "Question":
        return Question(self.period.before, self.area, self.group_by, self.as_of)

    def visits(self) -> QuerySet[Inspection]:
        """H1."""
        begun, ended = self.period.moments
        rows = Inspection.objects.filter(status__in=STANDING).exclude(kind="self_check")
        rows = rows.annotate(begun=BEGUN).filter(begun__gte=begun, begun__lt=ended)
        if self.area is not None:
            rows = rows.filter(establishment__in=self._places(self.area).values("pk"))
        return rows

    def findings(self) -> QuerySet[Finding]:
        return Finding.objects.filter(inspection__in=self.visits().values("pk"))

    def _places(self, area: str) -> QuerySet[Establishment]:
        day = self.period.last
        return queries.on_day(Establishment.objects.all(), day).filter(queries.within(area, day))


@dataclass(frozen=True, slots=True)
class Answer:
    """``groups``: by key as text, in their order, with the name of each."""

    total: Tally
    groups: Mapping[str, tuple[Bilingual, Tally]]


@dataclass(frozen=True, slots=True)
class Failed:
    """H9: ``visits`` of ``of`` failed the item."""

    checklist: str
    item: Item
    visits: int
    of: int


def answer(question: Question) -> Answer:
    groups = defaultdict[Key, Tally](Tally)
    _count_visits(question, groups)
    _go_through_findings(question, groups)
    total = Tally()
    for tally in groups.values():
        total.add(tally)
    places = question.visits().aggregate(places=Count("establishment", distinct=True))
    total.places = places["places"]
    groups.pop(WHOLE, None)
    return Answer(total, naming.named(question.group_by, question.period.last, groups))


def most_failed(question: Question) -> list[Failed]:
    """Every item that failed, the most frequent first."""
    visits = question.visits().order_by().values_list("checklist__code")
    asked = dict(visits.annotate(visits=Count("pk")))
    rows = question.findings().order_by().values_list("inspection__checklist__code", "item")
    items = naming.items()
    found = [
        Failed(checklist, items[checklist, item], count, asked[checklist])
        for checklist, item, count in rows.annotate(visits=Count("inspection", distinct=True))
    ]
    return sorted(found, key=lambda row: (-row.visits, row.checklist, row.item.code))


def _count_visits(question: Question, groups: dict[Key, Tally]) -> None:
    rows = question.visits().annotate(key=_key_of_visits(question.group_by)).order_by()
    counted = rows.values_list("key", "verdict", "score").annotate(visits=Count("pk"))
    for key, verdict, score, count in counted:
        groups[key].verdicts[verdict] += count
        if score is not None:
            groups[key].scores[int(100 * score)] += count
    places = rows.values_list("key").annotate(places=Count("establishment", distinct=True))
    for key, count in places:
        groups[key].places = count


def _key_of_visits(group_by: str) -> Any:
    if group_by in ("establishment", "unit"):
        return F("establishment_id")
    if group_by in OVER_TIME:
        return OVER_TIME[group_by]("begun", output_field=DateField())
    return Value(WHOLE)


def _go_through_findings(question: Question, groups: dict[Key, Tally]) -> None:
    rows = with_closing(with_status(question.findings(), question.as_of)).annotate(
        begun=Least("inspection__started_at", "inspection__received_at")
    )
    columns = rows.order_by().values_list(
        "establishment_id", "begun", "inspection__checklist__code", "item", "repeat_of",
        "corrected_on_site", "found_on", "due_on", "status", "late", "followed_at", "visited_at",
        "accepted_at", "found_again", named=True,
    )  # fmt: skip
    key_of = _key_of_findings(question.group_by)
    for row in columns.iterator(chunk_size=AT_ONCE):
        _add(groups[key_of(row)], row)


def _key_of_findings(group_by: str) -> Callable[[Any], Key]:
    match group_by:
        case "establishment" | "unit":
            return lambda row: row.establishment_id
        case "month" | "quarter" | "year":
            return lambda row: naming.begins(group_by, timezone.localdate(row.begun))
        case "item":
            return lambda row: (row.inspection__checklist__code, row.item)
        case "section":
            sections = {key: item.section for key, item in naming.items().items()}
            return lambda row: (
                row.inspection__checklist__code,
                sections[row.inspection__checklist__code, row.item],
            )
        case _:
            return lambda _: WHOLE


def _add(tally: Tally, row: Any) -> None:
    tally.opened += 1
    tally.repeats += row.repeat_of is not None
    if row.corrected_on_site:
        tally.on_site += 1
    elif row.status == CLOSED and not row.found_again:
        ways = (row.followed_at, row.visited_at, row.accepted_at)
        closed = min(moment for moment in ways if moment is not None)
        tally.add_closing(row.found_on, row.due_on, timezone.localdate(closed))
    elif row.status in TO_DO and row.late:
        tally.overdue += 1
