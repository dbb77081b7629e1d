"""How far supermarkets and trade centres have come with bags, in figures: the indicators PI01 to
PI09. Rules of docs/rules/plastics.md.

A handful of statements for each day that is looked at, however many stores there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from backend.common import canonical
from inspections.fieldwork.models import BEGUN, Inspection
from inspections.fieldwork.rules.compliance import Compliance
from inspections.planning.assignments import STANDING
from inspections.plastics import levels
from inspections.plastics.measures import CHECKLIST
from inspections.plastics.models import BagReturn
from inspections.summaries import arithmetic
from inspections.summaries.periods import Period
from inspections.summaries.tallies import Cell
from markets import queries
from markets.models import Establishment, ReportingArea

KINDS = (Establishment.Kind.SUPERMARKET, Establishment.Kind.TRADE_CENTRE)
BAGS = "PM01"


class Store(NamedTuple):
    """A store as of a day; ``months``: how many of the last six it has reported."""

    place: Establishment
    level: Compliance
    assessment: Inspection | None
    months: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The stores of the last day of ``period``, and what was done and reported in it."""

    period: Period
    stores: Sequence[Store]
    inspected: frozenset[int]
    returns: Sequence[BagReturn]

    def figures(self, of: Iterable[int] | None = None) -> Mapping[str, Cell]:
        """By code; ``of``: primary keys of places, None for all of them."""
        chosen = None if of is None else frozenset(of)
        stores = [s for s in self.stores if chosen is None or s.place.pk in chosen]
        known = {store.place.pk for store in stores}
        count = {code: sum(s.level.level == code for s in stores) for code in ("L2", "L1", "L0")}
        unknown = sum(store.level.level is None for store in stores)
        all_of_them, better = len(stores), count["L2"] + count["L1"]
        returns = [row for row in self.returns if row.establishment_id in known]
        bags = [Decimal(row.measures[BAGS]) for row in returns if BAGS in row.measures]
        confirmed = sum(row.confirmed_at is not None for row in returns)
        return {
            "PI01": _count(all_of_them),
            "PI02": _count(better),
            "PI03": _count(count["L2"]),
            "PI04": _share(better, all_of_them),
            "PI05": _share(count["L2"], all_of_them),
            "PI06": _count(len(self.inspected & known)),
            "PI07": Cell(_sum(bags), None, len(bags)),
            "PI08": _count(unknown),
            "PI09": _count(count["L0"]),
            "PI10": _share(all_of_them - unknown, all_of_them),
            "PI11": _share(len(returns), all_of_them * self.months),
            "PI12": _share(confirmed, len(returns)),
        }

    @property
    def months(self) -> int:
        first, last = self.period
        return 12 * (last.year - first.year) + last.month - first.month + 1


def standing(period: Period, area: str) -> Standing:
    """``area``: the code of a unit or of a reporting area, "" for everywhere."""
    day = period.last
    places = list(_places(area, day))
    keys = [place.pk for place in places]
    assessed = _assessments(keys, day)
    reported = levels.reported_months(keys, day)
    stores = [
        _store(place, assessed.get(place.pk), reported.get(place.pk, []), day) for place in places
    ]
    return Standing(period, stores, _inspected(keys, period), _returns(keys, period))


def _store(
    place: Establishment, last: Inspection | None, reported: Sequence[BagReturn], day: date
) -> Store:
    if last is None:
        return Store(place, levels.level_of(None, (), day), None, len(reported))
    criteria = cast("Any", last).held_criteria
    return Store(place, levels.level(last, criteria, reported, day), last, len(reported))


def _places(area: str, day: date) -> QuerySet[Establishment]:
    closed = Q(closed_on__lte=day) | Q(opened_on__gt=day)
    rows = queries.on_day(Establishment.objects.filter(kind__in=KINDS).exclude(closed), day)
    if area:
        known = ReportingArea.objects.filter(pk=area).exists()
        rows = rows.filter((queries.within_area if known else queries.within)(area, day))
    return rows.order_by("code")


def _assessments(places: Sequence[int], day: date) -> dict[int, Inspection]:
    """Of each place the last one that had begun by ``day`` and counts now."""
    ended = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    counting = Inspection.objects.filter(
        checklist__code=CHECKLIST, status__in=STANDING, started_at__lt=ended
    ).exclude(kind=Inspection.Kind.SELF_CHECK)
    newest = counting.filter(establishment=OuterRef("pk")).order_by(BEGUN.desc(), "-id")
    here = Establishment.objects.filter(pk__in=places)
    last = here.annotate(last=Subquery(newest.values("pk")[:1])).values("last")
    rows = Inspection.objects.filter(pk__in=last).select_related("checklist")
    rows = rows.annotate(held_criteria=KeyTransform("criteria", "result"))
    return {
        row.establishment_id: row
        for row in rows.defer("document", "result", "assessed", "receipt", "checklist__content")
    }


def _inspected(places: Sequence[int], period: Period) -> frozenset[int]:
    begun, ended = period.moments
    rows = Inspection.objects.filter(
        establishment__in=places, checklist__code=CHECKLIST, status__in=STANDING
    ).exclude(kind=Inspection.Kind.SELF_CHECK)
    rows = rows.annotate(begun=BEGUN).filter(begun__gte=begun, begun__lt=ended)
    return frozenset(rows.order_by().values_list("establishment", flat=True))


def _returns(places: Sequence[int], period: Period) -> list[BagReturn]:
    """What counts of the months of the period, the first one whole."""
    rows = BagReturn.objects.current().filter(establishment__in=places)
    return list(rows.filter(month__gte=period.first.replace(day=1), month__lte=period.last))


def _sum(figures: Sequence[Decimal]) -> str | None:
    return canonical.decimal_text(sum(figures, Decimal())) if figures else None


def _count(number: int) -> Cell:
    return Cell(str(number), str(number), None)


def _share(part: int, whole: int) -> Cell:
    return Cell(arithmetic.percent(part, whole), str(part), whole)
