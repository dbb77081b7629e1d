"""After a commit: is a record complete, and may somebody draw it?

Each door calls this after its own transaction, so that a submission and its last photo that
arrive at once strand nothing.
"""

from uuid import UUID

from inspections.records import lifecycle as records
from inspections.records import worker


def after_submission(inspection_id: UUID) -> None:
    """Of a submission, or of evidence that was closed."""
    if records.complete_if_all_is_here(inspection_id):
        worker.wake()


def after_evidence(sha256: str) -> None:
    """Of a photo that arrived."""
    completed = [records.complete_if_all_is_here(pk) for pk in records.waiting_for(sha256)]
    if any(completed):
        worker.wake()
