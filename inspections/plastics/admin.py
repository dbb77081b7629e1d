"""Office pages: the figures that supermarkets returned, to read."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter, RelatedOnlyFieldListFilter

from inspections.office import ReadOnlyAdmin, preformatted, readable
from inspections.plastics.models import BagReturn


@admin.register(BagReturn)
class BagReturnAdmin(ReadOnlyAdmin):
    list_display = ("establishment", "in_month", "source", "by", "at", "counts")
    list_filter = (
        "source",
        ("replaced_at", EmptyFieldListFilter),
        ("establishment", RelatedOnlyFieldListFilter),
    )
    list_select_related = ("establishment", "by")
    fields = (
        "establishment", "in_month", "figures", "source", "note", "by", "at", "replaced_at",
        "confirmed_by", "confirmed_at",
    )  # fmt: skip

    @admin.display(description="tháng", ordering="month")
    def in_month(self, row: BagReturn) -> str:
        return f"{row.month:%m/%Y}"

    @admin.display(description="đang tính", boolean=True)
    def counts(self, row: BagReturn) -> bool:
        return row.replaced_at is None

    @admin.display(description="số liệu")
    def figures(self, row: BagReturn) -> str:
        return preformatted(readable(row.measures))
