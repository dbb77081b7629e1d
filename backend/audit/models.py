"""Who did what when; only ever added to."""

from typing import ClassVar

from django.db import models


class AuditHead(models.Model):
    """The end of the chain: one row, locked last in every transaction that writes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="audit_has_one_head", condition=models.Q(id=1))
        ]


class AuditEntry(models.Model):
    """One change. ``sequence`` runs without gaps and is the one order of all changes.

    ``sha256`` covers every other column and ``previous_sha256``, so that a change, a removal or
    an insertion anywhere breaks the chain. Triggers refuse UPDATE and DELETE.
    """

    sequence = models.PositiveBigIntegerField("số thứ tự", primary_key=True)
    at = models.DateTimeField("thời điểm")
    actor = models.CharField("người thực hiện", max_length=150, blank=True)
    action = models.CharField("hành động", max_length=60, db_index=True)
    subject = models.CharField("đối tượng", max_length=120, db_index=True)
    data = models.JSONField("dữ liệu", default=dict)
    request_id = models.CharField("mã yêu cầu", max_length=36, blank=True)
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "mục nhật ký"
        verbose_name_plural = "nhật ký"
        ordering: ClassVar = ["-sequence"]
        # The newest entry of an action, asked for whenever a phone looks for news.
        indexes: ClassVar = [
            models.Index(fields=["action", "sequence"], name="audit_newest_of_action")
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"
