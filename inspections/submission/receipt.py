"""The receipt: what a phone keeps as proof that a visit arrived."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from inspections.fieldwork.rules.result import Result
from inspections.records.payload import Numbered


def build(
    inspection_id: str,
    numbered: Numbered | None,
    result: Result,
    answers_sha256: str,
    missing_evidence: list[str],
    received_at: datetime,
    clock_skew_s: int | None,
) -> dict[str, Any]:
    """A self-check has no number and no record, so ``numbered`` is None there."""
    return {
        "id": inspection_id,
        "status": "submitted",
        "number": numbered.number if numbered else None,
        "year": numbered.year if numbered else None,
        "verdict": result.verdict,
        "score": result.score,
        "level_a": result.level_a._asdict(),
        "level_b": result.level_b._asdict(),
        "answers_sha256": answers_sha256,
        "missing_evidence": missing_evidence,
        "received_at": timezone.localtime(received_at).isoformat(timespec="milliseconds"),
        "clock_skew_s": clock_skew_s,
        "verify_url": numbered.verify_url if numbered else None,
    }


def render(receipt: dict[str, Any]) -> str:
    """The bytes that are stored and repeated, as text."""
    return json.dumps(receipt, ensure_ascii=False, separators=(",", ":"))
