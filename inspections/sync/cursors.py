"""How far a phone has read the trail, as it hands it back: ``1.4821.9f3a5b7c.d4c3b2a1``.

Format, sequence, the beginning of that entry's digest, and what the phone may see. A trail that
was restored from a backup has other digests, so nobody reads on in another history.
"""

import hashlib
import re
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from backend.common.errors import DomainError, InvalidCursor, Kind
from backend.common.text import Bilingual
from inspections.sync.scope import FORMAT, Scope
from markets.models import Establishment

MAX_AGE = timedelta(days=180)
CURSOR = "^([0-9]{1,9})[.]([0-9]{1,18})[.]([0-9a-f]{8})[.]([0-9a-f]{8})$"


class CursorExpired(DomainError):
    """The phone was away too long, or the trail is another one: fetch the bundle."""

    code = "cursor_expired"
    kind = Kind.GONE
    title = Bilingual("Dữ liệu trên máy đã quá cũ", "The copy on the phone is too old")


class ScopeChanged(DomainError):
    """The person may see other places than before: fetch the bundle."""

    code = "scope_changed"
    kind = Kind.GONE
    title = Bilingual("Phạm vi được xem đã thay đổi", "What you may see has changed")


class Position(NamedTuple):
    sequence: int
    digest: str


def write(scope: Scope, at: Position | None = None) -> str:
    """The cursor behind ``at``, or behind the whole trail."""
    sequence, digest = at or Position(scope.sequence, scope.head)
    return f"{FORMAT}.{sequence}.{digest[:8]}.{_rights(scope)}"


def read(text: str, scope: Scope) -> Position:
    """Where to go on. Raises InvalidCursor, CursorExpired, ScopeChanged."""
    match = re.match(CURSOR, text, re.ASCII)
    if match is None or match.end() != len(text):
        raise InvalidCursor
    form, sequence, digest, rights = int(match[1]), int(match[2]), match[3], match[4]
    if form != FORMAT:
        raise CursorExpired
    if rights != _rights(scope):
        raise ScopeChanged
    if sequence:
        entry = AuditEntry.objects.filter(sequence=sequence).only("at", "sha256").first()
        if entry is None or entry.sha256[:8] != digest or entry.at < timezone.now() - MAX_AGE:
            raise CursorExpired
    return Position(sequence, digest)


def _rights(scope: Scope) -> str:
    """An inspector sees every place; of a manager, the places count."""
    seen = [scope.by.role, str(scope.by.id)]
    if scope.by.role == Role.MANAGER:
        places = Establishment.objects.managed_by(scope.by.id, on=scope.day)
        seen += places.order_by("code").values_list("code", flat=True)
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:8]
