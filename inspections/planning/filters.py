"""How assignments are narrowed."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.common.filters import ChoiceFilter, IdFilter
from inspections.planning.models import Assignment
from markets.parameters import DayFilter


class AssignmentFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter(
        "establishment__code", max_length=40, help_text="Code of the place."
    )
    inspector = django_filters.CharFilter(
        "inspector__username", max_length=150, help_text="A user name."
    )
    status = ChoiceFilter(choices=Assignment.Status.choices)
    kind = ChoiceFilter(choices=Assignment.Kind.choices)
    series = IdFilter("series")
    due_after = DayFilter("due_on", lookup_expr="gte")
    due_before = DayFilter("due_on", lookup_expr="lte")
    overdue = ChoiceFilter(
        choices=[("true", "true"), ("false", "false")], method="that_are_overdue"
    )

    def that_are_overdue(
        self, rows: QuerySet[Assignment], name: str, value: str
    ) -> QuerySet[Assignment]:
        late = Q(status=Assignment.Status.OPEN, due_on__lt=timezone.localdate())
        return rows.filter(late) if value == "true" else rows.exclude(late)
