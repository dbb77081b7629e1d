"""Guessing a password gets slower with every try.

Counted by account. A device that has signed in to the account before counts alone, so that a
stranger who guesses cannot lock the owner's phone out; all other devices share one counter,
wherever they are: addresses are shared by a whole valley and cost an attacker nothing.
"""

import hashlib
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils import timezone

from backend.accounts.errors import SignInThrottled
from backend.accounts.models import Device, SignInThrottle

FREE_ATTEMPTS = 10
# The wait after the 10th, 11th ... attempt; the last one stays.
WAITS = [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480, 900)]
FORGOTTEN_AFTER = timedelta(hours=1)


def key(username: str, device: str = "") -> str:
    """The counter for this account as tried from ``device`` ("" or one never seen: shared)."""
    known = (
        bool(device)
        and Device.objects.filter(
            user__username=username, identifier=device, revoked_at=None
        ).exists()
    )
    name = f"{username.casefold()}\0{device if known else ''}"
    return hashlib.sha256(name.encode()).hexdigest()


def link_key(device: str) -> str:
    """The counter for one-time codes as tried from ``device``.

    Nobody guesses a code of 128 bits: this slows down a client that repeats itself. A counter
    that all share would let a stranger lock every new phone out.
    """
    return hashlib.sha256(f"\0link\0{device}".encode()).hexdigest()


def check(counter: str) -> None:
    """Raises SignInThrottled where an attempt would not be let through. Writes nothing."""
    now = timezone.now()
    locked_until = (
        SignInThrottle.objects.filter(pk=counter).values_list("locked_until", flat=True).first()
    )
    if locked_until and now < locked_until <= now + WAITS[-1]:
        raise SignInThrottled((locked_until - now).total_seconds())


def count_attempt(counter: str) -> None:
    """Count one attempt before its password is looked at. Raises SignInThrottled.

    Each statement stands alone, so that parallel attempts cannot slip through between reading
    and writing, on either database; a refused attempt is not counted.
    """
    now = timezone.now()
    row = SignInThrottle.objects.filter(pk=counter)
    SignInThrottle.objects.get_or_create(pk=counter, defaults={"last_failure_at": now})
    row.filter(last_failure_at__lt=now - FORGOTTEN_AFTER).update(failures=0, locked_until=None)
    # A lock that ends later than any wait was set by a clock that has been put back since.
    is_open = Q(locked_until=None) | Q(locked_until__lte=now) | Q(locked_until__gt=now + WAITS[-1])
    counted = row.filter(is_open).update(
        failures=F("failures") + 1, last_failure_at=now, locked_until=_lock(now)
    )
    if not counted:
        locked_until = row.values_list("locked_until", flat=True).first()
        raise SignInThrottled(((locked_until or now) - now).total_seconds())


def clear(counter: str) -> None:
    """Forget the failures: somebody signed in.

    The row stays, because another attempt may be about to count itself in it.
    """
    SignInThrottle.objects.filter(pk=counter).update(failures=0, locked_until=None)


def _lock(now: datetime) -> Case:
    """``locked_until`` after one more failure than the row has."""
    steps = [
        When(failures__gte=FREE_ATTEMPTS - 1 + step, then=Value(now + wait))
        for step, wait in enumerate(WAITS)
    ]
    return Case(*reversed(steps), default=None, output_field=DateTimeField())
