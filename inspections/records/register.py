"""The register of records in the form that Decree 30/2020, article 16 wants printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from inspections.fieldwork.models import Inspection
from inspections.records.models import Record
from inspections.records.reading import STATUS_IN_VIETNAMESE, public_status


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the register; ``verdict`` is empty where there is none."""

    number: str
    received_at: datetime
    inspected_on: date
    establishment: str
    verdict: str
    status: str
    file_sha256: str


def lines(year: int, authority: str | None = None) -> Iterator[Line]:
    """Every number of ``year`` in order, of all authorities or of the one with that code."""
    rows = Record.objects.filter(year=year)
    if authority:
        rows = rows.filter(authority__code=authority)
    rows = rows.select_related("inspection", "inspection__establishment")
    for row in rows.order_by("authority__code", "sequence").iterator(chunk_size=500):
        inspection = row.inspection
        yield Line(
            number=row.number,
            received_at=timezone.localtime(inspection.received_at),
            inspected_on=timezone.localdate(inspection.started_at),
            establishment=inspection.establishment.name_vi,
            verdict=Inspection.Verdict(inspection.verdict).label if inspection.verdict else "",
            status=STATUS_IN_VIETNAMESE[public_status(inspection)],
            file_sha256=row.file_sha256,
        )


def gaps(year: int) -> list[str]:
    """Numbers that no record has between the first and the last of a series; none, ever."""
    series: dict[str, list[int]] = {}
    rows = Record.objects.filter(year=year).order_by("sequence")
    for code, sequence in rows.values_list("authority__code", "sequence"):
        series.setdefault(code, []).append(sequence)
    return [
        f"{code} {number}"
        for code, given in series.items()
        for number in sorted(set(range(given[0], given[-1] + 1)).difference(given))
    ]
