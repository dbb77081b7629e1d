"""Do the stored results still come out as they were given?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.reading import scored
from inspections.fieldwork.rules.result import evaluate

# What only the database knows of a finding, and the sentences that name stalls by number; the
# rules give the rest.
OF_THE_DATABASE = ("id", "due_on", "repeat_of")


@dataclass(frozen=True, slots=True)
class Difference:
    """``fields``: the members of the result that come out otherwise today."""

    inspection_id: str
    number: str | None
    fields: list[str]


def differences() -> Iterator[Difference]:
    """Compute every submitted inspection again from its document. Constant memory."""
    rows = Inspection.objects.exclude(status=Inspection.Status.DRAFT)
    rows = rows.select_related("checklist", "record").order_by("pk")
    for inspection in rows.iterator(chunk_size=200):
        now, then = _today(inspection), _without_database(inspection.result or {})
        fields = sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key))
        if str(then.get("verdict") or "") != inspection.verdict:
            fields.append("inspection.verdict")
        if fields:
            record = getattr(inspection, "record", None)
            yield Difference(str(inspection.pk), record and record.number, fields)


def _today(inspection: Inspection) -> dict[str, Any]:
    answers, sheets = scored(inspection)
    day = timezone.localdate(inspection.started_at)
    result = evaluate(definition_of(inspection.checklist), day, answers, sheets).kept()
    return _without_database(result)


def _without_database(result: dict[str, Any]) -> dict[str, Any]:
    findings = [
        {key: value for key, value in finding.items() if key not in OF_THE_DATABASE}
        for finding in result.get("findings", [])
    ]
    return {**result, "findings": findings, "explanation": None}
