"""Is the trail whole?"""

from dataclasses import dataclass

from backend.audit.models import AuditEntry, AuditHead
from backend.audit.trail import digest

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """``broken_at``: the sequence of the first entry that does not fit; None when whole."""

    entries: int
    head_sha256: str
    broken_at: int | None = None
    reason: str = ""


def verify() -> Verdict:
    """Recompute every link from the first entry to the head. Constant memory."""
    expected, previous = 1, "0" * 64
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=BATCH):
        if entry.sequence != expected:
            return Verdict(expected - 1, previous, expected, "entry missing")
        if entry.previous_sha256 != previous:
            return Verdict(expected - 1, previous, expected, "link does not fit")
        if entry.sha256 != digest(entry):
            return Verdict(expected - 1, previous, expected, "content was changed")
        expected, previous = expected + 1, entry.sha256
    head = AuditHead.objects.get(pk=1)
    if (head.sequence, head.sha256) != (expected - 1, previous):
        return Verdict(expected - 1, previous, expected, "the end was cut off")
    return Verdict(expected - 1, previous)
