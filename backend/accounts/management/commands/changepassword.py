"""``manage.py changepassword``: as Django's own, but what it does stands in the trail."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from backend.accounts import lifecycle
from backend.accounts.models import User

ATTEMPTS = 3


class Command(BaseCommand):
    help = "Set a password; every session of the person ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        lifecycle.set_password(user, self._ask(user), by=None)
        self.stdout.write(f"The password of {user} was changed.")

    def _ask(self, user: User) -> str:
        for _ in range(ATTEMPTS):
            password, again = _typed("Password: "), _typed("Password (again): ")
            if password != again:
                self.stderr.write("The passwords differ.")
                continue
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
            else:
                return password
        raise CommandError(f"Nothing was changed after {ATTEMPTS} attempts.")


def _typed(prompt: str) -> str:
    text = getpass.getpass(prompt=prompt)
    if not text:
        raise CommandError("aborted")
    return text
