"""The compliance level of a place as of a day: its last assessment and the months that it reported.

Rules L1 to L6 of docs/rules/compliance.md. Derived, never stored.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from backend.common.text import Bilingual
from inspections.checklists.definition import Checklist
from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.rules.compliance import Compliance, Month, compliance
from inspections.plastics import measures
from inspections.plastics.models import BagReturn

# Source: compliance.not_assessed of the shipped checklist.
ASSESSED_MONTHS = 24
REPORTED_MONTHS = 6

_STANDING = (Inspection.Status.SUBMITTED, Inspection.Status.ISSUED)
_NO_ASSESSMENT = Bilingual(
    "Chưa đánh giá: không có lần kiểm tra còn giá trị trong 24 tháng qua.",
    "Not assessed: no valid assessment within the last 24 months.",
)


def level_of(
    assessment: Inspection | None, criteria: Iterable[Mapping[str, Any]], day: date
) -> Compliance:
    """Of the place of one assessment, by the stored ``criteria`` of its result. One statement."""
    if assessment is None:
        return Compliance(None, _NO_ASSESSMENT)
    reported: Collection[BagReturn] = ()
    if definition_of(assessment.checklist).compliance_levels:
        place = assessment.establishment_id
        reported = reported_months([place], day).get(place, ())
    return level(assessment, criteria, reported, day)


def level(
    assessment: Inspection,
    criteria: Iterable[Mapping[str, Any]],
    reported: Collection[BagReturn],
    day: date,
) -> Compliance:
    """``reported``: the months of ``reported_months``, newest first."""
    if not _is_valid(assessment, day):
        return Compliance(None, _NO_ASSESSMENT)
    checklist = definition_of(assessment.checklist)
    outcomes = {row["item"]: row["outcome"] for row in criteria}
    return compliance(checklist, outcomes, [month(row, checklist) for row in reported])


def reported_months(places: Collection[int], day: date) -> dict[int, list[BagReturn]]:
    """L6: by place, what counts of the last six calendar months up to that of ``day``."""
    rows = BagReturn.objects.current().filter(
        establishment__in=places,
        month__gt=_months_before(day.replace(day=1), REPORTED_MONTHS),
        month__lte=day,
    )
    found: dict[int, list[BagReturn]] = {}
    for row in rows.order_by("-month", "-pk"):
        found.setdefault(row.establishment_id, []).append(row)
    return found


def month(row: BagReturn, checklist: Checklist) -> Month:
    """What was reported, and what follows from it by the formulas of the checklist."""
    values = measures.values_of(row.measures)
    return {**values, **measures.derived(values, checklist.measures)}


def oldest_valid(day: date) -> date:
    """L5: the first local day on which an assessment may have begun."""
    return _months_before(day, ASSESSED_MONTHS)


def _is_valid(assessment: Inspection, day: date) -> bool:
    began = timezone.localdate(assessment.started_at)
    return assessment.status in _STANDING and oldest_valid(day) <= began


def _months_before(day: date, count: int) -> date:
    years, index = divmod(12 * day.year + day.month - 1 - count, 12)
    return day.replace(year=years, month=index + 1, day=min(day.day, 28))
