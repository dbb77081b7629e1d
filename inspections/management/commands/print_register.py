import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backend.common.spreadsheets import harmless
from inspections.records import register

HEAD = ["Số", "Ngày đăng ký", "Ngày kiểm tra", "Cơ sở", "Kết luận", "Trạng thái", "SHA-256"]


class Command(BaseCommand):
    help = "Print the numbers of a year with date, place, verdict and state, as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, nargs="?", default=timezone.localdate().year)
        parser.add_argument("--authority", help="code of one authority")

    def handle(self, *args: Any, **options: Any) -> None:
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow(HEAD)
        for line in register.lines(options["year"], options["authority"]):
            cells = [
                line.number,
                f"{line.received_at:%d/%m/%Y}",
                f"{line.inspected_on:%d/%m/%Y}",
                line.establishment,
                line.verdict,
                line.status,
                line.file_sha256,
            ]
            table.writerow(map(harmless, cells))
        if missing := register.gaps(options["year"]):
            raise CommandError(f"numbers are missing: {', '.join(missing)}")
