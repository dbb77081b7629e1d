"""The office pages of the inspection side, in Vietnamese.

Checklist drafts are written here and the clerk's series of numbers begin here; whatever has a
life cycle is only shown. Every change goes through the same functions as the API.
"""

import difflib
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from backend.common.errors import DomainError
from backend.common.text import fold
from backend.common.workbooks import MEDIA_TYPE
from inspections.checklists import lifecycle as checklists
from inspections.checklists.definition import Item, Severity
from inspections.checklists.forms import DraftForm, as_yaml, refusal
from inspections.checklists.xlsform.writing import workbook
from inspections.disputes.admin import AppealAdmin, PublicationAdmin, ReplyAdmin
from inspections.followup.admin import CorrectionAdmin, FindingExceptionAdmin
from inspections.forms import ApprovalForm, SeriesForm
from inspections.models import (
    ChecklistVersion,
    Finding,
    Inspection,
    Record,
    RecordSequence,
    RefusedSubmission,
)
from inspections.office import OfficeAdmin, ReadOnlyAdmin, preformatted, readable
from inspections.planning.admin import AssignmentAdmin
from inspections.plastics.admin import BagReturnAdmin
from inspections.records import lifecycle as records
from inspections.sync.quarantine_admin import QuarantineAdmin

# The pages of other stages stand beside these.
__all__ = [
    "AppealAdmin",
    "AssignmentAdmin",
    "BagReturnAdmin",
    "CorrectionAdmin",
    "FindingExceptionAdmin",
    "PublicationAdmin",
    "QuarantineAdmin",
    "ReplyAdmin",
]

DRAFT = ChecklistVersion.Status.DRAFT


@admin.register(ChecklistVersion)
class ChecklistAdmin(OfficeAdmin):
    list_display = ("named", "title_vi", "status", "approval")
    list_filter = ("status", "code")
    search_fields = ("code", "title_vi")
    actions = ("publish", "retire", "download")
    bulky = ("content",)

    @admin.display(description="phiếu", ordering="code")
    def named(self, version: ChecklistVersion) -> str:
        return version.name

    @admin.display(description="phê duyệt")
    def approval(self, version: ChecklistVersion) -> str:
        if version.approved_on is None:
            return "bản thử"
        return f"{version.approved_number} ({version.approved_on:%d/%m/%Y})"

    @admin.display(description="nội dung")
    def shown_content(self, version: ChecklistVersion) -> str:
        return preformatted(as_yaml(version))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None or obj.status == DRAFT:
            return ("text", "file")
        shown = ("code", "version", "status", "title_vi", "sha256", "published_at", "retired_at")
        return (*shown, "approved_number", "approved_on", "shown_content")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        editable = (*DraftForm.declared_fields, *ApprovalForm.base_fields)
        return tuple(name for name in self.get_fields(request, obj) if name not in editable)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        kwargs["form"] = DraftForm if obj is None or obj.status == DRAFT else ApprovalForm
        return super().get_form(request, obj, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if isinstance(form, DraftForm):
            obj.pk = checklists.import_draft(form.cleaned_data["source"], by=request.user).pk
            obj.refresh_from_db()
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

    @admin.action(description="Tải về phiếu đã chọn dạng XLSForm")
    def download(
        self, request: HttpRequest, versions: QuerySet[ChecklistVersion]
    ) -> HttpResponse | None:
        if len(versions) != 1:
            self.message_user(request, "Hãy chọn đúng một phiếu.", messages.ERROR)
            return None
        name = f"{versions[0].code}-{versions[0].version}.xlsx"
        return HttpResponse(
            workbook(versions[0].content),
            content_type=MEDIA_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _move(self, request: HttpRequest, version: ChecklistVersion, move: Any, done: str) -> None:
        try:
            move(version.pk, by=request.user)
        except DomainError as error:
            self.message_user(request, f"{version.name}: {refusal(error)}", messages.ERROR)
        else:
            self.message_user(request, f"{version.name} {done}.")


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ("establishment", "number", "kind", "status", "verdict", "score", "day")
    list_filter = ("status", "verdict", "kind", ("establishment", RelatedOnlyFieldListFilter))
    list_select_related = ("establishment", "record")
    search_fields = ("search_text",)
    search_help_text = "Tên hoặc mã cơ sở, số biên bản; không phân biệt dấu"
    bulky = ("document", "device", "result", "assessed", "receipt", "record__payload")
    fields = (
        "establishment", "checklist", "number", "kind", "status", "sent_by", "follows",
        "supersedes", "started_at", "ended_at", "received_at", "clock_skew_s", "verdict", "score",
        "rule_set", "rules_version", "evidence_closed_at", "evidence_closed_by",
        "evidence_closed_reason", "voided_at", "void_reason", "answers_sha256", "sent",
    )  # fmt: skip

    @admin.display(description="số biên bản")
    def number(self, inspection: Inspection) -> str | None:
        record: Record | None = getattr(inspection, "record", None)
        return record.number if record else None

    @admin.display(description="ngày", ordering="started_at")
    def day(self, inspection: Inspection) -> str:
        return f"{timezone.localdate(inspection.started_at):%d/%m/%Y}"

    @admin.display(description="nội dung đã gửi")
    def sent(self, inspection: Inspection) -> str:
        return preformatted(readable(inspection.document))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Inspection], search_term: str
    ) -> tuple[QuerySet[Inspection], bool]:
        return super().get_search_results(request, queryset, fold(search_term))


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("item", "establishment", "stall", "degree", "due_on")
    list_filter = (("establishment", RelatedOnlyFieldListFilter), "corrected_on_site")
    list_select_related = ("establishment", "stall", "inspection__checklist")
    bulky = (
        "inspection__document", "inspection__result", "inspection__assessed",
        "inspection__receipt", "inspection__checklist__content",
    )  # fmt: skip
    fields = (
        "inspection", "establishment", "stall", "item", "wording", "degree", "found_on", "due_on",
        "corrected_on_site", "repeat_of",
    )  # fmt: skip

    @admin.display(description="nội dung tiêu chí")
    def wording(self, finding: Finding) -> str:
        return _item(finding).text.vi

    @admin.display(description="mức độ", ordering="severity")
    def degree(self, finding: Finding) -> str:
        """In the words of the checklist; an item may count for less than it says before a day."""
        return _severity(finding).name.vi


@admin.register(RefusedSubmission)
class RefusedSubmissionAdmin(ReadOnlyAdmin):
    list_display = ("inspection", "sent_by", "received_at", "answers_sha256")
    list_select_related = ("inspection__establishment", "sent_by")
    bulky = ("document", "inspection__document", "inspection__result", "inspection__assessed")
    fields = ("inspection", "sent_by", "received_at", "answers_sha256", "differences")

    @admin.display(description="khác với bản đã nhận")
    def differences(self, refused: RefusedSubmission) -> str:
        """Line by line: ``-`` as it was accepted, ``+`` as it was refused."""
        accepted, other = refused.inspection.document, {**refused.document}
        other.pop("device", None)
        lines = difflib.unified_diff(
            readable(accepted).splitlines(), readable(other).splitlines(), lineterm="", n=2
        )
        return preformatted("\n".join(list(lines)[2:]))


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = ("number", "year", "establishment", "state", "signed_at")
    list_filter = ("year", ("authority", RelatedOnlyFieldListFilter))
    list_select_related = ("inspection__establishment",)
    search_fields = ("number", "inspection__search_text")
    bulky = (
        "payload", "inspection__document", "inspection__result", "inspection__assessed",
        "inspection__receipt",
    )  # fmt: skip
    fields = (
        "number", "year", "authority", "inspection", "state", "signed_at", "level",
        "signer_subject", "signer_issuer", "signer_serial", "file_sha256", "size_bytes",
        "payload_sha256", "note", "verification",
    )  # fmt: skip

    @admin.display(description="cơ sở")
    def establishment(self, record: Record) -> str:
        return str(record.inspection.establishment)

    @admin.display(description="trạng thái")
    def state(self, record: Record) -> str:
        return Inspection.Status(record.inspection.status).label

    @admin.display(description="ghi chú phát hành")
    def note(self, record: Record) -> str:
        return preformatted(readable(record.issue_note)) if record.issue_note else "-"

    @admin.display(description="trang xác minh")
    def verification(self, record: Record) -> str:
        address = reverse("verify", args=[record.token])
        return format_html('<a href="{}">{}</a>', address, records.verify_url(record.token))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Record], search_term: str
    ) -> tuple[QuerySet[Record], bool]:
        return super().get_search_results(request, queryset, fold(search_term))


@admin.register(RecordSequence)
class RecordSequenceAdmin(OfficeAdmin):
    """A series may be begun here, never moved: numbers given are given."""

    form = SeriesForm
    list_display = ("authority", "year", "last")
    list_select_related = ("authority",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        series = records.begin_series(obj.authority, obj.year, last=obj.last, by=request.user)
        obj.pk = series.pk


def _item(finding: Finding) -> Item:
    return checklists.definition_of(finding.inspection.checklist).items[finding.item]


def _severity(finding: Finding) -> Severity:
    definition = checklists.definition_of(finding.inspection.checklist)
    return definition.severities[finding.severity]
