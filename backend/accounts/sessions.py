"""Is a session still alive? Asked at every request, so the answer is kept for a moment."""

import time
from uuid import UUID

from backend.accounts.current import Person
from backend.accounts.models import Session

# Revocation bites after this time in the other processes; the promise is 10 seconds.
FRESH_FOR_S = 5
MAX_REMEMBERED = 10_000

_seen_alive: dict[UUID, float] = {}


def is_alive(person: Person, epoch: int) -> bool:
    """Whether the session still stands for this person in this role.

    At most one small query per session, process and ``FRESH_FOR_S``.
    """
    asked_at = time.monotonic()
    seen_at = _seen_alive.get(person.session_id)
    if seen_at is not None and 0 <= asked_at - seen_at < FRESH_FOR_S:
        return True
    alive = Session.objects.filter(
        pk=person.session_id,
        user_id=person.id,
        ended_at=None,
        token_epoch=epoch,
        user__token_epoch=epoch,
        user__role=person.role,
        user__is_active=True,
    ).exists()
    if alive:
        if len(_seen_alive) >= MAX_REMEMBERED:
            _seen_alive.clear()
        _seen_alive[person.session_id] = asked_at
    return alive


def forget() -> None:
    """Ask the database again from the next request on, in this process."""
    _seen_alive.clear()
