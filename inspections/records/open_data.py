"""What the department has published, for everybody: places with their last verdict (J6)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from backend.common.spreadsheets import as_csv
from inspections.fieldwork.models import BEGUN, Inspection
from inspections.fieldwork.reading import said
from inspections.records.lifecycle import verify_url
from markets import queries
from markets.models import Establishment

COLUMNS = (
    "code", "name", "kind", "unit", "inspected_on", "checklist", "verdict", "score", "disputed",
    "replies", "verify_url",
)  # fmt: skip


def published() -> QuerySet[Establishment]:
    """Places of which something is published, each with the visit as ``shown``, by code."""
    standing = Inspection.objects.filter(
        establishment=OuterRef("pk"),
        status=Inspection.Status.ISSUED,
        publications__isnull=False,
        publications__withdrawn_at=None,
    )
    newest = standing.order_by(BEGUN.desc(), "-id").values("pk")[:1]
    places = queries.on_day(Establishment.objects.all(), timezone.localdate())
    return places.annotate(shown=Subquery(newest)).filter(shown__isnull=False)


def rows(places: Iterable[Any]) -> list[dict[str, Any]]:
    """What is told of places of ``published``, in their order; five statements."""
    places = list(places)
    visits = Inspection.objects.select_related("checklist", "record", "appeal").prefetch_related(
        "replies__finding__stall"
    )
    bulky = ("document", "result", "assessed", "receipt", "checklist__content", "record__payload")
    found = visits.defer(*bulky).in_bulk([place.shown for place in places])
    return [_row(place, found[place.shown]) for place in places if place.shown in found]


def table(places: Iterable[Any]) -> bytes:
    """The rows as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    return as_csv(COLUMNS, ([_cell(row[column]) for column in COLUMNS] for row in rows(places)))


def _cell(value: Any) -> str:
    """A value of a row as text."""
    if isinstance(value, list):
        value = " | ".join(said["text"] for said in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _row(place: Any, visit: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "code": place.code,
        "name": queries.name_on(place),
        "kind": place.kind,
        "unit": ", ".join(unit.name for unit in queries.units_on(place, today)),
        "inspected_on": timezone.localdate(visit.started_at).isoformat(),
        "checklist": visit.checklist.name,
        "verdict": visit.verdict or None,
        "score": None if visit.score is None else f"{visit.score:.2f}",
        "disputed": visit.is_disputed,
        "replies": [said(reply) for reply in visit.replies.all()],
        "verify_url": verify_url(visit.record.token),
    }
