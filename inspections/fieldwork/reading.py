"""An inspection as the API shows it."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Exists, OuterRef
from django.utils import timezone

from inspections.checklists.lifecycle import definition_of
from inspections.evidence.models import Evidence
from inspections.fieldwork.models import EvidenceReference, Inspection
from inspections.fieldwork.rules.result import complete


def state(inspection: Inspection) -> dict[str, Any]:
    """What the server knows of it besides the document."""
    record = getattr(inspection, "record", None)
    successor = getattr(inspection, "superseded_by", None)
    return {
        "status": inspection.status,
        "version": inspection.version,
        "number": record.number if record else None,
        "year": record.year if record else None,
        "verdict": inspection.verdict or None,
        "score": None if inspection.score is None else f"{inspection.score:.2f}",
        "received_at": _local(inspection.received_at),
        "clock_skew_s": inspection.clock_skew_s,
        "answers_sha256": inspection.answers_sha256 or None,
        "missing_evidence": missing_evidence(inspection),
        "evidence_closed": _event(inspection.evidence_closed_at, inspection.evidence_closed_reason),
        "superseded_by": str(successor.pk) if successor else None,
        "disputed": inspection.is_disputed,
        "replies": replies(inspection),
        "voided": _event(inspection.voided_at, inspection.void_reason),
    }


def replies(inspection: Any) -> list[dict[str, str | None]]:
    """What the place has said to the verdict, or to one of its items, in the order of time."""
    return [said(row) for row in inspection.replies.select_related("finding__stall")]


def said(reply: Any) -> dict[str, str | None]:
    """A reply without the person; its ``finding__stall`` is at hand."""
    finding = reply.finding
    stall = finding.stall if finding else None
    return {
        "at": _local(reply.at),
        "text": reply.text,
        "item": finding.item if finding else None,
        "stall": stall.number if stall else None,
    }


def document(inspection: Inspection) -> dict[str, Any]:
    """The document as it was sent, and the state."""
    return {**inspection.document, "device": inspection.device, **state(inspection)}


def result(inspection: Inspection) -> dict[str, Any]:
    """The stored result. The compliance level, which later months may change, is not in it."""
    checklist = definition_of(inspection.checklist)
    dated = checklist.as_of(timezone.localdate(inspection.started_at))
    return {
        **complete(cast("dict[str, Any]", inspection.result), dated),
        "rules_version": inspection.rules_version,
        "disputed": inspection.is_disputed,
    }


def scored(inspection: Inspection) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """The answers and sheets that a submitted inspection was scored on."""
    held = inspection.assessed or inspection.document
    return held.get("answers", {}), held.get("stalls", [])


def missing_evidence(inspection: Inspection) -> list[str]:
    """Named photos that have not arrived, in the order in which they are named."""
    arrived = Evidence.objects.filter(pk=OuterRef("sha256"))
    rows = EvidenceReference.objects.filter(~Exists(arrived), inspection=inspection)
    return list(rows.order_by("pk").values_list("sha256", flat=True))


def _event(at: Any, reason: str) -> dict[str, str | None] | None:
    return None if at is None else {"at": _local(at), "reason": reason}


def _local(moment: Any) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="milliseconds")
