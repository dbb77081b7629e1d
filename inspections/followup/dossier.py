"""A finding with all that a reviewer looks at: what was asked, seen, said and done about it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork.models import Finding
from inspections.fieldwork.reading import scored
from inspections.fieldwork.rules.completeness import stall_of
from inspections.followup.queries import CLOSED
from inspections.followup.rules.moves import legal_moves


def dossier(finding: Any, *, by_visit: bool) -> dict[str, Any]:
    """Besides the row of ``views.shown``: a handful of statements, whatever there is to tell.

    ``by_visit``: whether a visit has settled it (see ``rules.moves``).
    """
    answer = _answer(finding)
    record = getattr(finding.inspection, "record", None)
    item = definition_of(finding.inspection.checklist).items[finding.item]
    return {
        "number": record.number if record else None,
        "references": [{"text": ref.text, "status": ref.status} for ref in item.references],
        "value": answer.get("value"),
        "note": answer.get("note") or "",
        "photos": list(answer.get("photos") or ()),
        "legal_moves": list(legal_moves(finding.status, by_visit=by_visit)),
        "history": sorted(_history(finding), key=lambda event: event["at"]),
        "repeats": _repeats(finding),
        "text_to_forward": _forwarded(finding, record.number if record else ""),
    }


def _answer(finding: Any) -> Mapping[str, Any]:
    """What the visit answered to the item there."""
    answers, sheets = scored(finding.inspection)
    if finding.stall_id:
        stall = str(finding.stall_id)
        answers = next((s.get("answers", {}) for s in sheets if stall_of(s) == stall), {})
    found: Mapping[str, Any] = answers.get(finding.item, {})
    return found


def _history(finding: Any) -> Iterator[dict[str, Any]]:
    visit = finding.inspection
    yield _event("found", visit.received_at, visit.sent_by)
    for row in finding.corrections.all():
        yield _event("answered", row.at, row.by, row.text)
        if row.decided_at:
            word = "refused" if row.state == row.State.REFUSED else "accepted"
            yield _event(word, row.decided_at, row.decided_by, row.reason)
        if row.reopened_at:
            yield _event("reopened", row.reopened_at, row.reopened_by, row.reopened_reason)
    for row in finding.exceptions.all():
        yield _event("excepted", row.granted_at, row.granted_by, row.reason)
        if row.ended_at:
            yield _event("exception_ended", row.ended_at, row.ended_by, row.ended_reason)
    for row in finding.replies.select_related("by"):
        yield _event("replied", row.at, row.by, row.text)


def _event(what: str, at: datetime, by: Any, text: str = "") -> dict[str, Any]:
    return {"what": what, "at": timezone.localtime(at), "by": by.username, "text": text}


def _repeats(finding: Any) -> list[dict[str, Any]]:
    """The same fault, found before: the newest first, of the same place and stall."""
    same = Finding.objects.filter(
        establishment=finding.establishment_id,
        item=finding.item,
        stall=finding.stall_id,
        found_on__lte=finding.found_on,
        inspection__status__in=("submitted", "issued"),
    ).exclude(pk=finding.pk)
    official = same.exclude(inspection__kind="self_check").order_by("-found_on", "-pk")
    return [
        {"id": pk, "found_on": day, "inspection": visit}
        for pk, day, visit in official.values_list("pk", "found_on", "inspection")[:10]
    ]


def _forwarded(finding: Any, number: str) -> dict[str, str]:
    """Short enough for a messenger or an SMS; nobody is named."""
    checklist = definition_of(finding.inspection.checklist)
    item, severity = checklist.items[finding.item], checklist.severities[finding.severity].name
    place, stall = finding.establishment, finding.stall.number if finding.stall else ""
    day = f"{finding.due_on:%d/%m/%Y}"
    vi = [place.name_vi + (f", quầy {stall}" if stall else ""), f"{finding.item}: {item.text.vi}"]
    en = [
        (place.name_en or place.name_vi) + (f", stall {stall}" if stall else ""),
        f"{finding.item}: {item.text.en}",
    ]
    vi += [f"Mức độ: {severity.vi}", "Đã khép lại" if finding.status == CLOSED else f"Hạn: {day}"]
    en += [f"Severity: {severity.en}", "Closed" if finding.status == CLOSED else f"Due: {day}"]
    if number:
        vi.append(f"Biên bản {number}")
        en.append(f"Record {number}")
    return {"vi": "\n".join(vi), "en": "\n".join(en)}
