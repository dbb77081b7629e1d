"""``manage.py verify_audit``: exit code 0 when the trail is whole, 1 when it is broken."""

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.audit import chain
from backend.audit.models import AuditEntry

NOTED = re.compile(r"(\d{1,18}):([0-9a-f]{64})\Z")


class Command(BaseCommand):
    help = "Recompute every link of the audit trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--noted",
            metavar="SEQUENCE:SHA256",
            help="an end of the trail noted earlier, elsewhere: it must still be in the trail",
        )

    def handle(self, *args: Any, noted: str | None = None, **options: Any) -> None:
        verdict = chain.verify()
        if not verdict.whole:
            raise CommandError(f"Broken at entry {verdict.broken_at}: {verdict.reason}.")
        if noted is not None:
            self._compare(noted)
        self.stdout.write(f"Whole: {verdict.entries} entries.")
        self.stdout.write(f"Note this end: {verdict.entries}:{verdict.head_sha256}")

    def _compare(self, noted: str) -> None:
        match = NOTED.match(noted)
        if match is None:
            raise CommandError("--noted takes SEQUENCE:SHA256 as printed before.", returncode=2)
        sequence, sha256 = int(match[1]), match[2]
        if not AuditEntry.objects.filter(sequence=sequence, sha256=sha256).exists():
            raise CommandError(f"Rewritten: entry {sequence} is not the one that was noted.")
