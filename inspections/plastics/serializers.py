"""Monthly figures as they are sent and as they are read."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.fields import DecimalTextField, IdField, NoteField, StrictSerializer
from inspections.plastics.models import BagReturn


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

    class Meta:
        model = BagReturn
        fields: ClassVar = [
            "id", "establishment", "month", "measures", "source", "note", "by", "at",
            "replaced_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            "replaced_at": {"help_text": "When a later one took its place; null while it counts."}
        }

    def get_month(self, row: BagReturn) -> str:
        return f"{row.month:%Y-%m}"


class BagReturnDetailSerializer(BagReturnSerializer):
    """What counts for a month, and what was said before."""

    history = BagReturnSerializer(many=True, help_text="Those that were replaced, newest first.")

    class Meta(BagReturnSerializer.Meta):
        fields: ClassVar = [*BagReturnSerializer.Meta.fields, "history"]
        read_only_fields = fields
