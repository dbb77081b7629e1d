from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from markets.seed import demo, places


class Command(BaseCommand):
    help = "Create demo accounts and sample stalls that are missing (development mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.APP_MODE == "production":
            raise CommandError("Demo accounts have a published password: never in production.")
        if not settings.SEED_DEMO:
            self.stdout.write("demo data: left out (SEED_DEMO=0)")
            return
        places.load()
        created = demo.load(settings.DEMO_PASSWORD)
        self.stdout.write(f"demo data: {created} created" if created else "demo data: complete")
