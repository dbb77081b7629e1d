"""How lists of places are narrowed."""

import django_filters
from django.db.models import QuerySet

from backend.common.filters import ChoiceFilter
from markets.models import (
    AdministrativeUnit,
    Appointment,
    Authority,
    Establishment,
    Stall,
    valid_on,
)
from markets.parameters import AnyOfFilter, DayFilter, SearchFilter, day_asked_for
from markets.queries import within
from markets.rules import COMMODITIES

_COMMODITIES = [(code, name.vi) for code, name in COMMODITIES.items()]


class EstablishmentFilter(django_filters.FilterSet):  # type: ignore[misc] # untyped library
    kind = AnyOfFilter(
        choices=Establishment.Kind.choices, help_text="One or several, separated by commas."
    )
    search = SearchFilter(help_text="Words of name or code; accents and case are ignored.")
    unit = django_filters.CharFilter(
        method="in_unit", max_length=40, help_text="Code of a unit; its parts are included."
    )
    on = DayFilter(method="as_they_are", help_text="Names and units of this day; default today.")

    def in_unit(
        self, rows: QuerySet[Establishment], name: str, value: str
    ) -> QuerySet[Establishment]:
        return rows.filter(within(value, day_asked_for(self.request)))

    def as_they_are(
        self, rows: QuerySet[Establishment], name: str, value: object
    ) -> QuerySet[Establishment]:
        """The view has put the names and units of that day into the rows already."""
        return rows


class StallFilter(django_filters.FilterSet):  # type: ignore[misc] # untyped library
    commodity = ChoiceFilter(choices=_COMMODITIES)
    active = ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="in_the_register",
        help_text="Whether the stall is in the register; default both.",
    )
    on = DayFilter(
        method="as_they_are",
        help_text="The register as it stood at the end of this day; only stalls active then.",
    )

    def in_the_register(self, rows: QuerySet[Stall], name: str, value: str) -> QuerySet[Stall]:
        if "on" in self.data:
            return rows if value == "true" else rows.none()
        return rows.filter(retired_at__isnull=value == "true")

    def as_they_are(self, rows: QuerySet[Stall], name: str, value: object) -> QuerySet[Stall]:
        """The view has chosen the versions of that day already."""
        return rows


class AdministrativeUnitFilter(django_filters.FilterSet):  # type: ignore[misc] # untyped library
    on = DayFilter(method="valid", help_text="Only units valid on this day; default all.")
    level = ChoiceFilter(choices=AdministrativeUnit.Level.choices)
    parent = django_filters.CharFilter("parent__code", max_length=40)
    search = SearchFilter(help_text="Words of name or code; accents and case are ignored.")

    def valid(
        self, rows: QuerySet[AdministrativeUnit], name: str, value: object
    ) -> QuerySet[AdministrativeUnit]:
        return rows.filter(valid_on(day_asked_for(self.request)))


class AuthorityFilter(django_filters.FilterSet):  # type: ignore[misc] # untyped library
    on = DayFilter(method="valid", help_text="Only authorities valid on this day; default all.")

    def valid(self, rows: QuerySet[Authority], name: str, value: object) -> QuerySet[Authority]:
        return rows.filter(valid_on(day_asked_for(self.request)))


class AppointmentFilter(django_filters.FilterSet):  # type: ignore[misc] # untyped library
    on = DayFilter(method="valid", help_text="Only appointments that hold on this day.")
    establishment = django_filters.CharFilter("establishment__code", max_length=40)
    # Whole: the databases disagree on the case and the accents of a part.
    username = django_filters.CharFilter("person__username", max_length=150)

    def valid(self, rows: QuerySet[Appointment], name: str, value: object) -> QuerySet[Appointment]:
        return rows.filter(valid_on(day_asked_for(self.request)))
