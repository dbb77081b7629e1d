"""Who is asking, as the access token says it."""

from dataclasses import dataclass
from uuid import UUID

from rest_framework.request import Request

from backend.accounts.errors import NotAuthenticated


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person. Made from the access token alone: no row of the user is read."""

    id: int
    username: str
    role: str
    session_id: UUID

    @property
    def is_authenticated(self) -> bool:
        """Django REST framework asks for this name."""
        return True


def person(request: Request) -> Person:
    """Who asks. Raises NotAuthenticated where nobody is signed in."""
    user: object = request.user
    if not isinstance(user, Person):
        raise NotAuthenticated
    return user
