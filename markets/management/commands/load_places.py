from typing import Any

from django.core.management.base import BaseCommand

from markets.seed import places


class Command(BaseCommand):
    help = "Create the shipped administrative units, authorities and markets that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        created = places.load()
        self.stdout.write(f"places: {created} created" if created else "places: complete")
