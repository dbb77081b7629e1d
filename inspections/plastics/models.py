"""What supermarkets say of the bags that they hand out."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from markets.models import Appointment, Establishment, valid_on


class BagReturnQuerySet(models.QuerySet["BagReturn"]):
    def visible_to(self, user_id: int, role: str) -> Self:
        """Department and inspectors see all, a manager those of the own places."""
        if role != "manager":
            return self
        held = Appointment.objects.filter(valid_on(timezone.localdate()), person_id=user_id)
        return self.filter(establishment__in=held.values("establishment"))

    def current(self) -> Self:
        """What counts: of each place and month the last return."""
        return self.filter(replaced_at=None)


class BagReturn(models.Model):
    """The figures of one place and month, as somebody gave them once. Never edited.

    Another return for the same month replaces it; this one stays as its history.
    """

    class Source(models.TextChoices):
        DECLARED = "declared", "cơ sở khai báo"
        INSPECTED = "inspected", "kiểm tra tại chỗ"
        INVOICE = "invoice", "theo hóa đơn"

    # Made on the phone, so that a retry after a lost answer finds the same row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="bag_returns", verbose_name="cơ sở"
    )
    month = models.DateField("tháng", help_text="Ngày đầu tháng")
    # By code of the checklist's measures, decimals as text; what is not in it was not reported.
    measures = models.JSONField("số liệu")
    source = models.CharField("nguồn", max_length=10, choices=Source)
    note = models.CharField("ghi chú", max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người khai"
    )
    at = models.DateTimeField("nhận lúc", default=timezone.now)
    replaced_at = models.DateTimeField("được thay lúc", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người xác nhận",
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    objects = BagReturnQuerySet.as_manager()

    class Meta:
        verbose_name = "khai báo túi ni lông"
        verbose_name_plural = "khai báo túi ni lông"
        ordering: ClassVar = ["-month", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["-month", "-id"],
                condition=Q(replaced_at=None),
                name="bag_return_newest_first",
            ),
            models.Index(fields=["establishment", "month"], name="bag_return_of_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["establishment", "month"],
                condition=Q(replaced_at=None),
                name="bag_return_counts_once_a_month",
            ),
            models.CheckConstraint(
                name="bag_return_is_confirmed_by_somebody",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.establishment} {self.month:%m/%Y}"
