"""Which mails have gone out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class SentDigest(models.Model):
    """Somebody's digest of a local day: claimed before it is sent, so that nobody gets two."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "day"], name="digest_is_sent_once_a_day")
        ]
