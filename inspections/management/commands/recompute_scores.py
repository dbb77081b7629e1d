from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspections.submission.recompute import differences


class Command(BaseCommand):
    help = "Compute every stored result again from its document and report differences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            required=True,
            help="only compare: a result that was given is never changed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for difference in differences():
            found += 1
            self.stdout.write(
                f"{difference.number or 'no number'} {difference.inspection_id}: "
                f"{', '.join(difference.fields)}"
            )
        if found:
            raise CommandError(f"{found} results come out differently today")
        self.stdout.write("every stored result reproduces")
