"""What was found: inspections, the evidence they name, and their findings."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone

from markets.models import Appointment, Establishment, valid_on

# When a submitted visit began, its arrival where the phone said more: no clock keeps a visit the
# last one for years.
BEGUN = Least("started_at", "received_at")


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user_id: int, role: str) -> Self:
        """Rows whose existence this person may learn of; every view starts here."""
        if role == "department":
            return self
        if role == "manager":
            held = Appointment.objects.filter(
                valid_on(timezone.localdate()), person_id=user_id
            ).values("establishment")
            return self.filter(establishment__in=held).exclude(status=Inspection.Status.DRAFT)
        own = InspectionMember.objects.filter(person_id=user_id).values("inspection")
        return self.filter(
            Q(pk__in=own) | Q(sent_by_id=user_id) | ~Q(status=Inspection.Status.DRAFT)
        )

    def with_dispute(self) -> Self:
        """With what ``is_disputed`` looks at, and ``replied``."""
        replied = self.model.objects.filter(pk=models.OuterRef("pk"), replies__isnull=False)
        return self.select_related("appeal").annotate(replied=models.Exists(replied))


class Inspection(models.Model):
    """One visit to one establishment with one checklist version.

    ``document`` is what the phone sent, ``result`` what the rules made of it, ``receipt`` the
    answer as it was first given, to be repeated byte for byte.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "bản nháp"
        SUBMITTED = "submitted", "đã gửi"
        ISSUED = "issued", "đã phát hành"
        SUPERSEDED = "superseded", "đã được thay thế"
        VOIDED = "voided", "đã hủy"

    class Kind(models.TextChoices):
        PLANNED = "planned", "theo kế hoạch"
        UNANNOUNCED = "unannounced", "đột xuất"
        RECOGNITION = "recognition", "đánh giá công nhận"
        FOLLOW_UP = "follow_up", "tái kiểm tra"
        SELF_CHECK = "self_check", "tự kiểm tra"

    class Verdict(models.TextChoices):
        PASS = "pass", "Đạt chuẩn"
        TO_COMPLETE = "to_complete", "Chờ hoàn thiện"
        FAIL = "fail", "Không đạt"

    # Made on the phone, so that a retry after a lost answer finds the same row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="inspections", verbose_name="cơ sở"
    )
    checklist = models.ForeignKey(
        "inspections.ChecklistVersion", models.PROTECT, related_name="+", verbose_name="phiếu"
    )
    kind = models.CharField("loại", max_length=12, choices=Kind)
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi"
    )
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name="tái kiểm tra của",
    )
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name="thay thế cho",
    )
    # The ETag of a draft; goes up with each replacement.
    version = models.PositiveIntegerField("phiên bản", default=1)
    document = models.JSONField("nội dung")
    device = models.JSONField("thiết bị", null=True, blank=True)
    started_at = models.DateTimeField("bắt đầu")
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    created_at = models.DateTimeField("tạo lúc", default=timezone.now)
    updated_at = models.DateTimeField("cập nhật lúc", default=timezone.now)
    received_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    clock_skew_s = models.BigIntegerField("lệch đồng hồ (giây)", null=True, blank=True)

    answers_sha256 = models.CharField(
        "SHA-256 của nội dung", max_length=64, blank=True, editable=False
    )
    verdict = models.CharField("kết luận", max_length=12, choices=Verdict, blank=True)
    score = models.DecimalField("điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    rule_set = models.CharField("bộ quy tắc", max_length=20, blank=True)
    rules_version = models.PositiveSmallIntegerField("phiên bản quy tắc", null=True, blank=True)
    result = models.JSONField("kết quả", null=True, blank=True)
    # What was scored where it is more than the document: a follow-up with its carried answers.
    assessed = models.JSONField(null=True, blank=True)
    receipt = models.TextField(blank=True, editable=False)

    evidence_closed_at = models.DateTimeField("ngừng chờ ảnh lúc", null=True, blank=True)
    evidence_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ngừng chờ ảnh",
    )
    evidence_closed_reason = models.CharField("lý do ngừng chờ ảnh", max_length=1000, blank=True)
    voided_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    void_reason = models.CharField("lý do hủy", max_length=1000, blank=True)
    search_text = models.CharField(max_length=700, editable=False, default="")

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt kiểm tra"
        verbose_name_plural = "lượt kiểm tra"
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-started_at", "-id"], name="inspection_newest_first"),
            models.Index(
                fields=["establishment", "-started_at", "-id"], name="inspection_of_place"
            ),
            models.Index(
                F("establishment"), BEGUN.desc(), F("id").desc(), name="inspection_last_of_place"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="inspection_score_is_a_percentage",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
            ),
            models.CheckConstraint(
                name="inspection_is_frozen_once_submitted",
                condition=Q(status="draft", answers_sha256="", received_at=None, receipt="")
                | (~Q(status="draft") & ~Q(answers_sha256="") & ~Q(receipt="")),
            ),
            models.CheckConstraint(
                name="inspection_does_not_supersede_itself",
                condition=Q(supersedes=None) | ~Q(supersedes=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.establishment} {timezone.localtime(self.started_at):%d/%m/%Y}"

    @property
    def is_disputed(self) -> bool:
        """Whether no verdict is shown without a mark: an appeal is open, or was upheld."""
        appeal = getattr(self, "appeal", None)
        return appeal is not None and appeal.state != "rejected"


class InspectionMember(models.Model):
    """A person of the team who has an account, so that drafts are seen by who works on them."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "person"], name="member_is_named_once_per_inspection"
            )
        ]


class EvidenceReference(models.Model):
    """A digest that a submitted inspection names, whether its bytes have arrived or not."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="evidence")
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "sha256"], name="evidence_is_named_once_per_inspection"
            )
        ]


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user_id: int, role: str) -> Self:
        """What the authority found: everything but self-checks; a manager, at the own places."""
        found = self.exclude(inspection__kind=Inspection.Kind.SELF_CHECK)
        if role != "manager":
            return found
        held = Appointment.objects.filter(valid_on(timezone.localdate()), person_id=user_id)
        return found.filter(establishment__in=held.values("establishment"))


class Finding(models.Model):
    """A failed item, per stall where it has one. A fact of the visit: never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="findings", verbose_name="lượt kiểm tra"
    )
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="+", verbose_name="cơ sở"
    )
    item = models.CharField("tiêu chí", max_length=20)
    stall = models.ForeignKey(
        "markets.Stall", models.PROTECT, null=True, blank=True, verbose_name="quầy"
    )
    severity = models.CharField("mức độ", max_length=10)
    due_on = models.DateField("hạn khắc phục")
    corrected_on_site = models.BooleanField("đã khắc phục tại chỗ", default=False)
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lặp lại của"
    )
    # Local day of the visit, or of its arrival where that came first: the window of repeats is
    # counted from it.
    found_on = models.DateField("phát hiện ngày")

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "tồn tại"
        verbose_name_plural = "tồn tại"
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["establishment", "item", "stall", "-found_on", "-id"],
                name="finding_repeats",
            ),
            models.Index(fields=["due_on", "id"], name="finding_by_due_date"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "item", "stall"],
                condition=Q(stall__isnull=False),
                name="finding_is_one_per_item_and_stall",
            ),
            models.UniqueConstraint(
                fields=["inspection", "item"],
                condition=Q(stall=None),
                name="finding_is_one_per_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.found_on:%d/%m/%Y}"


class RefusedSubmission(models.Model):
    """Another body under an id that was already submitted: refused, kept, never merged."""

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, related_name="refused", verbose_name="lượt kiểm tra"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi"
    )
    answers_sha256 = models.CharField("SHA-256 của nội dung", max_length=64)
    document = models.JSONField("nội dung")
    received_at = models.DateTimeField("nhận lúc", default=timezone.now)

    class Meta:
        verbose_name = "bản gửi bị từ chối"
        verbose_name_plural = "bản gửi bị từ chối"
        ordering: ClassVar = ["-received_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "answers_sha256"], name="refused_body_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.received_at):%H:%M %d/%m/%Y}"
