"""Office pages: what was said about verdicts, and what is public, to read."""

from django.contrib import admin

from inspections.disputes.models import Appeal, Publication, Reply
from inspections.office import ReadOnlyAdmin


@admin.register(Reply)
class ReplyAdmin(ReadOnlyAdmin):
    list_display = ("inspection", "finding", "by", "at")
    list_select_related = ("inspection__establishment", "finding", "by")
    fields = ("inspection", "finding", "text", "by", "at")


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    list_display = ("inspection", "by", "at", "state", "decided_by")
    list_filter = ("state",)
    list_select_related = ("inspection__establishment", "by", "decided_by")
    fields = (
        "inspection", "lodged_against", "text", "by", "at", "state", "decided_by", "decided_at",
        "reason",
    )  # fmt: skip


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("inspection", "by", "at", "withdrawn_at")
    list_select_related = ("inspection__establishment", "by")
    fields = ("inspection", "by", "at", "withdrawn_by", "withdrawn_at", "withdrawn_reason")
