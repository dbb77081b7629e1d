"""``manage.py clear_expired_tokens``: daily; forgets what can no longer be used."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from backend.accounts import throttle
from backend.accounts.models import RefreshToken, Session, SignInThrottle


class Command(BaseCommand):
    help = "Delete expired refresh tokens, sessions without one, and old counters of sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        tokens, _ = RefreshToken.objects.filter(expires_at__lt=now).delete()
        sessions, _ = Session.objects.filter(tokens=None).delete()
        SignInThrottle.objects.filter(last_failure_at__lt=now - throttle.FORGOTTEN_AFTER).delete()
        self.stdout.write(f"Deleted {tokens} expired refresh tokens and {sessions} sessions.")
