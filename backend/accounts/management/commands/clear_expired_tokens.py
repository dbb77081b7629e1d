"""``manage.py clear_expired_tokens``: daily; forgets what can no longer be used."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from backend.accounts import throttle
from backend.accounts.models import DeviceLink, RefreshToken, Session, SignInThrottle


class Command(BaseCommand):
    help = "Delete expired tokens, codes and sessions, and old counters of sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        tokens, _ = RefreshToken.objects.filter(expires_at__lt=now).delete()
        # Those of the office pages never had a token.
        over = Session.objects.filter(
            tokens=None, created_at__lt=now - settings.REFRESH_TOKEN_LIFETIME
        )
        sessions, _ = over.delete()
        DeviceLink.objects.filter(expires_at__lt=now).delete()
        call_command("clearsessions")
        SignInThrottle.objects.filter(last_failure_at__lt=now - throttle.FORGOTTEN_AFTER).delete()
        self.stdout.write(f"Deleted {tokens} expired refresh tokens and {sessions} sessions.")
