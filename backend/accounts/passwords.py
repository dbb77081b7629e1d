"""Passwords are costly to check on purpose; here is how costly, and how many at once."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.exceptions import ValidationError

from backend.accounts.errors import SignInBusy
from backend.accounts.models import User
from backend.common.text import nfc

# Longer ones are refused at every door, before anything is hashed.
MAX_LENGTH = 1_000
# Of this process. A burst of sign-ins must leave processors to those who are already at work.
SLOTS = max(1, (os.cpu_count() or 2) // 2)
# Whoever waits holds a thread of the server, which has few.
WAITERS = 2
LONGEST_WAIT_S = 5

_slots = threading.BoundedSemaphore(SLOTS)
_places = threading.BoundedSemaphore(SLOTS + WAITERS)


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane. Django's own setting takes 100 MB for each sign-in.

    Typing tools disagree about how an accented letter is encoded, so NFC is what counts.
    Source: OWASP Password Storage Cheat Sheet, Argon2id.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return super().encode(nfc(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(nfc(password), encoded)


class MaximumLengthValidator:
    """No new password may be longer than what a sign-in takes."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Mật khẩu có nhiều nhất {MAX_LENGTH} ký tự."


def fits(user: User | None, password: str) -> bool:
    """Whether ``password`` opens the account of ``user``; takes as long where there is none.

    Call it in a ``slot``.
    """
    if user is None:
        make_password(password)
        return False
    return user.check_password(password) and user.is_active


@contextmanager
def slot() -> Iterator[None]:
    """The right to hash. Raises SignInBusy: at once where ``WAITERS`` wait for it already, else
    when it does not come free for ``LONGEST_WAIT_S``.
    """
    with _taken(_places, wait_s=0), _taken(_slots, wait_s=LONGEST_WAIT_S):
        yield


@contextmanager
def _taken(places: threading.BoundedSemaphore, *, wait_s: float) -> Iterator[None]:
    if not places.acquire(timeout=wait_s):
        raise SignInBusy
    try:
        yield
    finally:
        places.release()
