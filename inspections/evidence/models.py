"""Photos by content: the name is the digest, so nothing can be replaced."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Evidence(models.Model):
    """One stored photo. The row is written after the file is durable."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=20)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "ảnh"
        verbose_name_plural = "ảnh"
        ordering: ClassVar = ["-received_at", "sha256"]


class EvidenceUpload(models.Model):
    """Who sent these bytes: the sender may read them whatever names them."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="uploads")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evidence", "sender"], name="evidence_is_sent_once_per_person"
            )
        ]
