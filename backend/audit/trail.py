"""The one way to write the trail."""

from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F
from django.utils import timezone

from backend.audit.models import AuditEntry, AuditHead
from backend.common import canonical
from backend.common.middleware import request_id

UTC = ZoneInfo("UTC")


class Actor(Protocol):
    """Who acts: anything with a user name."""

    username: str


def record(action: str, subject: str, *, actor: Actor | None, data: dict[str, Any]) -> AuditEntry:
    """Append one entry in the transaction of the change it tells of.

    ``action`` is ``noun.past_participle``; ``subject`` names the row (``inspection:<id>``);
    ``data`` is JSON-ready and holds no secrets. ``actor`` None is the system itself.
    The head row stays locked until the commit, so call this last. Raises RuntimeError outside
    a transaction: an entry must not survive a change that was rolled back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of its change")
    head = _lock_head()
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor=actor.username if actor else "",
        action=action,
        subject=subject,
        data=data,
        request_id=request_id.get(),
        previous_sha256=head.sha256,
    )
    entry.sha256 = digest(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(sequence=F("sequence") + 1, sha256=entry.sha256)
    return entry


def digest(entry: AuditEntry) -> str:
    """What ``entry.sha256`` must be."""
    return canonical.sha256(
        {
            "sequence": entry.sequence,
            "at": _instant(entry.at),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "data": entry.data,
            "request_id": entry.request_id,
            "previous_sha256": entry.previous_sha256,
        }
    )


def _lock_head() -> AuditHead:
    return AuditHead.objects.select_for_update().get(pk=1)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
