"""Work of somebody whose session has ended: taken in unjudged, done or refused by the department.

An account may be closed while its phone is in the mountains. What was done there before is
never thrown away: it waits here, and is done in that person's name once the department says so.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from backend.accounts.current import Person
from backend.audit import trail
from backend.common import canonical, rows, strict_json
from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual
from inspections.fieldwork.errors import IllegalMove, ReasonRequired
from inspections.submission.rules import MAX_PHOTOS
from inspections.sync import quarantine_items
from inspections.sync.quarantine_models import QuarantinedItem, QuarantinedPhoto

# Of one person, until the department has decided.
MOST_WAITING = 200
MOST_BYTES = 64 * 2**20
FULL_RETRY_AFTER_S = 3600
WAITING = QuarantinedItem.Status.WAITING
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Officer(Protocol):
    """Who decides, over the API or in the office pages."""

    @property
    def id(self) -> int: ...

    @property
    def username(self) -> str: ...


class QuarantineFull(DomainError):
    """The phone keeps what it has until the department has looked at what is here."""

    code = "quarantine_full"
    kind = Kind.THROTTLED
    title = Bilingual(
        vi="Phần chờ Sở quyết định của người này đã đầy",
        en="Too much of this person's work waits for a decision",
    )

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": str(FULL_RETRY_AFTER_S)})


class AlreadyDecided(IllegalMove):
    """Somebody has accepted or rejected it before."""


@transaction.atomic
def keep(op: str, item_id: UUID, data: Mapping[str, Any], *, by: Person) -> None:
    """Keep what ``by`` did, whose token said so. Safe to repeat: equal bodies once.

    Another body under the same id is kept besides. Raises QuarantineFull.
    """
    body = canonical.dumps(data)
    kept, is_new = QuarantinedItem.objects.get_or_create(
        person_id=by.id,
        op=op,
        item=item_id,
        sha256=canonical.sha256(data),
        defaults={
            "role": by.role,
            "session": by.session_id,
            # As it is read again: a decimal is a text from here on.
            "data": strict_json.loads(body),
            "size_bytes": len(body),
        },
    )
    if is_new:
        digests = islice(dict.fromkeys(_digests(data)), MAX_PHOTOS)
        rows.insert([QuarantinedPhoto(item=kept, sha256=digest) for digest in digests])
        _check_room(by)
        _tell("quarantine.received", kept, by)


def accept(item_id: UUID, *, by: Officer) -> QuarantinedItem:
    """Do what the item says in the name of whoever did it; all of it or nothing.

    Raises AlreadyDecided, and whatever the verb itself raises.
    """
    with transaction.atomic():
        item = _decide(item_id, QuarantinedItem.Status.ACCEPTED, by)
        finish = quarantine_items.do(item)
        _tell("quarantine.accepted", item, by)
    finish()
    return item


@transaction.atomic
def reject(item_id: UUID, *, reason: str, by: Officer) -> QuarantinedItem:
    """Refuse it; the body stays to be read. Raises AlreadyDecided, ReasonRequired."""
    if not reason.strip():
        raise ReasonRequired
    item = _decide(item_id, QuarantinedItem.Status.REJECTED, by, reason=reason)
    _tell("quarantine.rejected", item, by, reason=reason)
    return item


def names(sha256: str, *, by: Person) -> bool:
    """Whether something of ``by`` that was not refused names this photo."""
    named = QuarantinedPhoto.objects.filter(sha256=sha256, item__person_id=by.id)
    return named.exclude(item__status=QuarantinedItem.Status.REJECTED).exists()


def _decide(item_id: UUID, status: str, by: Officer, *, reason: str = "") -> QuarantinedItem:
    """Of many officers at once one decides. Raises AlreadyDecided."""
    waiting = QuarantinedItem.objects.filter(pk=item_id, status=WAITING)
    decided = waiting.update(
        status=status, decided_at=timezone.now(), decided_by=by.id, reason=reason
    )
    item = QuarantinedItem.objects.select_related("person", "decided_by").get(pk=item_id)
    if not decided:
        detail = Bilingual("Mục này đã được quyết định.", "This item has been decided.")
        raise AlreadyDecided(detail, state=item.status, legal_moves=[])
    return item


def _check_room(by: Person) -> None:
    waiting = QuarantinedItem.objects.filter(person_id=by.id, status=WAITING)
    found = waiting.aggregate(items=Count("pk"), size=Sum("size_bytes"))
    if found["items"] > MOST_WAITING or found["size"] > MOST_BYTES:
        raise QuarantineFull


def _digests(value: Any) -> Iterator[str]:
    """Every photo that a body of any shape names."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "photos" and isinstance(inner, list):
                yield from (d for d in inner if isinstance(d, str) and _DIGEST.fullmatch(d))
            else:
                yield from _digests(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _digests(inner)


def _tell(action: str, item: QuarantinedItem, by: trail.Actor, **data: Any) -> None:
    told = {"op": item.op, "item": str(item.item), "sha256": item.sha256}
    trail.record(action, f"quarantine:{item.pk}", actor=by, data={**told, **data})
