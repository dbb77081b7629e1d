"""The short-lived token that a phone sends with each request."""

import functools
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken

from backend.accounts.current import Person
from backend.accounts.errors import NotAuthenticated, TokenExpired
from backend.accounts.models import Session

MAX_ID = 2**63 - 1
# How long after its end a token still tells whose work a phone brings.
FORMER_FOR = timedelta(days=90)


class PersonToken(AccessToken):
    """Carries all that an everyday request must know of its sender."""

    def set_iat(self, claim: str = "iat", at_time: datetime | None = None) -> None:
        """Leave the issue time out: a server clock set back would make it lie in the future,
        and every phone would be signed out. The expiry is what counts.
        """


class FormerToken(PersonToken):
    """Read for as long as ``FORMER_FOR`` after its end; whoever takes it trusts nobody by it."""

    def get_token_backend(self) -> TokenBackend:
        return _patient_backend()


@functools.cache
def _patient_backend() -> TokenBackend:
    return TokenBackend(
        api_settings.ALGORITHM,
        api_settings.SIGNING_KEY,
        audience=api_settings.AUDIENCE,
        issuer=api_settings.ISSUER,
        leeway=FORMER_FOR,
    )


def issue(session: Session) -> str:
    """A token for the person of ``session``, as the person is now."""
    token = PersonToken()
    token["sub"] = str(session.user_id)
    token["username"] = session.user.username
    token["role"] = session.user.role
    token["sid"] = str(session.pk)
    token["epoch"] = session.token_epoch
    return str(token)


def read(raw: bytes, kind: type[PersonToken] = PersonToken) -> tuple[Person, int]:
    """The person and the epoch that a token speaks of.

    Raises TokenExpired, or NotAuthenticated for whatever else is wrong with it.
    """
    try:
        # At run time the library takes the encoded token, whatever its annotation says.
        token = kind(cast("Any", raw))
        claimed = Person(
            id=int(token["sub"]),
            username=str(token["username"]),
            role=str(token["role"]),
            session_id=UUID(token["sid"]),
        )
        if not 0 < claimed.id <= MAX_ID:
            raise ValueError(claimed.id)
        return claimed, int(token["epoch"])
    except ExpiredTokenError as error:
        raise TokenExpired from error
    # A token of another release of this server may be signed well and still not be readable.
    except (TokenError, KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise NotAuthenticated from error
