"""The receipt: what a phone keeps as proof that a visit arrived."""

import json
from typing import Any

from django.utils import timezone

from inspections.records.payload import Numbered
from inspections.submission.arrival import Arrival


def build(arrival: Arrival, numbered: Numbered | None) -> dict[str, Any]:
    """A self-check has no number and no record, so ``numbered`` is None there."""
    result = arrival.assessment.result
    return {
        "id": arrival.document.id,
        "status": "submitted",
        "number": numbered.number if numbered else None,
        "year": numbered.year if numbered else None,
        "verdict": result.verdict,
        "score": result.score,
        "level_a": result.level_a._asdict(),
        "level_b": result.level_b._asdict(),
        "answers_sha256": arrival.answers_sha256,
        "missing_evidence": list(arrival.lacking),
        "received_at": timezone.localtime(arrival.received_at).isoformat(timespec="milliseconds"),
        "clock_skew_s": arrival.clock_skew_s,
        "verify_url": numbered.verify_url if numbered else None,
    }


def render(receipt: dict[str, Any]) -> str:
    """The bytes that are stored and repeated, as text."""
    return json.dumps(receipt, ensure_ascii=False, separators=(",", ":"))
