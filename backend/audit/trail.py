"""The one way to write the trail."""

import json
from datetime import datetime
from typing import Any, NoReturn, Protocol
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from backend.audit.models import AuditEntry, AuditHead
from backend.common import canonical, rows
from backend.common.compiled import Compiled
from backend.common.middleware import request_id

UTC = ZoneInfo("UTC")
_head = Compiled(
    lambda: AuditHead.objects.select_for_update().filter(pk=1).values("sequence", "sha256")
)


class Actor(Protocol):
    """Who acts: anything with a user name."""

    @property
    def username(self) -> str: ...


def record(action: str, subject: str, *, actor: Actor | None, data: dict[str, Any]) -> AuditEntry:
    """Append one entry in the transaction of the change it tells of: two statements.

    ``action`` is ``noun.past_participle``; ``subject`` names the row (``inspection:<id>``);
    ``data`` is JSON with decimals as ``Decimal`` or text, and holds no secrets. ``actor`` None
    is the system itself. The head row stays locked until the commit, so call this last. Raises
    RuntimeError outside a transaction: an entry must not survive a change that was rolled back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of its change")
    # On SQLite a transaction that writes is alone from its beginning.
    head = _head.first()
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor=actor.username if actor else "",
        action=action,
        subject=subject,
        data=_as_stored(data),
        request_id=request_id.get(),
        previous_sha256=head.sha256,
    )
    entry.sha256 = digest(entry)
    # A trigger of the database moves the head on to the new entry.
    rows.insert([entry])
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


def _as_stored(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` as the database will give it back, so that the digest fits for ever."""
    stored: dict[str, Any] = json.loads(
        canonical.dumps(data), parse_float=_refuse_float, parse_constant=_refuse_float
    )
    return stored


def _refuse_float(text: str) -> NoReturn:
    raise TypeError(f"{text}: a float has no exact form; give a Decimal")


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
