"""What speaks against one more visit: rule Y1 of docs/rules/planning.md.

Source: one visit a year for the same content, unless there are signs of a breach (domain
practice); visits of several bodies at one place are to be avoided.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from backend.common.text import Bilingual
from inspections.fieldwork.models import Inspection
from inspections.planning.assignments import FOLLOW_UP, STANDING
from inspections.planning.models import Assignment
from markets.rules import next_market_day

INSPECTED, ASKED, NO_MARKET = "inspected_this_year", "asked_already", "not_a_market_day"
CODES = (INSPECTED, ASKED, NO_MARKET)
# A place is visited by one team at a time; nobody needs to read of all of them.
_SHOWN = 5


class Caution(NamedTuple):
    """``on``: the day of the other visit, or the next market day."""

    code: str
    detail: Bilingual
    on: date
    inspection: UUID | None = None
    assignment: UUID | None = None


def warnings_of(assignment: Assignment) -> list[Caution]:
    """In two statements; none for what has ended, and a follow-up is no second visit."""
    if assignment.status != Assignment.Status.OPEN:
        return []
    found = [] if assignment.kind == FOLLOW_UP else [*_inspected(assignment), *_asked(assignment)]
    return [*found, *_no_market(assignment)]


def _inspected(assignment: Assignment) -> Iterator[Caution]:
    rows = (
        Inspection.objects.filter(
            establishment=assignment.establishment_id,
            checklist__code=assignment.checklist,
            status__in=STANDING,
            started_at__year=assignment.due_on.year,
        )
        .exclude(kind__in=(Inspection.Kind.SELF_CHECK, Inspection.Kind.FOLLOW_UP))
        .order_by("-started_at", "-pk")
        .values_list("pk", "started_at")
    )
    for pk, started_at in rows[:_SHOWN]:
        day = timezone.localdate(started_at)
        detail = Bilingual(
            f"Cơ sở đã được kiểm tra trong năm, ngày {day:%d/%m/%Y}.",
            f"The place was inspected this year, on {day}.",
        )
        yield Caution(INSPECTED, detail, day, inspection=pk)


def _asked(assignment: Assignment) -> Iterator[Caution]:
    rows = (
        Assignment.objects.filter(
            establishment=assignment.establishment_id,
            checklist=assignment.checklist,
            status=Assignment.Status.OPEN,
            due_on__year=assignment.due_on.year,
        )
        .exclude(pk=assignment.pk)
        .exclude(kind=FOLLOW_UP)
        .order_by("due_on", "pk")
    )
    if assignment.series_id is not None:
        rows = rows.exclude(series=assignment.series_id)
    for row in rows.select_related("inspector")[:_SHOWN]:
        detail = Bilingual(
            f"Đã giao {row.inspector.full_name}, hạn {row.due_on:%d/%m/%Y}.",
            f"{row.inspector.full_name} is asked for it, due on {row.due_on}.",
        )
        yield Caution(ASKED, detail, row.due_on, assignment=row.pk)


def _no_market(assignment: Assignment) -> Iterator[Caution]:
    place = assignment.establishment
    if place.market_day_anchor is None or place.market_day_cycle_days is None:
        return
    day = next_market_day(place.market_day_anchor, place.market_day_cycle_days, assignment.due_on)
    if day != assignment.due_on:
        detail = Bilingual(
            f"Không phải ngày phiên; phiên sau là {day:%d/%m/%Y}.",
            f"Not a market day; the next one is {day}.",
        )
        yield Caution(NO_MARKET, detail, day)
