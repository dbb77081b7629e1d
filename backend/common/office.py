"""What all office pages have in common: no address of theirs asks more than the page offers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin, ShowFacets
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList, ChangeListSearchForm
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey
from django.http import HttpRequest, HttpResponse

# SQLite takes only so many words, and only such long ones, in one question.
MAX_SEARCH = 200


class SearchForm(ChangeListSearchForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"] = forms.CharField(
            label="Tìm kiếm", required=False, strip=False, max_length=MAX_SEARCH
        )


class OfficeList(ChangeList):
    """Filters by what its own filters offer, and by nothing else.

    Django lets the address name every column and every lookup: a regular expression can stop
    the server, and ``__startswith`` reads a password's hash letter by letter.
    """

    search_form_class = SearchForm

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        if unclaimed := found[2]:
            raise DisallowedModelAdminLookup(f"No filter offers {sorted(unclaimed)}")
        return found


class ExistingChoice(AutocompleteSelect):
    """Shows nothing as chosen where the value cannot be a key at all."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        key = self.field.target_field
        return super().optgroups(name, [v for v in value if is_key(key, v)], attr)


class OfficePage(ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """The ancestor of every page of the office. Nothing is deleted there."""

    show_facets = ShowFacets.NEVER

    class Media:
        css = {"all": ("accounts/office.css",)}  # noqa: RUF012  # as Django reads it

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OfficeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """An action is done to those chosen whose key can be one."""
        if chosen := request.POST.getlist(ACTION_CHECKBOX_NAME):
            possible = request.POST.copy()
            keys = [key for key in chosen if is_key(self.opts.pk, key)]
            possible.setlist(ACTION_CHECKBOX_NAME, keys)
            request.POST = possible  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What an address fills in beforehand, where the form itself would take it."""
        given = super().get_changeform_initial_data(request)
        fields = self.get_form(request)().fields if given else {}
        return {
            name: value
            for name, value in given.items()
            if name in fields and _is_clean(fields[name], value)
        }

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            widget = ExistingChoice(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", widget)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ShownOnly(OfficePage):
    """To read. What may be done to these rows, an action or the API says."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def is_key(field: "Field[Any, Any]", value: Any) -> bool:
    """Whether a row could have the key ``value`` at all; a database stumbles over others."""
    try:
        field.run_validators(field.to_python(value))
    except ValidationError:
        return False
    return True


def _is_clean(field: forms.Field, value: Any) -> bool:
    try:
        field.clean(value)
    except ValidationError:
        return False
    return True
