from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.operations.backups import restore
from backend.operations.backups.databases import DatabaseTrouble
from backend.operations.backups.layout import BackupTrouble


class Command(BaseCommand):
    help = "Restore a snapshot into an empty database and DATA_DIR; run `prepare` afterwards."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--snapshot", default="", help="its name; the newest when left out")
        parser.add_argument("--keys", type=Path, help="the key archive, where kept elsewhere")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            name = restore.restore(folder, options["snapshot"], options["keys"])
        except (BackupTrouble, DatabaseTrouble, OSError) as error:
            raise CommandError(f"Nothing usable was restored: {error}") from error
        self.stdout.write(f"restored {name}")
