"""Which place to visit next. Rule Y4 of docs/rules/planning.md; in four statements."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from inspections.fieldwork.models import BEGUN, Finding, Inspection
from inspections.followup.queries import OVERDUE, TO_DO, with_status
from inspections.planning.assignments import STANDING
from inspections.planning.models import Assignment
from inspections.planning.risk import Facts, Reason, reasons
from markets.models import Establishment

_COUNTS = {
    "critical": Count("pk", filter=Q(status__in=TO_DO, severity="critical")),
    "overdue": Count("pk", filter=OVERDUE),
    "repeated": Count("pk", filter=Q(status__in=TO_DO, repeat_of__isnull=False)),
}


class Place(NamedTuple):
    """``last``: the visit that counts, ``planned``: the open assignment that is due first."""

    establishment: Establishment
    reasons: list[Reason]
    last: Inspection | None
    planned: Assignment | None

    @property
    def risk(self) -> int:
        return sum(reason.points for reason in self.reasons)


def queue(places: QuerySet[Establishment], day: date) -> list[Place]:
    """The open ones of ``places``, the most urgent on ``day`` first."""
    rows = list(_open(places, day).annotate(last_visit=Subquery(_newest())))
    visits = _visits([row.last_visit for row in rows])
    found, planned = _findings(rows, day), _planned(rows)
    queued = []
    for row in rows:
        last = visits.get(row.last_visit)
        facts = Facts(
            inspected_on=_began_on(last) if last else None,
            verdict=last.verdict if last else "",
            **found.get(row.pk, dict.fromkeys(_COUNTS, 0)),
        )
        queued.append(Place(row, reasons(facts, day), last, planned.get(row.pk)))
    return sorted(queued, key=lambda place: (-place.risk, place.establishment.code))


def _open(places: QuerySet[Establishment], day: date) -> QuerySet[Establishment]:
    closed = Q(closed_on__lte=day) | Q(opened_on__gt=day)
    return places.exclude(closed).order_by("code")


def _newest() -> QuerySet[Any, Any]:
    counting = Inspection.objects.filter(establishment=OuterRef("pk"), status__in=STANDING)
    official = counting.exclude(kind=Inspection.Kind.SELF_CHECK)
    return official.order_by(BEGUN.desc(), "-id").values("pk")[:1]


def _visits(pks: Collection[Any]) -> dict[Any, Inspection]:
    rows = Inspection.objects.filter(pk__in=[pk for pk in pks if pk is not None])
    return {row.pk: row for row in rows.only("started_at", "received_at", "verdict", "kind")}


def _findings(rows: Collection[Establishment], day: date) -> dict[int, dict[str, int]]:
    """By place. Where nothing is to be done there is no entry."""
    here = with_status(Finding.objects.filter(establishment__in=[row.pk for row in rows]), day)
    counted = here.order_by().values_list("establishment").annotate(**_COUNTS)
    return {place: dict(zip(_COUNTS, counts, strict=True)) for place, *counts in counted}


def _planned(rows: Collection[Establishment]) -> Mapping[int, Assignment]:
    asked = Assignment.objects.filter(
        establishment__in=[row.pk for row in rows], status=Assignment.Status.OPEN
    )
    first: dict[int, Assignment] = {}
    for row in asked.select_related("inspector").order_by("due_on", "pk"):
        first.setdefault(row.establishment_id, row)
    return first


def _began_on(visit: Inspection) -> date:
    """The local day, that of its arrival where the phone said more."""
    received: Any = visit.received_at
    return timezone.localdate(min(visit.started_at, received))
