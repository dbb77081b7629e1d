"""Office pages: corrections and exceptions are read."""

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter

from inspections.followup.models import Correction, FindingException
from inspections.office import ReadOnlyAdmin


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
