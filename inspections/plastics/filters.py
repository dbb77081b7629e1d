"""How bag returns are narrowed."""

import re
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field

from backend.common.filters import ChoiceFilter
from inspections.plastics.models import BagReturn

MONTH = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"


def first_day(month: str) -> date:
    """Of a month as ``YYYY-MM``. Raises ValueError for any other text."""
    if not re.fullmatch(MONTH, month):
        raise ValueError(month)
    return date.fromisoformat(f"{month}-01")


class MonthFormField(forms.Field):
    def to_python(self, value: Any) -> date | None:
        if value is None:
            return None
        try:
            return first_day(str(value))
        except ValueError as error:
            raise ValidationError("YYYY-MM", code="invalid") from error


@extend_schema_field({"type": "string", "pattern": f"^{MONTH}$"})
class MonthFilter(django_filters.Filter):  # type: ignore[misc] # django-filter is untyped
    """Rows by month, ``2026-10``."""

    field_class = MonthFormField


class BagReturnFilter(django_filters.FilterSet):  # type: ignore[misc] # django-filter is untyped
    establishment = django_filters.CharFilter(
        "establishment__code", max_length=40, help_text="Code of the place."
    )
    # A word that Python keeps for itself.
    vars()["from"] = MonthFilter("month", "gte", help_text="First month.")
    to = MonthFilter("month", "lte", help_text="Last month.")
    confirmed = ChoiceFilter(choices=[("true", "true"), ("false", "false")], method="by_the_office")

    def by_the_office(
        self, rows: QuerySet[BagReturn], name: str, value: str
    ) -> QuerySet[BagReturn]:
        return rows.filter(confirmed_at__isnull=value == "false")
