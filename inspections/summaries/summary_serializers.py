"""The shape of a summary, for the API description."""

from typing import Any

from rest_framework import serializers

from inspections.followup.serializers import ItemTextSerializer
from inspections.summaries.food_safety import GROUPINGS
from inspections.summaries.report import MOST_FAILED


class PeriodSerializer(serializers.Serializer[Any]):
    to = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class AreaSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class FigureDefinitionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = ItemTextSerializer()
    unit = serializers.ChoiceField(choices=["count", "percent", "points", "days"])
    numerator = ItemTextSerializer()
    denominator = ItemTextSerializer(allow_null=True)


class FigureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    value = serializers.CharField(allow_null=True, help_text="Null where there is none, not zero.")
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.IntegerField(
        allow_null=True, help_text="Of a mean or median: how many values there were."
    )
    before = serializers.CharField(allow_null=True, help_text="The value of the period before.")


class GroupSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = ItemTextSerializer()
    figures = FigureSerializer(many=True)


class FailedItemSerializer(serializers.Serializer[Any]):
    checklist = serializers.CharField()
    item = serializers.CharField()
    text = ItemTextSerializer()
    visits = serializers.IntegerField(help_text="That failed it, at one stall or more.")
    of = serializers.IntegerField(help_text="Visits with this checklist.")
    share = serializers.CharField(allow_null=True)
    before = serializers.CharField(allow_null=True)


class FoodSafetySerializer(PeriodSerializer):
    """Figures of a period with what they are made of; see docs/rules/figures.md."""

    before = PeriodSerializer(help_text="The period before, as long.")
    area = AreaSerializer(allow_null=True)
    group_by = serializers.ChoiceField(choices=GROUPINGS, allow_null=True)
    as_of = serializers.DateField(help_text="What became of the findings by this day.")
    figures = FigureDefinitionSerializer(many=True)
    total = FigureSerializer(many=True)
    groups = GroupSerializer(many=True)
    most_failed = FailedItemSerializer(many=True, help_text=f"At most {MOST_FAILED}.")
