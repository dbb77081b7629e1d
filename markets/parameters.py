"""Query parameters that several lists of places take; a value that cannot be read answers 400."""

import re
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework.request import Request

from backend.common.parameters import flag, unreadable
from backend.common.text import Bilingual, fold
from markets.errors import PeriodReversed, PeriodTooLong
from markets.rules import within_reach

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="As of this local day; default today.")
FROM = OpenApiParameter("from", OpenApiTypes.DATE, description="First local day; default today.")
TO = OpenApiParameter(
    "to", OpenApiTypes.DATE, description="Last local day; default 30 days after the first."
)
DRY_RUN = OpenApiParameter("dry_run", bool, description="Check and count, and keep nothing.")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayFormField(forms.Field):
    """``2026-11-22`` and nothing else: Django's own field also reads local spellings."""

    def to_python(self, value: Any) -> date | None:
        if value is None:
            return None
        try:
            return _day(str(value))
        except ValueError as error:
            raise ValidationError("YYYY-MM-DD", code="invalid") from error


@extend_schema_field(OpenApiTypes.DATE)
class DayFilter(django_filters.Filter):  # type: ignore[misc] # django-filter is untyped
    """Rows by a local day."""

    field_class = DayFormField


class SearchFilter(django_filters.CharFilter):  # type: ignore[misc] # django-filter is untyped
    """Rows whose folded text holds every word, whatever its accents and case."""

    def __init__(self, field_name: str = "search_text", **kwargs: Any) -> None:
        super().__init__(field_name, max_length=100, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        for word in fold(value or "").split():
            qs = qs.filter(**{f"{self.field_name}__contains": word})
        return qs


class AnyOfFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):  # type: ignore[misc]
    """One or several of the choices, separated by commas (django-filter is untyped)."""


def day_asked_for(request: Request, name: str = "on", default: date | None = None) -> date:
    """The day of a parameter, today without it, moved to where day arithmetic is safe."""
    text = request.query_params.get(name)
    if text is None:
        return default or timezone.localdate()
    try:
        return within_reach(_day(text))
    except ValueError as error:
        raise unreadable(
            name, Bilingual(vi="ngày dạng YYYY-MM-DD", en="a day as YYYY-MM-DD")
        ) from error


def days_asked_for(request: Request, longest: timedelta = timedelta(days=366)) -> tuple[date, date]:
    """First and last day of ``?from=&to=``. Raises PeriodReversed, PeriodTooLong."""
    first = day_asked_for(request, "from")
    last = day_asked_for(request, "to", within_reach(first + timedelta(days=30)))
    if last < first:
        raise PeriodReversed
    if last - first >= longest:
        raise PeriodTooLong
    return first, last


def is_dry_run(request: Request) -> bool:
    """Whether ``?dry_run=true`` asks for a rehearsal."""
    return flag(request, "dry_run")


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
