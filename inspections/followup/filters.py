"""How findings are narrowed."""

import django_filters
from django.db.models import QuerySet

from backend.common.filters import ChoiceFilter
from inspections.fieldwork.models import Finding
from inspections.followup.queries import OVERDUE, STATUSES

# Those that every checklist has, see ``checklists.authoring``.
SEVERITIES = ("critical", "major", "minor")


class FindingFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter(
        "establishment__code", max_length=40, help_text="Code of the place."
    )
    status = ChoiceFilter(choices=[(status, status) for status in STATUSES])
    severity = ChoiceFilter(choices=[(word, word) for word in SEVERITIES])
    overdue = ChoiceFilter(
        choices=[("true", "true"), ("false", "false")], method="that_are_overdue"
    )

    def that_are_overdue(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        return rows.filter(OVERDUE) if value == "true" else rows.exclude(OVERDUE)
