"""The register of records in the form that Decree 30/2020, article 16 wants printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import JSONField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from inspections.fieldwork.models import Inspection
from inspections.records.models import Record, RecordSequence
from inspections.records.reading import STATUS_IN_VIETNAMESE, public_status

BATCH = 500


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
    """Every number of ``year`` in order, of all authorities or of the one with that code.

    Constant memory, and a short query for every ``BATCH``: none runs into the time that a
    statement may take.
    """
    rows = Record.objects.filter(year=year)
    codes = rows.order_by("authority__code").values_list("authority__code", flat=True).distinct()
    for code in [authority] if authority else list(codes):
        yield from _series(rows.filter(authority__code=code))


def gaps(year: int) -> list[str]:
    """Numbers from a series' first record to the last number given that no record has.

    None, ever.
    """
    # Before the records: whatever number is given meanwhile has its record by then.
    last = dict(RecordSequence.objects.filter(year=year).values_list("authority__code", "last"))
    series: dict[str, list[int]] = {}
    rows = Record.objects.filter(year=year).order_by("sequence")
    for code, sequence in rows.values_list("authority__code", "sequence"):
        series.setdefault(code, []).append(sequence)
    return [
        f"{code} {number}"
        for code, given in series.items()
        for number in sorted(
            set(range(given[0], max(given[-1], last.get(code, 0)) + 1)).difference(given)
        )
    ]


def _series(rows: QuerySet[Record]) -> Iterator[Line]:
    rows = rows.select_related("inspection").only(
        "number",
        "sequence",
        "file_sha256",
        "inspection__status",
        "inspection__verdict",
        "inspection__received_at",
        "inspection__started_at",
    )
    # As the record names it, which today's name may not be; a payload may be large.
    place = KeyTextTransform(
        "name", KeyTextTransform("establishment", Cast("payload", JSONField()))
    )
    rows = rows.annotate(place=place).order_by("sequence")
    last = 0
    while batch := list(rows.filter(sequence__gt=last)[:BATCH]):
        yield from map(_line, batch)
        last = batch[-1].sequence


def _line(row: Record) -> Line:
    inspection = row.inspection
    return Line(
        number=row.number,
        received_at=timezone.localtime(inspection.received_at),
        inspected_on=timezone.localdate(inspection.started_at),
        establishment=cast("Any", row).place,
        verdict=Inspection.Verdict(inspection.verdict).label if inspection.verdict else "",
        status=STATUS_IN_VIETNAMESE[public_status(inspection)],
        file_sha256=row.file_sha256,
    )
