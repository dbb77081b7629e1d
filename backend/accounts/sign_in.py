"""From a name and a password to an account."""

from backend.accounts import passwords, throttle
from backend.accounts.errors import WrongCredentials
from backend.accounts.models import User


def identify(username: str, password: str, *, device: str = "") -> User:
    """The account that ``password`` opens; ``device`` is what the client calls itself.

    An unknown name, a wrong password and a disabled account are one and the same refusal.
    Raises WrongCredentials, SignInThrottled or SignInBusy. Runs outside of a transaction: the
    attempt counts, whatever becomes of it; only one that found no place to be checked does not.
    """
    username = User.normalize_username(username)
    counter = throttle.key(username, device)
    throttle.check(counter)
    with passwords.slot():
        throttle.count_attempt(counter)
        user = User.objects.filter(username=username).first()
        if not passwords.fits(user, password) or user is None:
            raise WrongCredentials
    throttle.clear(counter)
    return user
