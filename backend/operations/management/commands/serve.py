"""``manage.py serve``: answer HTTP in the foreground until SIGTERM."""

import logging
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from backend.operations import processes, readiness, server
from markets.seed import demo

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Serve over HTTP (HOST, PORT, WEB_PROCESSES, WEB_THREADS) until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        # Without a key nothing could be issued; found out before the first phone relies on us.
        if settings.PRODUCTION and (reason := readiness.signing_key()):
            raise CommandError(f"SIGNING_P12: {reason}")
        if settings.PRODUCTION and (names := demo.still_open(settings.DEMO_PASSWORD)):
            raise CommandError(f"demo accounts with the published password: {', '.join(names)}")
        if settings.PRODUCTION and not settings.TRUSTED_PROXIES:
            # Who speaks HTTPS with the world hands plain HTTP on to us.
            logger.warning("TRUSTED_PROXIES is empty: every request counts as http from the proxy")
        listener = server.listen(settings.HOST, settings.PORT)
        if settings.HTTPS:
            self._serve_trial(listener)
            return
        count = settings.WEB_PROCESSES or _default_processes()
        self.stdout.write(f"Serving {settings.PUBLIC_URL} on {settings.HOST}:{settings.PORT}")
        self.stdout.flush()
        if count == 1:
            server.serve(listener)
        else:
            processes.serve(listener, count)

    def _serve_trial(self, listener: socket.socket) -> None:
        """In one process: the thread that takes off TLS would not survive a fork."""
        from backend.operations import trial_certificate, trial_https

        folder = settings.DATA_DIR / "https"
        names = [host.strip("[]") for host in settings.ALLOWED_HOSTS if host[0] not in "*."]
        certificate = trial_certificate.ensure(folder, names)
        self.stdout.write(
            f"Serving {settings.PUBLIC_URL} to everybody in this network, by a certificate of "
            f"our own.\nInstall {folder / trial_certificate.AUTHORITY} on each phone first "
            "(README.md, HTTPS), and remove it after the trial."
        )
        self.stdout.flush()
        with trial_https.in_front(listener, certificate) as inside:
            server.serve(inside)


def _default_processes() -> int:
    """SQLite takes one writer at a time, so more processes would only wait for each other."""
    return min(os.cpu_count() or 1, 4) if connection.vendor == "postgresql" else 1
