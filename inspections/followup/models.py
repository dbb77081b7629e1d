"""What comes after a visit: corrections, and findings that may wait."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inspections.fieldwork.models import Finding


class Correction(models.Model):
    """A manager's answer to a finding: what was done about it. Never edited; another may follow.

    Somebody else decides about it once, and may take back that it was accepted. What became of
    the finding is derived (``queries.with_status``).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "chờ xem xét"
        ACCEPTED = "accepted", "đã chấp nhận"
        REFUSED = "refused", "chưa chấp nhận"
        REOPENED = "reopened", "đã mở lại"

    # Made on the phone, so that a retry after a lost answer finds the same row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="corrections", verbose_name="tồn tại"
    )
    text = models.CharField("nội dung", max_length=2000)
    done_on = models.DateField("khắc phục ngày")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người trả lời"
    )
    at = models.DateTimeField("nhận lúc", default=timezone.now)
    partly = models.BooleanField("mới khắc phục một phần", default=False)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người xem xét",
    )
    decided_at = models.DateTimeField("xem xét lúc", null=True, blank=True)
    reason = models.CharField("ý kiến xem xét", max_length=1000, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người mở lại",
    )
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True)
    reopened_reason = models.CharField("lý do mở lại", max_length=1000, blank=True)

    class Meta:
        verbose_name = "khắc phục"
        verbose_name_plural = "khắc phục"
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="correction_waits_or_is_decided",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["accepted", "refused", "reopened"])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="correction_is_refused_for_a_reason",
                condition=~Q(state="refused") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="correction_is_not_verified_by_who_made_it",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")),
            ),
            models.CheckConstraint(
                name="correction_is_reopened_for_a_reason",
                condition=Q(state="reopened", reopened_by__isnull=False, reopened_at__isnull=False)
                & ~Q(reopened_reason="")
                | ~Q(state="reopened") & Q(reopened_by=None, reopened_at=None, reopened_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding} – {self.done_on:%d/%m/%Y}"


class CorrectionPhoto(models.Model):
    """A digest that a correction names, whether its bytes have arrived or not."""

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="photos")
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering: ClassVar = ["pk"]  # as they were named
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["correction", "sha256"], name="photo_is_named_once_per_correction"
            )
        ]


class FindingException(models.Model):
    """The department lets a finding stand until the end of a day. Never edited, only ended."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="exceptions", verbose_name="tồn tại"
    )
    until = models.DateField("đến hết ngày")
    reason = models.CharField("lý do", max_length=1000)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người chấp nhận"
    )
    granted_at = models.DateTimeField("chấp nhận lúc", default=timezone.now)
    granted_on = models.DateField("ngày chấp nhận")
    # Before its time: reopened, or another one was granted instead.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người chấm dứt",
    )
    ended_at = models.DateTimeField("chấm dứt lúc", null=True, blank=True)
    ended_reason = models.CharField("lý do chấm dứt", max_length=1000, blank=True)

    class Meta:
        verbose_name = "ngoại lệ có thời hạn"
        verbose_name_plural = "ngoại lệ có thời hạn"
        ordering: ClassVar = ["granted_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(ended_at=None),
                name="one_exception_of_a_finding_counts",
            ),
            models.CheckConstraint(
                name="exception_ends_after_it_was_granted",
                condition=Q(until__gte=models.F("granted_on")),
            ),
            models.CheckConstraint(
                name="exception_is_granted_for_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="exception_is_ended_for_a_reason",
                condition=Q(ended_by=None, ended_at=None, ended_reason="")
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(ended_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding} – {self.until:%d/%m/%Y}"
