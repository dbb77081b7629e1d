"""Office pages: assignments are made and ended here."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.http import HttpRequest

from inspections.office import OfficeAdmin
from inspections.planning.forms import ASKED, AssignmentForm
from inspections.planning.models import Assignment

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
