"""Monthly figures as they are sent and as they are read."""

from typing import Any, ClassVar

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.fields import DecimalTextField, IdField, NoteField, StrictSerializer
from inspections.plastics.models import BagReturn
from inspections.plastics.plausibility import Doubt


@extend_schema_field(
    {
        "type": "object",
        "propertyNames": {"pattern": "^[A-Z0-9]{1,20}$"},
        "additionalProperties": {"type": "string", "pattern": "^-?[0-9]{1,12}([.,][0-9]{1,3})?$"},
    }
)
class FiguresField(serializers.DictField):
    child = DecimalTextField(15, 3)


class BagReturnInput(StrictSerializer):
    """The figures of one month."""

    id = IdField(help_text="Made by the client, once; sending it again is safe.")
    measures = FiguresField(
        help_text="By code of an entered measure of `SUPERMARKET-PLASTIC`. What is left out was "
        "not reported, which is not zero.",
    )
    source = serializers.ChoiceField(  # type: ignore[assignment] # fields have one by that name
        BagReturn.Source.choices
    )
    note = NoteField(max_length=1000, allow_blank=True, required=False)


class BagReturnSerializer(serializers.ModelSerializer[BagReturn]):
    establishment = serializers.CharField(source="establishment.code")
    month = serializers.SerializerMethodField(help_text="`YYYY-MM`")
    measures = serializers.DictField(child=serializers.CharField(), help_text="Decimals as text.")
    by = serializers.CharField(source="by.username", help_text="A user name.")
    confirmed_by = serializers.CharField(
        source="confirmed_by.username", default=None, allow_null=True
    )

    class Meta:
        model = BagReturn
        fields: ClassVar = [
            "id", "establishment", "month", "measures", "source", "note", "by", "at",
            "replaced_at", "confirmed_by", "confirmed_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "replaced_at": {"help_text": "When a later one took its place; null while it counts."}
        }

    def get_month(self, row: BagReturn) -> str:
        return f"{row.month:%Y-%m}"


class BagWarningSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=["part_above_whole", "many_bags", "jump"])
    measure = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, doubt: Doubt) -> str:
        return doubt.detail.in_language(get_language() or "vi")


class BagReturnDetailSerializer(BagReturnSerializer):
    """What counts for a month, what follows from it, and what was said before."""

    derived = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="By code of a derived measure, two places; null where there is no value.",
    )
    warnings = BagWarningSerializer(many=True, help_text="To look at twice; refuses nothing.")
    history = BagReturnSerializer(many=True, help_text="Those that were replaced, newest first.")

    class Meta(BagReturnSerializer.Meta):
        fields: ClassVar = [*BagReturnSerializer.Meta.fields, "derived", "warnings", "history"]
        read_only_fields = fields


class ConfirmInput(StrictSerializer):
    """Which of the returns of the month was looked at."""

    id = IdField()
