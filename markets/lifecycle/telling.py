"""What the audit trail is told: each change by itself, the many of one file together."""

from collections import defaultdict
from typing import Any

from backend.audit import trail

# Names of changed things in one entry, for each kind of change; the count is always whole.
MOST_NAMED = 500


class Batch:
    """Who acts through a file: what happens by it is kept back until ``tell``.

    The head of the trail stays locked from an entry to the commit, and a file may change a
    thousand places: nobody could submit meanwhile.
    """

    def __init__(self, actor: trail.Actor) -> None:
        self.username = actor.username
        self._changes: dict[str, list[str]] = defaultdict(list)

    def keep(self, action: str, subject: str) -> None:
        self._changes[action].append(subject)

    def tell(self, action: str, subject: str) -> None:
        """Write one entry about everything kept back; none where nothing changed."""
        if not self._changes:
            return
        changes = {
            kind: {"count": len(subjects), "subjects": subjects[:MOST_NAMED]}
            for kind, subjects in self._changes.items()
        }
        trail.record(action, subject, actor=self, data=changes)


def record(action: str, subject: str, *, actor: trail.Actor | None, data: dict[str, Any]) -> None:
    """Write an entry, or keep it back where ``actor`` is a Batch."""
    if isinstance(actor, Batch):
        actor.keep(action, subject)
    else:
        trail.record(action, subject, actor=actor, data=data)
