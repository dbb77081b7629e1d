"""After a commit: is a record complete, and may somebody draw it?

Each door calls this after its own transaction, so that a submission and its last photo that
arrive at once strand nothing.
"""

from collections.abc import Collection
from uuid import UUID

from inspections.records import lifecycle as records
from inspections.records import worker
from inspections.submission.facts import missing_evidence


def after_submission(inspection_id: UUID, lacking: Collection[str] = ()) -> None:
    """Of a submission, or of evidence that was closed.

    ``lacking``: what was missing inside the transaction; as a rule it still is, and that is
    cheap to see.
    """
    if lacking and missing_evidence(lacking):
        return
    if records.complete_if_all_is_here(inspection_id):
        worker.wake()


def after_evidence(sha256: str) -> None:
    """Of a photo that arrived."""
    completed = [records.complete_if_all_is_here(pk) for pk in records.waiting_for(sha256)]
    if any(completed):
        worker.wake()
