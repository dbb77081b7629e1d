from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.operations.backups import make
from backend.operations.backups.databases import DatabaseTrouble
from backend.operations.backups.layout import BackupTrouble, Layout


class Command(BaseCommand):
    help = "Add a snapshot of database, photos and records to a folder, while the service runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            name = make.make(folder)
        except (BackupTrouble, DatabaseTrouble, OSError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(f"snapshot {name}")
        self.stdout.write(f"keys     {Layout(folder).keys(name)} (keep them elsewhere)")
