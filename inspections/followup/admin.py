"""Office pages: assignments are made and ended here, corrections and exceptions are read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.http import HttpRequest

from inspections.followup.forms import ASKED, AssignmentForm
from inspections.followup.models import Assignment, Correction, FindingException
from inspections.office import OfficeAdmin, ReadOnlyAdmin

ENDED = ("status", "done_by", "missed_reason", "cancelled_reason")


@admin.register(Assignment)
class AssignmentAdmin(OfficeAdmin):
    form = AssignmentForm
    list_display = ("establishment", "checklist", "inspector", "due_on", "kind", "status")
    list_filter = ("status", "kind", ("establishment", RelatedOnlyFieldListFilter))
    list_select_related = ("establishment", "inspector")
    autocomplete_fields = ("establishment", "follows")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has ended is shown only."""
        return obj is None or obj.status == Assignment.Status.OPEN

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        asked = ("establishment", "checklist", *ASKED)
        return asked if obj is None else (*asked, *ENDED)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("establishment", "checklist", "status", "done_by")

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = form.apply().pk
        obj.refresh_from_db()


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("finding", "establishment", "done_on", "by", "at", "state")
    list_filter = ("state", ("finding__establishment", RelatedOnlyFieldListFilter))
    list_select_related = ("finding__establishment", "by")
    fields = (
        "finding", "establishment", "text", "done_on", "partly", "photos", "by", "at", "state",
        "decided_by", "decided_at", "reason", "reopened_by", "reopened_at", "reopened_reason",
    )  # fmt: skip

    @admin.display(description="cơ sở")
    def establishment(self, correction: Correction) -> str:
        return str(correction.finding.establishment)

    @admin.display(description="ảnh (SHA-256)")
    def photos(self, correction: Correction) -> str:
        return "\n".join(photo.sha256 for photo in correction.photos.all()) or "-"


@admin.register(FindingException)
class FindingExceptionAdmin(ReadOnlyAdmin):
    list_display = ("finding", "establishment", "until", "granted_by", "granted_at", "ended_at")
    list_filter = (("finding__establishment", RelatedOnlyFieldListFilter),)
    list_select_related = ("finding__establishment", "granted_by")
    fields = (
        "finding", "establishment", "until", "reason", "granted_by", "granted_at", "ended_by",
        "ended_at", "ended_reason",
    )  # fmt: skip

    @admin.display(description="cơ sở")
    def establishment(self, exception: FindingException) -> str:
        return str(exception.finding.establishment)
