"""Pieces of filter sets that more than one list uses."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from django_filters.fields import ChoiceField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from backend.common.fields import UUID_TEXT

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


class MomentField(forms.CharField):
    """An RFC 3339 time with its offset, as an aware datetime in UTC."""

    def clean(self, value: Any) -> datetime | None:
        if value is None:
            return None
        text = str(value).strip().upper()
        # A plus sign that was not escaped arrives as a space.
        text = text.replace(" ", "+")
        try:
            if not _MOMENT.fullmatch(text):
                raise ValueError(text)
            return datetime.fromisoformat(text).astimezone(UTC)
        # The first and the last day of the calendar overflow when moved to UTC.
        except (ValueError, OverflowError):
            raise ValidationError(
                "Thời điểm theo RFC 3339, có múi giờ. / An RFC 3339 time with its offset.",
                code="invalid_moment",
            ) from None


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(filters.Filter):  # type: ignore[misc]  # no types
    """Rows by a moment, such as ``?after=2026-11-22T06:40:00Z``."""

    field_class = MomentField


class IdFormField(forms.Field):
    """A UUID in its one spelling, lower case with hyphens."""

    def clean(self, value: Any) -> UUID | None:
        if value is None:
            return None
        if not re.fullmatch(UUID_TEXT, str(value)):
            raise ValidationError("UUID", code="invalid")
        return UUID(str(value))


@extend_schema_field({"type": "string", "format": "uuid", "pattern": UUID_TEXT})
class IdFilter(filters.Filter):  # type: ignore[misc]  # no types
    """Rows by the id of what they belong to."""

    field_class = IdFormField


class GivenChoiceField(ChoiceField):  # type: ignore[misc]  # no types
    """One of the words; what is given as nothing is none of them."""

    def clean(self, value: Any) -> Any:
        if value == "":
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": ""}
            )
        return super().clean(value)


class ChoiceFilter(filters.ChoiceFilter):  # type: ignore[misc]  # no types
    """Rows by one of a few words."""

    field_class = GivenChoiceField
