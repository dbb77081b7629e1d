"""The visits that the department asks for."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backend.accounts.models import User
from inspections.fieldwork.models import Inspection
from markets.models import Establishment


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user_id: int, role: str) -> Self:
        """The department plans, an inspector sees the own ones, and who is visited none."""
        if role == "department":
            return self
        return self.of(user_id) if role == "inspector" else self.none()

    def of(self, user_id: int) -> Self:
        """What this inspector is asked for, as the one who answers for it or as a member."""
        joined = AssignmentMember.objects.filter(person=user_id).values("assignment")
        return self.filter(Q(inspector=user_id) | Q(pk__in=joined))


class AssignmentSeries(models.Model):
    """Visits that come round. What was asked for stands in its assignments; they live alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField("quy tắc lặp", max_length=300)
    first_on = models.DateField("tính từ ngày")
    created_at = models.DateTimeField("tạo lúc", default=timezone.now)

    class Meta:
        verbose_name = "đợt kiểm tra lặp lại"
        verbose_name_plural = "đợt kiểm tra lặp lại"
        ordering: ClassVar = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.rule} ({self.first_on:%d/%m/%Y})"


class Assignment(models.Model):
    """A visit that the department asks of an inspector: where, with what, until when."""

    class Status(models.TextChoices):
        OPEN = "open", "chưa làm"
        DONE = "done", "đã làm"
        MISSED = "missed", "lỡ hạn"
        CANCELLED = "cancelled", "đã hủy"

    class Kind(models.TextChoices):
        """The kinds of inspection, without those that nobody is sent to."""

        PLANNED = Inspection.Kind.PLANNED.value, Inspection.Kind.PLANNED.label
        UNANNOUNCED = Inspection.Kind.UNANNOUNCED.value, Inspection.Kind.UNANNOUNCED.label
        RECOGNITION = Inspection.Kind.RECOGNITION.value, Inspection.Kind.RECOGNITION.label
        FOLLOW_UP = Inspection.Kind.FOLLOW_UP.value, Inspection.Kind.FOLLOW_UP.label

    # What was not done in time may still be done late, or arrive late.
    TO_DO: ClassVar = (Status.OPEN, Status.MISSED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="assignments", verbose_name="cơ sở"
    )
    # The code alone: whichever version is the newest on the day.
    checklist = models.CharField("phiếu", max_length=40)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kiểm tra viên"
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="AssignmentMember",
        related_name="+",
        verbose_name="thành viên",
    )
    due_on = models.DateField("hạn")
    kind = models.CharField("loại", max_length=12, choices=Kind, default=Kind.PLANNED)
    grounds_number = models.CharField("quyết định số", max_length=300, blank=True)
    grounds_on = models.DateField("ngày quyết định", null=True, blank=True)
    grounds_issuer = models.CharField("người ra quyết định", max_length=300, blank=True)
    follows = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tái kiểm tra của",
    )
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.OPEN)
    done_by = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fulfilled",
        verbose_name="lượt kiểm tra",
    )
    missed_reason = models.CharField("lý do lỡ hạn", max_length=1000, blank=True)
    cancelled_reason = models.CharField("lý do hủy", max_length=1000, blank=True)
    series = models.ForeignKey(
        AssignmentSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="đợt",
    )
    created_at = models.DateTimeField("tạo lúc", default=timezone.now)
    updated_at = models.DateTimeField("cập nhật lúc", default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "việc được giao"
        verbose_name_plural = "việc được giao"
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="assignment_by_due_date"),
            models.Index(
                fields=["inspector", "due_on"],
                condition=Q(status__in=["open", "missed"]),
                name="assignment_is_to_do",
            ),
            models.Index(
                fields=["establishment", "checklist", "due_on"],
                condition=Q(status__in=["open", "missed"]),
                name="assignment_of_place_is_to_do",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="assignment_is_done_by_a_visit",
                condition=Q(status="done", done_by__isnull=False)
                | (~Q(status="done") & Q(done_by=None)),
            ),
            models.CheckConstraint(
                name="assignment_is_missed_for_a_reason",
                condition=~Q(status="missed") | ~Q(missed_reason=""),
            ),
            models.CheckConstraint(
                name="assignment_is_cancelled_for_a_reason",
                condition=~Q(status="cancelled") | ~Q(cancelled_reason=""),
            ),
            models.CheckConstraint(
                name="assignment_to_follow_up_names_the_visit",
                condition=Q(kind="follow_up", follows__isnull=False)
                | (~Q(kind="follow_up") & Q(follows=None)),
                violation_error_message="Tái kiểm tra phải nêu lần kiểm tra trước, và chỉ nó.",
            ),
            models.CheckConstraint(
                name="assignment_grounds_are_whole",
                condition=Q(grounds_number="", grounds_on=None, grounds_issuer="")
                | (~Q(grounds_number="") & Q(grounds_on__isnull=False) & ~Q(grounds_issuer="")),
                violation_error_message="Quyết định cần đủ số, ngày và người ra quyết định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.establishment} {self.due_on:%d/%m/%Y}"

    @property
    def team(self) -> list[User]:
        """Who goes along, as they were named."""
        return [each.person for each in self.memberships.all()]

    @property
    def grounds(self) -> dict[str, str] | None:
        """As the inspection document has them."""
        if self.grounds_on is None:
            return None
        day = self.grounds_on.isoformat()
        return {"number": self.grounds_number, "date": day, "issuer": self.grounds_issuer}


class AssignmentMember(models.Model):
    """An inspector who goes along."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]  # as they were named
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "person"], name="member_is_asked_once_per_assignment"
            )
        ]


class CalendarFeed(models.Model):
    """The secret address of somebody's calendar; only the digest of its last part is kept."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
