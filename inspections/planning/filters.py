"""How assignments are narrowed."""

import django_filters

from backend.common.filters import ChoiceFilter
from inspections.planning.models import Assignment


class AssignmentFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter(
        "establishment__code", max_length=40, help_text="Code of the place."
    )
    inspector = django_filters.CharFilter(
        "inspector__username", max_length=150, help_text="A user name."
    )
    status = ChoiceFilter(choices=Assignment.Status.choices)
