"""Follow-up visits that are due though nobody has planned them: derived, so that each stands there
by itself and goes by itself. Rule W2 of docs/rules/periods.md.
"""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup.queries import CLOSED, EXCEPTED, OVERDUE, TO_DO, with_status
from inspections.followup.rules.periods import FOLLOWED_UP, periods_on
from inspections.followup.rules.working_days import working_days_after
from inspections.planning.models import Assignment
from markets.rules import next_market_day


def to_follow_up(on: date) -> QuerySet[Inspection]:
    """Visits of which something critical or major is overdue on the local day ``on``.

    Without those whose follow-up is asked of somebody. ``asked_again``: their findings that are
    neither closed nor excepted, by due date.
    """
    overdue = Finding.objects.filter(inspection=OuterRef("pk"), severity__in=FOLLOWED_UP)
    planned = Assignment.objects.filter(follows=OuterRef("pk"), status__in=Assignment.TO_DO)
    unsettled = with_status(Finding.objects.all(), on).exclude(Q(status__in=(CLOSED, EXCEPTED)))
    return (
        Inspection.objects.filter(status__in=("submitted", "issued"))
        .exclude(kind=Inspection.Kind.SELF_CHECK)
        .filter(Exists(with_status(overdue, on).filter(OVERDUE)), ~Exists(planned))
        .select_related("establishment", "checklist", "record")
        .prefetch_related(
            Prefetch(
                "findings",
                unsettled.select_related("stall").order_by("due_on", "pk"),
                to_attr="asked_again",
            )
        )
        .defer(
            "document", "result", "assessed", "receipt", "device", "checklist__content",
            "record__payload",
        )
    )  # fmt: skip


class Proposal(NamedTuple):
    """``critical``: codes of the items that a follow-up on ``due_on`` asks besides."""

    due_on: date
    critical: list[str]


def proposal(visit: Any, on: date) -> Proposal:
    """What is proposed for a visit of ``to_follow_up``: not before ``on``, on a market day."""
    late = [
        row.due_on
        for row in visit.asked_again
        if row.late and row.status in TO_DO and row.severity in FOLLOWED_UP
    ]
    days = periods_on(timezone.localdate(visit.received_at)).follow_up_days
    # None is late where one was answered since the visit was found.
    due = max(working_days_after(min(late, default=on), days), on)
    place = visit.establishment
    if place.market_day_anchor and place.market_day_cycle_days:
        due = next_market_day(place.market_day_anchor, place.market_day_cycle_days, due)
    items = definition_of(visit.checklist).as_of(due).items.values()
    return Proposal(due, [item.code for item in items if item.severity == "critical"])
