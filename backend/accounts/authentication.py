"""From the ``Authorization`` header to the person who asks."""

from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from backend.accounts import access_token, sessions
from backend.accounts.current import Person
from backend.accounts.errors import SessionRevoked


class AccessTokenAuthentication(JWTAuthentication):
    """``Authorization: Bearer <access token>``; ``request.user`` becomes a Person.

    Raises NotAuthenticated, TokenExpired or SessionRevoked; without the header nobody is
    signed in, and the permissions of the view decide.
    """

    # The library knows user rows only; a Person is made without one.
    def authenticate(self, request: Request) -> tuple[Person, None] | None:  # type: ignore[override]
        header = self.get_header(request)
        raw = None if header is None else self.get_raw_token(header)
        if raw is None:
            return None
        person, epoch = access_token.read(raw)
        if not sessions.is_alive(person, epoch):
            raise SessionRevoked
        return person, None
