"""What the server remembers of a draft besides its present document."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inspections.fieldwork.models import Inspection


class DraftPath(models.Model):
    """A version of the draft in which a path changed, by whom and to what; see ``merging``.

    ``value``: the digest of the value; ``session``: whose phone brought it. Both are unknown of
    what changed before they were noted.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="draft_paths")
    path = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    value = models.CharField(max_length=64, blank=True, default="")
    session = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "path", "version"],
                name="path_is_stamped_once_per_version_of_draft",
            )
        ]


class DraftConflict(models.Model):
    """What a second phone had at a path; it stands aside until somebody has chosen.

    Kept even then, and even when the draft was submitted meanwhile. ``is_removal``: the value
    was to be taken away; ``version``: that of the draft since when it could be seen.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="draft_conflicts")
    path = models.CharField(max_length=100)
    value = models.JSONField(null=True)
    is_removal = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["path", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="draft_conflict_is_resolved_by_somebody",
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            )
        ]
