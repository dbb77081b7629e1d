"""The shapes of places. What is read and what is written are different serializers."""

from datetime import date
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.fields import (
    ClockField,
    DayField,
    DecimalTextField,
    StrictSerializer,
    TextField,
    WholeNumberField,
    YesNoField,
)
from markets import queries
from markets.models import (
    AdministrativeUnit,
    Appointment,
    Authority,
    Establishment,
    EstablishmentName,
    Placement,
    Stall,
    StallVersion,
)
from markets.rules import COMMODITIES, market_days, next_market_day

CODE = r"^[A-Z0-9][A-Z0-9-]{0,39}$"
COMMODITY_CHOICES = [(code, name.vi) for code, name in COMMODITIES.items()]


class UnitOnDaySerializer(serializers.Serializer[queries.UnitOnDay]):
    code = serializers.CharField()
    level = serializers.ChoiceField(AdministrativeUnit.Level.choices)
    name = serializers.CharField()


class AuthorityOnDaySerializer(serializers.Serializer[queries.AuthorityOnDay]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    parent_name = serializers.CharField()
    symbol = serializers.CharField()
    place = serializers.CharField()


class EstablishmentSerializer(serializers.ModelSerializer[Establishment]):
    """A row of ``queries.on_day``; the context holds the ``day``."""

    name = serializers.SerializerMethodField()
    name_en = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField(
        help_text="Where it lies on that day: commune, then district if any, then province."
    )
    full_address = serializers.SerializerMethodField()
    next_market_day = serializers.SerializerMethodField(
        help_text="The first market day on or after that day, where market days are known."
    )

    opens_at = ClockField(
        read_only=True, allow_null=True, help_text="On a market day, where one is known."
    )
    closes_at = ClockField(read_only=True, allow_null=True)

    class Meta:
        model = Establishment
        fields: ClassVar = [
            "code", "kind", "name", "name_en", "units", "address", "full_address", "latitude",
            "longitude", "model_market_year", "market_day_cycle_days", "market_day_anchor",
            "next_market_day", "opens_at", "closes_at", "opened_on", "closed_on", "is_sample",
        ]  # fmt: skip
        read_only_fields = fields

    def get_name(self, row: Establishment) -> str:
        return queries.name_on(row)

    def get_name_en(self, row: Establishment) -> str:
        return queries.name_en_on(row)

    @extend_schema_field(UnitOnDaySerializer(many=True))
    def get_units(self, row: Establishment) -> Any:
        return [UnitOnDaySerializer(unit).data for unit in self._units(row)]

    def get_full_address(self, row: Establishment) -> str:
        return queries.address_on(row, self._units(row))

    def get_next_market_day(self, row: Establishment) -> date | None:
        if row.market_day_anchor is None or row.market_day_cycle_days is None:
            return None
        return next_market_day(row.market_day_anchor, row.market_day_cycle_days, self._day)

    def _units(self, row: Establishment) -> tuple[queries.UnitOnDay, ...]:
        return queries.units_on(row, self._day)

    @property
    def _day(self) -> date:
        day: date = self.context["day"]
        return day


class MarketDaysSerializer(serializers.ModelSerializer[Establishment]):
    """The context holds the first and last of the ``days`` asked for."""

    market_days = serializers.SerializerMethodField()
    opens_at = ClockField(read_only=True, allow_null=True)
    closes_at = ClockField(read_only=True, allow_null=True)

    class Meta:
        model = Establishment
        fields: ClassVar = ["code", "market_days", "opens_at", "closes_at"]
        read_only_fields = fields

    def get_market_days(self, row: Establishment) -> list[date]:
        first, last = self.context["days"]
        if row.market_day_anchor is None or row.market_day_cycle_days is None:
            return []
        return market_days(row.market_day_anchor, row.market_day_cycle_days, first, last)


class FormerNameSerializer(serializers.ModelSerializer[EstablishmentName]):
    name = serializers.CharField(source="name_vi")

    class Meta:
        model = EstablishmentName
        fields: ClassVar = ["name", "name_en", "valid_from", "valid_to"]
        read_only_fields = fields


class PlacementSerializer(serializers.ModelSerializer[Placement]):
    unit = UnitOnDaySerializer()

    class Meta:
        model = Placement
        fields: ClassVar = ["unit", "valid_from", "valid_to"]
        read_only_fields = fields


class EstablishmentDetailSerializer(EstablishmentSerializer):
    """One place with its history and the authority of that day."""

    on = serializers.SerializerMethodField(help_text="The day for which names and units are given.")
    authority = serializers.SerializerMethodField()
    former_names = FormerNameSerializer(many=True, read_only=True)
    placements = PlacementSerializer(many=True, read_only=True)

    class Meta(EstablishmentSerializer.Meta):
        fields: ClassVar = [
            *EstablishmentSerializer.Meta.fields, "on", "authority", "former_names", "placements"
        ]  # fmt: skip
        read_only_fields = fields

    def get_on(self, row: Establishment) -> date:
        return self._day

    @extend_schema_field(AuthorityOnDaySerializer(allow_null=True))
    def get_authority(self, row: Establishment) -> Any:
        authority = queries.authority_over(self._units(row), self._day)
        return None if authority is None else AuthorityOnDaySerializer(authority).data


class EstablishmentChange(StrictSerializer):
    """What the department changes; an absent field stays as it is."""

    name = TextField(max_length=200, required=False)
    name_en = TextField(max_length=200, allow_blank=True, required=False)
    unit = TextField(
        max_length=40, required=False, help_text="Code of a unit that is valid on `valid_from`."
    )
    valid_from = DayField(
        required=False, help_text="First day of a new name or unit; default today."
    )
    address = TextField(max_length=300, allow_blank=True, required=False)
    latitude = DecimalTextField(8, 6, min_value=-90, max_value=90, allow_null=True, required=False)
    longitude = DecimalTextField(
        9, 6, min_value=-180, max_value=180, allow_null=True, required=False
    )
    model_market_year = WholeNumberField(
        min_value=1900, max_value=2200, allow_null=True, required=False
    )
    market_day_cycle_days = WholeNumberField(
        min_value=1, max_value=366, allow_null=True, required=False
    )
    market_day_anchor = DayField(
        allow_null=True, required=False, help_text="Any one day on which the market met."
    )
    opens_at = ClockField(
        allow_null=True, required=False, help_text="On a market day; both times or none."
    )
    closes_at = ClockField(allow_null=True, required=False)
    opened_on = DayField(allow_null=True, required=False)
    closed_on = DayField(
        allow_null=True,
        required=False,
        help_text="First day on which it is closed; null opens it again.",
    )


class EstablishmentInput(EstablishmentChange):
    """A new place."""

    code = TextField(max_length=40, validators=[RegexValidator(CODE, "A-Z, 0-9, -")])
    kind = serializers.ChoiceField(Establishment.Kind.choices)
    name = TextField(max_length=200)
    unit = TextField(max_length=40, required=False, help_text="Code of a unit that is valid today.")
    valid_from = None  # type: ignore[assignment] # a new place has its name from the beginning


class StallSerializer(serializers.ModelSerializer[Stall]):
    active = serializers.BooleanField(read_only=True)

    class Meta:
        model = Stall
        fields: ClassVar = ["id", "number", "trader", "commodity", "zone", "active"]
        read_only_fields = fields
        extra_kwargs: ClassVar = {"commodity": {"help_text": "A word of the checklist's sections."}}


class StallThenSerializer(serializers.ModelSerializer[StallVersion]):
    """The same fields as a version tells them."""

    id = serializers.UUIDField(source="stall_id", read_only=True)
    active = serializers.SerializerMethodField()

    class Meta:
        model = StallVersion
        fields = StallSerializer.Meta.fields
        read_only_fields = fields

    def get_active(self, row: StallVersion) -> bool:
        return True


class StallVersionSerializer(serializers.ModelSerializer[StallVersion]):
    class Meta:
        model = StallVersion
        fields: ClassVar = ["number", "trader", "commodity", "zone", "valid_from", "valid_to"]
        read_only_fields = fields


class StallDetailSerializer(StallSerializer):
    establishment = serializers.CharField(source="establishment.code", read_only=True)
    history = StallVersionSerializer(source="versions", many=True, read_only=True)

    class Meta(StallSerializer.Meta):
        fields: ClassVar = [
            *StallSerializer.Meta.fields, "establishment", "opened_at", "retired_at", "history"
        ]  # fmt: skip
        read_only_fields = fields


class StallInput(StrictSerializer):
    number = TextField(max_length=20)
    trader = TextField(max_length=150, allow_blank=True, required=False)
    commodity = serializers.ChoiceField(COMMODITY_CHOICES)
    zone = TextField(max_length=50, allow_blank=True, required=False)


class StallChange(StallInput):
    """An absent field stays as it is."""

    number = TextField(max_length=20, required=False)
    commodity = serializers.ChoiceField(COMMODITY_CHOICES, required=False)
    active = YesNoField(required=False, help_text="False retires the stall, true brings it back.")


class UnitKeySerializer(serializers.Serializer[AdministrativeUnit]):
    """A unit is named by its code and its first day: codes are used again."""

    code = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    name = serializers.CharField()


class AdministrativeUnitSerializer(serializers.ModelSerializer[AdministrativeUnit]):
    parent = UnitKeySerializer(allow_null=True, read_only=True)
    replaced_by = UnitKeySerializer(allow_null=True, read_only=True)
    reporting_area = serializers.CharField(
        source="reporting_area_id", allow_null=True, read_only=True
    )

    class Meta:
        model = AdministrativeUnit
        fields: ClassVar = [
            "code", "level", "name", "parent", "valid_from", "valid_to", "replaced_by",
            "reporting_area",
        ]  # fmt: skip
        read_only_fields = fields


class AuthoritySerializer(serializers.ModelSerializer[Authority]):
    unit = UnitKeySerializer(read_only=True)
    successor = serializers.CharField(source="successor.code", allow_null=True, read_only=True)

    class Meta:
        model = Authority
        fields: ClassVar = [
            "code", "name", "name_en", "parent_name", "symbol", "place", "unit", "valid_from",
            "valid_to", "successor",
        ]  # fmt: skip
        read_only_fields = fields


class AppointmentSerializer(serializers.ModelSerializer[Appointment]):
    username = serializers.CharField(source="person.username", read_only=True)
    full_name = serializers.CharField(source="person.full_name", read_only=True)
    establishment = serializers.CharField(source="establishment.code", read_only=True)
    establishment_name = serializers.CharField(source="establishment.name_vi", read_only=True)

    class Meta:
        model = Appointment
        fields: ClassVar = [
            "id", "username", "full_name", "establishment", "establishment_name", "valid_from",
            "valid_to",
        ]  # fmt: skip
        read_only_fields = fields


class ImportReportSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
