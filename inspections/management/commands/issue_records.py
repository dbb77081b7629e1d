from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspections.records.lifecycle import issue_waiting


class Command(BaseCommand):
    help = "Draw and sign the records that are complete and have no file yet."

    def handle(self, *args: Any, **options: Any) -> None:
        failures: list[str] = []
        issued = issue_waiting(on_failure=failures.append)
        self.stdout.write(f"{issued} records issued")
        if failures:
            raise CommandError("\n".join(["not issued, and tried again later:", *failures]))
