"""``manage.py prepare``: everything that must be there before the service starts.

Run again it changes nothing; what is missing, or came with a new version, is added.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresqlConnection

from inspections.records import pki

ADVISORY_LOCK = 5_716_034_981  # any number, the same on all machines


class Command(BaseCommand):
    help = "Migrate, load what ships with the product, make what a first run needs."

    def handle(self, *args: Any, **options: Any) -> None:
        with _one_at_a_time():
            self._call("migrate", interactive=False, verbosity=0)
            self._call("load_places")
            self._call("load_checklists")
            if settings.SEED_DEMO:
                self._call("load_demo")
        if settings.SIGNING_P12 is None and not settings.PRODUCTION:
            pki.ensure_test_authority(settings.DATA_DIR / "pki")
            self.stdout.write("signing: local TEST authority, without legal force")
        self._collect_static()

    def _call(self, command: str, **options: Any) -> None:
        call_command(command, stdout=self.stdout, stderr=self.stderr, **options)

    def _collect_static(self) -> None:
        """Hashing and compressing takes seconds, so only when a file is another one."""
        mark = Path(settings.STATIC_ROOT) / ".collected"
        print_now = _fingerprint()
        if mark.is_file() and mark.read_text() == print_now:
            return
        self._call("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(print_now)
        self.stdout.write("static files: collected")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of several machines that start together, one migrates and the others wait for it.

    A migration may take longer than a request, so this session has no limit on its statements.
    """
    if not isinstance(connection, PostgresqlConnection):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        cursor.execute("SET lock_timeout = '5s'")
    try:
        yield
    finally:
        # Ends the session: with it go the lock and the settings.
        connection.close()
        connection.close_pool()


def _fingerprint() -> str:
    """Changes with every added, removed or edited static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
