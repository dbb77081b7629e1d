from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspections.records import addenda
from inspections.records.lifecycle import issue_waiting


class Command(BaseCommand):
    help = "Draw and sign the complete records that have no file yet, and what was said of them."

    def handle(self, *args: Any, **options: Any) -> None:
        failures: list[str] = []
        issued = issue_waiting(on_failure=failures.append)
        self.stdout.write(f"{issued} records issued")
        self.stdout.write(f"{addenda.issue_waiting()} addenda issued")
        if failures:
            raise CommandError("\n".join(["not issued, and tried again later:", *failures]))
