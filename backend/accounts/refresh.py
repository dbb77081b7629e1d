"""Refresh tokens: opaque, kept as digests, one chain of generations for each session.

A phone in the mountains sends a token, the server rotates it, and the answer is lost. So the
successor is derived from its predecessor with a key of the server: within the grace it can be
given once more although only its digest is stored. See docs/adr/0010-sessions.md.
"""

import base64
import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from backend.accounts.models import RefreshToken, Session

_SALT = "backend.accounts.refresh.successor"


def first(session: Session) -> str:
    """The token with which the chain of ``session`` begins."""
    token = secrets.token_urlsafe(32)
    _keep(session, 1, token)
    return token


def find(token: str) -> RefreshToken | None:
    """The row of ``token``, with its session and person."""
    rows = RefreshToken.objects.select_related("session__user")
    return rows.filter(sha256=_digest(token)).first()


def succeed(row: RefreshToken, token: str, now: datetime) -> str | None:
    """The successor of ``token``, whose row is ``row``; None where it was spent long ago.

    Exactly one of many parallel callers makes the successor; within the grace the others get
    the same one, unless it has been spent in its turn. Call it in a transaction.
    """
    successor = _derive(token)
    if RefreshToken.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        _keep(row.session, row.generation + 1, successor)
        return successor
    row.refresh_from_db(fields=["used_at"])
    # A clock set back makes the age negative: still the grace, nobody is signed out.
    if row.used_at is None or now - row.used_at > settings.REFRESH_TOKEN_GRACE:
        return None
    unspent = RefreshToken.objects.filter(
        session=row.session, sha256=_digest(successor), used_at=None
    )
    return successor if unspent.exists() else None


def _keep(session: Session, generation: int, token: str) -> None:
    RefreshToken.objects.create(
        session=session,
        generation=generation,
        sha256=_digest(token),
        expires_at=timezone.now() + settings.REFRESH_TOKEN_LIFETIME,
    )


def _derive(token: str) -> str:
    digest = salted_hmac(_SALT, token, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
