"""The plastics summary as it is told: figures, groups, and each store with its level and why."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from backend.common.text import Bilingual
from inspections.summaries import naming, report
from inspections.summaries.periods import Period
from inspections.summaries.store_definitions import STORES
from inspections.summaries.stores import Standing, Store, standing
from inspections.summaries.tallies import Cell
from markets import queries
from markets.models import ReportingArea

Json = dict[str, Any]
GROUPINGS = ("establishment", "unit", "month", "quarter", "year")


def build(period: Period, area: str, group_by: str) -> Json:
    """Raises UnknownUnit where there is no such area on the last day of the period."""
    now, before = standing(period, area), standing(period.before, area)
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "before": {
            "from": before.period.first.isoformat(),
            "to": before.period.last.isoformat(),
        },
        "area": _area(area, period.last),
        "group_by": group_by or None,
        "as_of": period.last.isoformat(),
        "figures": [report.definition(figure) for figure in STORES],
        "total": _cells(now.figures(), before.figures()),
        "groups": list(_groups(now, before, area, group_by)),
        "stores": [_store(store) for store in now.stores],
    }


def _area(code: str, day: date) -> Json | None:
    if not code:
        return None
    known = ReportingArea.objects.filter(pk=code).first()
    name = known.name_vi if known else queries.unit_on(code, day).name
    return {"code": code, "name": name}


def _groups(now: Standing, before: Standing, area: str, group_by: str) -> Iterator[Json]:
    if group_by in ("month", "quarter", "year"):
        for part in _parts(now.period, group_by):
            key, name = naming.time_named(group_by, naming.begins(group_by, part.first))
            yield _group(key, name, standing(part, area).figures(), None)
        return
    for key, (name, places) in _places(now, group_by).items():
        yield _group(key, name, now.figures(places), before.figures(places))


def _parts(period: Period, group_by: str) -> Iterator[Period]:
    """The months, quarters or years of a period; the first and last may be cut."""
    last = period.last
    parts = []
    while last >= period.first:
        first = max(period.first, naming.begins(group_by, last))
        parts.append(Period(first, last))
        last = first - timedelta(days=1)
    yield from reversed(parts)


def _places(now: Standing, group_by: str) -> Mapping[str, tuple[Bilingual, list[int]]]:
    found: dict[str, tuple[Bilingual, list[int]]] = {}
    day = now.period.last
    for store in now.stores if group_by else ():
        key, name = naming.placed(store.place, group_by, day)
        found.setdefault(key, (name, []))[1].append(store.place.pk)
    return dict(sorted(found.items()))


def _group(
    key: str, name: Bilingual, now: Mapping[str, Cell], before: Mapping[str, Cell] | None
) -> Json:
    return {"key": key, "name": report.text(name), "figures": _cells(now, before)}


def _cells(now: Mapping[str, Cell], before: Mapping[str, Cell] | None) -> list[Json]:
    return [
        {"code": code, **cell._asdict(), "before": before[code].value if before else None}
        for code, cell in now.items()
    ]


def _store(store: Store) -> Json:
    visit = store.assessment
    return {
        "establishment": store.place.code,
        "name": queries.name_on(store.place),
        "level": store.level.level,
        "reason": report.text(store.level.reason),
        "inspection": str(visit.pk) if visit else None,
        "assessed_on": timezone.localdate(visit.started_at).isoformat() if visit else None,
        "months_reported": store.months,
    }
