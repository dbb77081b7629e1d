from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inspections.notices.mails import send_digests


class Command(BaseCommand):
    help = "Mail to each person what is to be done today; once a day, however often it runs."

    def handle(self, *args: Any, **options: Any) -> None:
        failures: list[str] = []
        sent = send_digests(timezone.localdate(), on_failure=failures.append)
        self.stdout.write(f"mails sent: {sent}")
        if failures:
            raise CommandError("\n".join(["not sent, run it again:", *failures]))
