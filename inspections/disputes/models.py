"""What those who were visited say to it, and what the public is told."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inspections.fieldwork.models import Finding, Inspection
from markets.models import Appointment, valid_on


class Reply(models.Model):
    """What the manager says to a verdict, or to one finding. Never edited; another may follow."""

    # Made by the client, so that a retry after a lost answer finds the same row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="replies", verbose_name="lượt kiểm tra"
    )
    finding = models.ForeignKey(
        Finding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name="tồn tại",
    )
    text = models.CharField("nội dung", max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người giải trình"
    )
    at = models.DateTimeField("nhận lúc", default=timezone.now)

    class Meta:
        verbose_name = "giải trình"
        verbose_name_plural = "giải trình"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.inspection} – {timezone.localtime(self.at):%H:%M %d/%m/%Y}"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user_id: int, role: str) -> Self:
        """Of a manager those of the own places; inspectors and the department see all."""
        if role != "manager":
            return self
        held = Appointment.objects.filter(valid_on(timezone.localdate()), person_id=user_id)
        return self.filter(inspection__establishment__in=held.values("establishment"))


class Appeal(models.Model):
    """The manager asks for another look at a verdict. While it is open it goes with the verdict:
    a visit that supersedes the first takes it over.
    """

    class State(models.TextChoices):
        LODGED = "lodged", "đang xem xét"
        UPHELD = "upheld", "chấp nhận kiến nghị"
        REJECTED = "rejected", "giữ nguyên kết luận"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.OneToOneField(
        Inspection, models.PROTECT, related_name="appeal", verbose_name="lượt kiểm tra"
    )
    lodged_against = models.ForeignKey(
        Inspection, models.PROTECT, related_name="+", verbose_name="kiến nghị về"
    )
    text = models.CharField("nội dung", max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người kiến nghị"
    )
    at = models.DateTimeField("nhận lúc", default=timezone.now)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.LODGED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người xem xét",
    )
    decided_at = models.DateTimeField("xem xét lúc", null=True, blank=True)
    reason = models.CharField("kết quả xem xét", max_length=2000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = "kiến nghị xem xét lại"
        verbose_name_plural = "kiến nghị xem xét lại"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["at", "id"], name="appeal_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appeal_is_open_or_decided_for_a_reason",
                condition=Q(state="lodged", decided_by=None, decided_at=None, reason="")
                | (
                    Q(state__in=["upheld", "rejected"])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="appeal_is_not_decided_by_who_lodged_it",
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} – {self.get_state_display()}"


class Publication(models.Model):
    """The department has published a verdict. Nothing is public without such a row."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="publications", verbose_name="lượt kiểm tra"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người công bố"
    )
    at = models.DateTimeField("công bố lúc", default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gỡ",
    )
    withdrawn_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    withdrawn_reason = models.CharField("lý do gỡ", max_length=1000, blank=True)

    class Meta:
        verbose_name = "công bố kết luận"
        verbose_name_plural = "công bố kết luận"
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(withdrawn_at=None),
                name="verdict_is_published_once",
            ),
            models.CheckConstraint(
                name="publication_is_withdrawn_for_a_reason",
                condition=Q(withdrawn_by=None, withdrawn_at=None, withdrawn_reason="")
                | (
                    Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} – {timezone.localtime(self.at):%d/%m/%Y}"
