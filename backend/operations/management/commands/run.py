"""``manage.py run``: a machine with nothing on it answers requests after this one command."""

from typing import Any

import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from markets.seed import demo


class Command(BaseCommand):
    help = "Prepare, print address and logins, and serve in the foreground until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("prepare", stdout=self.stdout, stderr=self.stderr)
        if settings.SEED_DEMO:
            self._print_logins()
        call_command("serve", stdout=self.stdout, stderr=self.stderr)

    def _print_logins(self) -> None:
        people = yaml.safe_load(demo.PATH.read_text(encoding="utf-8"))["people"]
        self.stdout.write(f"\nDemo accounts, each with the password {settings.DEMO_PASSWORD}:")
        for entry in people:
            self.stdout.write(f"  {entry['username']:<18} {entry['title']}")
        self.stdout.write("")
