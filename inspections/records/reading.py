"""A record as the API and the verification page show it."""

import json
from typing import Any

from django.utils import timezone

from inspections.fieldwork.models import Inspection
from inspections.fieldwork.reading import replies
from inspections.records.lifecycle import verify_url
from inspections.records.models import Record

PUBLIC_STATUS = {"submitted": "provisional"}
STATUS_IN_VIETNAMESE = {
    "provisional": "chưa phát hành",
    "issued": "đã phát hành",
    "superseded": "đã được thay thế",
    "voided": "đã hủy",
}


def record(row: Record) -> dict[str, Any]:
    """For those who may see the inspection."""
    inspection = row.inspection
    return {
        "id": str(row.pk),
        "number": row.number,
        "year": row.year,
        "status": public_status(inspection),
        "verdict": inspection.verdict or None,
        "payload_sha256": row.payload_sha256,
        "file_sha256": row.file_sha256 or None,
        "size_bytes": row.size_bytes,
        "level": row.level or None,
        "signed_at": _local(row.signed_at),
        "signer": {
            "subject": row.signer_subject,
            "issuer": row.signer_issuer,
            "serial": row.signer_serial,
        }
        if row.file_sha256
        else None,
        "verify_url": verify_url(row.token),
        "supersedes": str(inspection.supersedes_id) if inspection.supersedes_id else None,
        "superseded_by": _successor(inspection, lambda successor: str(successor.pk)),
        "disputed": inspection.is_disputed,
        "replies": replies(inspection),
        "addenda": addenda(row),
    }


def public(row: Record) -> dict[str, Any]:
    """For whoever holds the paper: what the record says, and no person."""
    payload, inspection = json.loads(row.payload), row.inspection
    return {
        "number": row.number,
        "year": row.year,
        "authority": payload["authority"]["name"],
        "establishment": payload["establishment"]["name"],
        "address": payload["establishment"]["address"],
        "inspected_on": payload["inspection"]["started_at"][:10],
        "checklist": payload["checklist"]["title"],
        "verdict": inspection.verdict or None,
        "score": payload["result"]["score"],
        "trial": payload["record"]["trial"],
        "test": bool(row.issue_note and row.issue_note["test"]),
        "status": public_status(inspection),
        "file_sha256": row.file_sha256 or None,
        "signed_at": _local(row.signed_at),
        "superseded_by": _successor(inspection, _public_name),
        "disputed": inspection.is_disputed,
        "replies": replies(inspection),
        "addenda": addenda(row),
    }


def addenda(row: Record) -> list[dict[str, Any]]:
    """The signed files that belong to a record besides its own, in the order of their numbers."""
    return [
        {
            "sequence": addendum.sequence,
            "kind": addendum.kind,
            "file_sha256": addendum.file_sha256,
            "size_bytes": addendum.size_bytes,
            "signed_at": _local(addendum.signed_at),
        }
        for addendum in row.addenda.defer("payload").order_by("sequence")
    ]


def public_status(inspection: Inspection) -> str:
    """provisional, issued, superseded or voided."""
    return PUBLIC_STATUS.get(inspection.status, inspection.status)


def _successor(inspection: Inspection, name: Any) -> Any:
    successor = getattr(inspection, "superseded_by", None)
    return name(successor) if successor else None


def _public_name(successor: Inspection) -> dict[str, Any] | None:
    row = getattr(successor, "record", None)
    if row is None:
        return None
    return {"number": row.number, "year": row.year, "verify_url": verify_url(row.token)}


def _local(moment: Any) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")
