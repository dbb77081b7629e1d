"""Is the trail whole?"""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.audit.models import AuditEntry, AuditHead
from backend.audit.trail import digest

# Each batch is a query of its own: an open cursor would keep writers waiting on SQLite.
BATCH = 1_000
BEGINNING = "0" * 64
# What the columns of SQLite raise when somebody wrote no JSON or no time into them.
UNREADABLE = (AttributeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``entries`` fit, and ``head_sha256`` is the digest of the last one of them.

    ``broken_at``: the sequence of the first entry that does not fit; None when whole.
    """

    entries: int
    head_sha256: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def verify() -> Verdict:
    """Recompute every link from the first entry to the head. Constant memory.

    Entries may be added meanwhile. Whoever can rewrite the whole table and its head can make
    another whole chain: note ``head_sha256`` somewhere else now and then.
    """
    noted = AuditHead.objects.filter(pk=1).first()
    if noted is None:
        return Verdict(0, BEGINNING, 1, "the head is missing")
    sequence, previous = 0, BEGINNING
    for entry in _entries():
        reason = _misfit(entry, sequence + 1, previous)
        if not reason and entry.sequence == noted.sequence and entry.sha256 != noted.sha256:
            reason = "the head names another entry"
        if reason:
            return Verdict(sequence, previous, sequence + 1, reason)
        sequence, previous = entry.sequence, entry.sha256
    if sequence < noted.sequence:
        return Verdict(sequence, previous, sequence + 1, "the end was cut off")
    if sequence > AuditHead.objects.get(pk=1).sequence:
        return Verdict(sequence, previous, sequence, "entries lie beyond the head")
    return Verdict(sequence, previous)


def _misfit(entry: AuditEntry, expected: int, previous: str) -> str:
    if entry.sequence != expected:
        return "the number does not follow"
    if entry.previous_sha256 != previous:
        return "the link does not fit"
    try:
        return "" if entry.sha256 == digest(entry) else "the content was changed"
    except UNREADABLE:
        return "the content cannot be read"


def _entries() -> Iterator[AuditEntry]:
    last = -1
    while numbers := list(
        AuditEntry.objects.filter(sequence__gt=last)
        .order_by("sequence")
        .values_list("sequence", flat=True)[:BATCH]
    ):
        yield from _batch(last, numbers)
        last = numbers[-1]


def _batch(last: int, numbers: list[int]) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(sequence__gt=last, sequence__lte=numbers[-1])
    try:
        return list(rows.order_by("sequence"))
    except UNREADABLE:
        return [_one(number) for number in numbers]


def _one(number: int) -> AuditEntry:
    """The entry, or one that fits nowhere in place of one whose columns cannot be read."""
    try:
        return AuditEntry.objects.get(sequence=number)
    except UNREADABLE:
        return AuditEntry(sequence=number)
