"""What phones bring whose session has ended: kept as it came until the department decides."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backend.accounts.models import Role


class QuarantinedItem(models.Model):
    """One thing that somebody did before the account was closed, as the phone sent it."""

    class Op(models.TextChoices):
        SUBMIT = "inspection.submit", "gửi lượt kiểm tra"
        RESPOND = "finding.respond", "trả lời tồn tại"
        DECLARE = "bag_return.declare", "khai báo túi ni lông"

    class Status(models.TextChoices):
        WAITING = "waiting", "chờ quyết định"
        ACCEPTED = "accepted", "đã nhận"
        REJECTED = "rejected", "đã từ chối"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As the token told; the role is that of then.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi"
    )
    role = models.CharField("vai trò khi đó", max_length=12, choices=Role)
    session = models.UUIDField()
    op = models.CharField("việc", max_length=20, choices=Op)
    # The id that the phone gave to what it did.
    item = models.UUIDField()
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    received_at = models.DateTimeField("nhận lúc", default=timezone.now)
    status = models.CharField("trạng thái", max_length=8, choices=Status, default=Status.WAITING)
    decided_at = models.DateTimeField("quyết định lúc", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người quyết định",
    )
    reason = models.CharField("lý do", max_length=1000, blank=True)

    class Meta:
        verbose_name = "nội dung chờ quyết định"
        verbose_name_plural = "nội dung chờ quyết định"
        ordering: ClassVar = ["-received_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="quarantine_newest_first")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "op", "item", "sha256"], name="body_is_quarantined_once"
            ),
            models.CheckConstraint(
                name="quarantine_is_decided_by_somebody",
                condition=Q(status="waiting", decided_at=None, decided_by=None)
                | (~Q(status="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_op_display()}, {self.person}"


class QuarantinedPhoto(models.Model):
    """A digest that an item names: its bytes are taken, and no others."""

    item = models.ForeignKey(QuarantinedItem, models.CASCADE, related_name="photos")
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "sha256"], name="photo_is_named_once_per_quarantined_item"
            )
        ]
