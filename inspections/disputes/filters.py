"""How appeals are narrowed."""

import django_filters

from backend.common.filters import ChoiceFilter
from inspections.disputes.models import Appeal


class AppealFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter(
        "inspection__establishment__code", max_length=40, help_text="Code of the place."
    )
    state = ChoiceFilter(choices=Appeal.State.choices)
