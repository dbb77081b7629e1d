"""How the list of inspections is narrowed."""

import django_filters
from django.db.models import QuerySet

from backend.common.filters import ChoiceFilter, MomentFilter
from inspections.fieldwork.models import Inspection
from markets.parameters import SearchFilter


class InspectionFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter(
        "establishment__code", max_length=40, help_text="Code of the place."
    )
    checklist = django_filters.CharFilter(
        method="of_checklist", max_length=60, help_text="`CODE` or `CODE@VERSION`."
    )
    status = ChoiceFilter(choices=Inspection.Status.choices)
    verdict = ChoiceFilter(choices=Inspection.Verdict.choices)
    kind = ChoiceFilter(choices=Inspection.Kind.choices)
    started_after = MomentFilter("started_at", "gte", help_text="At or after this moment.")
    started_before = MomentFilter("started_at", "lt", help_text="Before this moment.")
    search = SearchFilter(help_text="Words of place or number; accents and case are ignored.")

    def of_checklist(
        self, rows: QuerySet[Inspection], name: str, value: str
    ) -> QuerySet[Inspection]:
        code, _, version = value.partition("@")
        rows = rows.filter(checklist__code=code)
        if not version:
            return rows
        return rows.filter(checklist__version=int(version)) if _counts(version) else rows.none()


def _counts(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9
