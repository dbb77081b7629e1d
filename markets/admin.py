"""Places in the office pages: kept by hand, never deleted, every change in the trail."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from backend.common.office import OfficePage
from backend.common.text import fold
from markets import forms
from markets.models import (
    AdministrativeUnit,
    Appointment,
    Authority,
    Establishment,
    EstablishmentName,
    Placement,
    ReportingArea,
    Stall,
    StallVersion,
)
from markets.rules import COMMODITIES


def commodity_name(code: str) -> str:
    return COMMODITIES[code].vi if code in COMMODITIES else code


class LifecycleAdmin(OfficePage):
    """Saves through the form's ``apply``; ``fixed`` is what cannot change once it is there."""

    fixed: ClassVar[tuple[str, ...]] = ()

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.by = request.user
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.fixed

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        obj.pk = form.apply().pk
        obj.refresh_from_db()


class FoldedSearch(LifecycleAdmin):
    """Finds ``Bộc Bố`` by ``boc bo``."""

    search_fields = ("search_text",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in fold(search_term).split():
            queryset = queryset.filter(search_text__contains=word)
        return queryset, False


class HistoryInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """What was; written by changes of the thing itself."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PlacementInline(HistoryInline):
    model = Placement


class FormerNameInline(HistoryInline):
    model = EstablishmentName


class StallVersionInline(HistoryInline):
    model = StallVersion
    fields = readonly_fields = ("number", "trader", "goods", "zone", "valid_from", "valid_to")

    @admin.display(description="nhóm hàng")
    def goods(self, version: StallVersion) -> str:
        return commodity_name(version.commodity)


@admin.register(Establishment)
class EstablishmentAdmin(FoldedSearch):
    form = forms.EstablishmentForm
    fixed = ("code", "kind")
    inlines = (PlacementInline, FormerNameInline)
    list_display = ("code", "name_vi", "kind", "closed_on", "is_sample")
    list_filter = ("kind", "is_sample", ("closed_on", admin.EmptyFieldListFilter))
    fieldsets = (
        (None, {"fields": ("code", "kind", "name_vi", "name_en", "unit", "since")}),
        ("Vị trí", {"fields": ("address", "latitude", "longitude")}),
        (
            "Phiên chợ",
            {"fields": ("market_day_cycle_days", "market_day_anchor", "opens_at", "closes_at")},
        ),
        ("Hoạt động", {"fields": ("model_market_year", "opened_on", "closed_on")}),
    )


class CommodityFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": commodity_name(str(choice["display"]))}


@admin.register(Stall)
class StallAdmin(LifecycleAdmin):
    form = forms.StallForm
    fixed = ("establishment",)
    inlines = (StallVersionInline,)
    autocomplete_fields = ("establishment",)
    list_display = ("establishment", "zone", "number", "trader", "goods", "in_use")
    list_display_links = ("number",)
    list_filter = (
        "establishment",
        ("commodity", CommodityFilter),
        ("retired_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("establishment",)
    search_fields = ("number", "trader")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = ("establishment", "zone", "number", "trader", "commodity")
        return fields if obj is None else (*fields, "active")

    @admin.display(description="nhóm hàng", ordering="commodity")
    def goods(self, stall: Stall) -> str:
        return commodity_name(stall.commodity)

    @admin.display(description="đang hoạt động", boolean=True)
    def in_use(self, stall: Stall) -> bool:
        return stall.active


@admin.register(Appointment)
class AppointmentAdmin(LifecycleAdmin):
    form = forms.AppointmentForm
    fixed = ("person", "establishment", "valid_from")
    autocomplete_fields = ("person", "establishment")
    list_display = ("person", "establishment", "valid_from", "valid_to")
    list_filter = ("establishment",)
    list_select_related = ("person", "establishment")
    search_fields = ("person__username", "person__full_name")


@admin.register(AdministrativeUnit)
class AdministrativeUnitAdmin(FoldedSearch):
    form = forms.UnitForm
    autocomplete_fields = ("parent", "replaced_by")
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to", "replaced_by")
    list_filter = ("level", "reporting_area", ("valid_to", admin.EmptyFieldListFilter))
    list_select_related = ("parent", "replaced_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        ended = ("valid_to",) if obj.valid_to else ()
        return ("code", "level", "valid_from", *ended)


@admin.register(Authority)
class AuthorityAdmin(LifecycleAdmin):
    form = forms.AuthorityForm
    autocomplete_fields = ("unit",)
    list_display = ("code", "name", "unit", "valid_from", "valid_to", "successor")
    list_select_related = ("unit", "successor")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        ended = ("valid_to", "successor") if obj.valid_to else ()
        return ("code", "unit", "valid_from", *ended)


@admin.register(ReportingArea)
class ReportingAreaAdmin(LifecycleAdmin):
    form = forms.ReportingAreaForm
    list_display = ("code", "name_vi")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
