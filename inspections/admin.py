"""The office pages of the inspection side, in Vietnamese.

Checklist drafts are written here and the clerk's series of numbers begin here; whatever has a
life cycle is only shown. Every change goes through the same functions as the API.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from backend.common.errors import DomainError
from inspections.checklists import lifecycle as checklists
from inspections.checklists.forms import DraftForm, as_yaml, refusal
from inspections.models import (
    ChecklistVersion,
    Finding,
    Inspection,
    Record,
    RecordSequence,
    RefusedSubmission,
)
from inspections.records import lifecycle as records


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Shows; what may be done to these rows, the API's verbs say."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChecklistVersion)
class ChecklistAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = DraftForm
    list_display = ("name", "title_vi", "status", "published_at", "approved_number", "approved_on")
    list_filter = ("status", "code")
    search_fields = ("code", "title_vi")
    actions = ("publish", "retire")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None or obj.status == ChecklistVersion.Status.DRAFT:
            return ("text",)
        shown = ("code", "version", "status", "title_vi", "sha256", "published_at", "retired_at")
        return (*shown, "approved_number", "approved_on", "as_yaml")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        approval = ("approved_number", "approved_on")
        return tuple(f for f in self.get_fields(request, obj) if f not in ("text", *approval))

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if obj is not None and obj.status != ChecklistVersion.Status.DRAFT:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, *args, **kwargs)

    @admin.display(description="Nội dung")
    def as_yaml(self, version: ChecklistVersion) -> str:
        return as_yaml(version)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "text" in form.cleaned_data:
            draft = checklists.import_draft(form.cleaned_data["text"], by=request.user)
            obj.pk = draft.pk
        else:
            checklists.approve(
                obj.pk, number=obj.approved_number, on=obj.approved_on, by=request.user
            )

    @admin.action(description="Ban hành các bản thảo đã chọn")
    def publish(self, request: HttpRequest, versions: QuerySet[ChecklistVersion]) -> None:
        for version in versions:
            self._move(request, version, checklists.publish, "đã ban hành")

    @admin.action(description="Ngừng dùng các phiếu đã chọn")
    def retire(self, request: HttpRequest, versions: QuerySet[ChecklistVersion]) -> None:
        for version in versions:
            self._move(request, version, checklists.retire, "đã ngừng dùng")

    def _move(self, request: HttpRequest, version: ChecklistVersion, move: Any, done: str) -> None:
        try:
            move(version.pk, by=request.user)
        except DomainError as error:
            self.message_user(request, f"{version.name}: {refusal(error)}", messages.ERROR)
        else:
            self.message_user(request, f"{version.name} {done}.")


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ("establishment", "kind", "status", "verdict", "score", "started_at", "sent_by")
    list_filter = ("status", "verdict", "kind", "establishment")
    list_select_related = ("establishment", "sent_by")
    search_fields = ("search_text",)
    exclude = ("document", "device", "result", "assessed", "receipt")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("establishment", "item", "stall", "severity", "due_on", "corrected_on_site")
    list_filter = ("severity", "establishment")
    list_select_related = ("establishment", "stall")


@admin.register(RefusedSubmission)
class RefusedSubmissionAdmin(ReadOnlyAdmin):
    list_display = ("inspection", "sent_by", "received_at", "answers_sha256")
    list_select_related = ("inspection__establishment", "sent_by")


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = ("number", "year", "authority", "signed_at", "file_sha256")
    list_filter = ("year", "authority")
    list_select_related = ("authority",)
    search_fields = ("number",)
    exclude = ("payload", "token")


@admin.register(RecordSequence)
class RecordSequenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A series may be begun here, never moved: numbers given are given."""

    list_display = ("authority", "year", "last")
    fields = ("authority", "year", "last")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        series = records.begin_series(obj.authority, obj.year, last=obj.last, by=request.user)
        obj.pk = series.pk
