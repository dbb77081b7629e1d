"""Versions of what is asked: drafts until published, then frozen for ever."""

import re
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from markets.models import code_validator

_NAME = re.compile(r"([A-Z0-9][A-Z0-9-]{0,39})@([1-9][0-9]{0,3})", re.ASCII)


def parse_name(name: str) -> tuple[str, int] | None:
    """Code and version of ``CODE@VERSION``; None for any other text."""
    match = _NAME.fullmatch(name)
    return (match[1], int(match[2])) if match else None


class ChecklistVersionQuerySet(models.QuerySet["ChecklistVersion"]):
    def visible_to(self, role: str) -> Self:
        """Drafts are the department's; what was ever published, everybody reads."""
        return self if role == "department" else self.ever_published()

    def offered_to(self, role: str) -> Self:
        """What new visits may be made with; the department sees every version."""
        published = ChecklistVersion.Status.PUBLISHED
        return self if role == "department" else self.filter(status=published)

    def ever_published(self) -> Self:
        return self.exclude(status=ChecklistVersion.Status.DRAFT)

    def named(self, name: str) -> Self:
        """The version that ``CODE@VERSION`` names; nothing for any other text."""
        parts = parse_name(name)
        return self.filter(code=parts[0], version=parts[1]) if parts else self.none()


class ChecklistVersion(models.Model):
    """One version; ``content`` is the whole of it (see ``checklists.definition``)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "bản thảo"
        PUBLISHED = "published", "đã ban hành"
        RETIRED = "retired", "ngừng dùng"

    code = models.CharField("mã", max_length=40, validators=[code_validator])
    version = models.PositiveIntegerField("phiên bản")
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT)
    title_vi = models.CharField("tên", max_length=300)
    title_en = models.CharField("tên tiếng Anh", max_length=300, blank=True)
    content = models.JSONField("nội dung")
    # Of the canonical JSON of ``content``; empty while a draft.
    sha256 = models.CharField("SHA-256 của nội dung", max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField("ban hành lúc", null=True, blank=True, editable=False)
    retired_at = models.DateTimeField("ngừng dùng lúc", null=True, blank=True, editable=False)
    # The department's decision may come after publishing; until then records say "bản thử".
    approved_number = models.CharField("quyết định phê duyệt số", max_length=60, blank=True)
    approved_on = models.DateField("ngày phê duyệt", null=True, blank=True)

    objects = ChecklistVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu kiểm tra"
        verbose_name_plural = "phiếu kiểm tra"
        ordering: ClassVar = ["code", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="checklist_version_is_unique"),
            models.CheckConstraint(
                name="published_checklist_has_a_digest",
                condition=Q(status="draft", sha256="") | (~Q(status="draft") & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="checklist_approval_is_whole",
                condition=Q(approved_number="", approved_on=None)
                | (~Q(approved_number="") & Q(approved_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As phones and records call it: ``MARKET-FS@1``."""
        return f"{self.code}@{self.version}"
