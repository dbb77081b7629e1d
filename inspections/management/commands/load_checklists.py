"""Publishes the checklists that come with the product."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.common.errors import DomainError
from inspections.checklists import lifecycle
from inspections.checklists.errors import ChecklistIsPublished

LIBRARY = Path(lifecycle.__file__).parent / "library"


class Command(BaseCommand):
    help = "Publish the shipped checklists that are not there yet; run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(LIBRARY.glob("*.yaml")):
            try:
                is_new = lifecycle.ship(path.read_text(encoding="utf-8"))
            except ChecklistIsPublished as error:
                raise CommandError(
                    f"{path.name} differs from the version of the same number in the database: "
                    "raise the version in the file."
                ) from error
            except DomainError as error:
                faults = "; ".join(fault.detail.en for fault in error.errors)
                raise CommandError(f"{path.name}: {faults}") from error
            self.stdout.write(f"{path.name}: {'published' if is_new else 'unchanged'}")
