from typing import Any

from django.core.management.base import BaseCommand

from inspections.records.lifecycle import issue_waiting


class Command(BaseCommand):
    help = "Draw and sign the records that are complete and have no file yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{issue_waiting()} records issued")
