"""How the list of checklist versions is narrowed."""

import django_filters

from backend.common.filters import ChoiceFilter
from inspections.checklists.models import ChecklistVersion


class ChecklistFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    code = django_filters.CharFilter(max_length=40, label="Versions of this checklist")
    status = ChoiceFilter(choices=ChecklistVersion.Status.choices)
