"""What is signed: a frozen payload, its number, and the file drawn from it once."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


def new_token() -> str:
    """128 random bits for the QR code: nobody can guess or count records."""
    return secrets.token_urlsafe(16)


class RecordSequence(models.Model):
    """The last number given by an authority in a year; a row to lock, so that none is skipped.

    A clerk whose register began on paper sets ``last`` before the first record of the year.
    """

    authority = models.ForeignKey("markets.Authority", models.PROTECT, verbose_name="cơ quan")
    year = models.PositiveSmallIntegerField("năm")
    last = models.PositiveIntegerField("số cuối cùng", default=0)

    class Meta:
        verbose_name = "dãy số biên bản"
        verbose_name_plural = "dãy số biên bản"
        ordering: ClassVar = ["authority", "-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "year"], name="authority_has_one_series_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.year}: {self.last}"


class Record(models.Model):
    """The document of one inspection. Payload and number never change; the file comes once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.OneToOneField(
        "inspections.Inspection",
        models.PROTECT,
        related_name="record",
        verbose_name="lượt kiểm tra",
    )
    authority = models.ForeignKey(
        "markets.Authority", models.PROTECT, related_name="+", verbose_name="cơ quan"
    )
    year = models.PositiveSmallIntegerField("năm")
    sequence = models.PositiveIntegerField("số thứ tự")
    number = models.CharField("số", max_length=40)
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    # Canonical JSON, kept as text: its digest must be that of these very bytes.
    payload = models.TextField(editable=False)
    payload_sha256 = models.CharField("SHA-256 của nội dung", max_length=64)
    # Frozen before drawing: who closed the evidence and why, what is missing, TEST mark.
    issue_note = models.JSONField("ghi chú phát hành", null=True, blank=True)

    claimed_until = models.DateTimeField(null=True, blank=True)
    file_sha256 = models.CharField("SHA-256 của tệp", max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField("dung lượng (byte)", null=True, blank=True)
    level = models.CharField("mức chữ ký", max_length=10, blank=True)
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    signer_subject = models.CharField("bên ký", max_length=500, blank=True)
    signer_issuer = models.CharField("nơi cấp chứng thư", max_length=500, blank=True)
    signer_serial = models.CharField("số chứng thư", max_length=64, blank=True)

    class Meta:
        verbose_name = "biên bản"
        verbose_name_plural = "biên bản"
        ordering: ClassVar = ["-year", "-sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "year", "sequence"], name="record_number_is_given_once"
            ),
            models.CheckConstraint(
                name="record_numbers_begin_at_one", condition=Q(sequence__gte=1)
            ),
            models.CheckConstraint(
                name="record_file_is_whole",
                condition=Q(file_sha256="", size_bytes=None, signed_at=None)
                | (
                    ~Q(file_sha256="")
                    & Q(size_bytes__isnull=False, signed_at__isnull=False)
                    & Q(issue_note__isnull=False)
                ),
            ),
        ]
        # Of the few records that wait. Their conditions compare with no value: where values travel
        # apart from a statement, the planner could not tell that a query asks for the same.
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(signed_at__isnull=True, issue_note__isnull=False),
                name="record_waits_to_be_drawn",
            ),
            models.Index(
                fields=["id"],
                condition=Q(issue_note__isnull=True),
                name="record_waits_for_its_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.year})"


class Addendum(models.Model):
    """What was said of a record after it was signed, as a signed file of its own.

    It is about one reply, one appeal or the decision about one. A row comes with its file.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", "giải trình"
        APPEAL = "appeal", "kiến nghị xem xét lại"
        DECISION = "decision", "kết quả xem xét"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        Record, models.PROTECT, related_name="addenda", verbose_name="biên bản"
    )
    sequence = models.PositiveSmallIntegerField("bản bổ sung số")
    kind = models.CharField("loại", max_length=10, choices=Kind)
    # The id of the reply or the appeal.
    about = models.UUIDField(editable=False)
    payload = models.TextField(editable=False)
    payload_sha256 = models.CharField("SHA-256 của nội dung", max_length=64)
    file_sha256 = models.CharField("SHA-256 của tệp", max_length=64)
    size_bytes = models.PositiveIntegerField("dung lượng (byte)")
    level = models.CharField("mức chữ ký", max_length=10)
    signed_at = models.DateTimeField("ký lúc")
    signer_subject = models.CharField("bên ký", max_length=500)
    signer_issuer = models.CharField("nơi cấp chứng thư", max_length=500)
    signer_serial = models.CharField("số chứng thư", max_length=64)

    class Meta:
        verbose_name = "bản bổ sung biên bản"
        verbose_name_plural = "bản bổ sung biên bản"
        ordering: ClassVar = ["record", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "sequence"], name="addendum_number_is_given_once"
            ),
            models.UniqueConstraint(fields=["about", "kind"], name="addendum_says_it_once"),
            models.CheckConstraint(
                name="addendum_numbers_begin_at_one", condition=Q(sequence__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} – bổ sung {self.sequence}"
