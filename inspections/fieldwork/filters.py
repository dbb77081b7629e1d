"""How the list of inspections is narrowed."""

import django_filters
from django.db.models import QuerySet

from backend.common.text import fold
from inspections.fieldwork.models import Inspection


class InspectionFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter("establishment__code", label="Establishment code")
    checklist = django_filters.CharFilter(method="of_checklist", label="CODE or CODE@VERSION")
    status = django_filters.ChoiceFilter(choices=Inspection.Status.choices)
    verdict = django_filters.ChoiceFilter(choices=Inspection.Verdict.choices)
    kind = django_filters.ChoiceFilter(choices=Inspection.Kind.choices)
    started_after = django_filters.IsoDateTimeFilter("started_at", "gte", label="From this moment")
    started_before = django_filters.IsoDateTimeFilter("started_at", "lt", label="Before it")
    search = django_filters.CharFilter(
        method="containing", label="Place or number; accents and case are ignored"
    )

    def of_checklist(
        self, rows: QuerySet[Inspection], name: str, value: str
    ) -> QuerySet[Inspection]:
        code, _, version = value.partition("@")
        rows = rows.filter(checklist__code=code)
        if not version:
            return rows
        return rows.filter(checklist__version=int(version)) if _counts(version) else rows.none()

    def containing(self, rows: QuerySet[Inspection], name: str, value: str) -> QuerySet[Inspection]:
        for word in fold(value).split():
            rows = rows.filter(search_text__contains=word)
        return rows


def _counts(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9
