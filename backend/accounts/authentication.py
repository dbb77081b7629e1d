"""From the ``Authorization`` header to the person who asks."""

from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from backend.accounts import access_token, sessions
from backend.accounts.current import Person
from backend.accounts.errors import NotAuthenticated, SessionRevoked
from backend.accounts.models import User


class AccessTokenAuthentication(JWTAuthentication):
    """``Authorization: Bearer <access token>``; ``request.user`` becomes a Person.

    Raises NotAuthenticated, TokenExpired or SessionRevoked; without the header nobody is
    signed in, and the permissions of the view decide.
    """

    # The library knows user rows only; a Person is made without one.
    def authenticate(self, request: Request) -> tuple[Person, None] | None:  # type: ignore[override]
        raw = self.given(request)
        if raw is None:
            return None
        person, epoch = access_token.read(raw)
        if not sessions.is_alive(person, epoch):
            raise SessionRevoked
        return person, None

    def given(self, request: Request) -> bytes | None:
        """The token as it was sent."""
        header = self.get_header(request)
        return None if header is None else self.get_raw_token(header)


class FormerTokenAuthentication(AccessTokenAuthentication):
    """Takes a token of ours that has run out or whose session has ended, for 90 days.

    It says whose work this is, not that this person may do anything: for doors behind which the
    department decides. ``request.user`` becomes the Person of the token, in the role of then.
    """

    def authenticate(self, request: Request) -> tuple[Person, None] | None:  # type: ignore[override]
        raw = self.given(request)
        if raw is None:
            return None
        person, _ = access_token.read(raw, access_token.FormerToken)
        # A restored database may not know who signed in after the backup.
        if not User.objects.filter(pk=person.id, username=person.username).exists():
            raise NotAuthenticated
        return person, None
