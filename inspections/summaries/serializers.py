"""The shape of the score card, for the API description."""

from typing import Any

from rest_framework import serializers

from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import CountSerializer
from inspections.followup.queries import STATUSES
from inspections.followup.serializers import ItemTextSerializer
from inspections.records.serializers import PUBLIC_STATUSES
from inspections.summaries.scorecard import SHOWN, STALE_AFTER_DAYS
from inspections.summaries.standing import TREND
from markets.models import Establishment

STATUS = [(status, status) for status in STATUSES]


class PlaceOfCardSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Establishment.Kind.choices)


class RateSerializer(CountSerializer):
    rate = serializers.CharField(
        allow_null=True, help_text="Percent, two decimals; null where nothing is applicable."
    )


class RecordOfCardSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    year = serializers.IntegerField()
    status = serializers.ChoiceField(choices=PUBLIC_STATUSES)
    has_file = serializers.BooleanField(help_text="Drawn and signed: `record.pdf` is there.")
    verify_url = serializers.URLField()


class VerdictOfCardSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    disputed = serializers.BooleanField(help_text="No verdict is shown without this mark.")


class LastVisitSerializer(VerdictOfCardSerializer):
    inspection = serializers.UUIDField()
    checklist = serializers.CharField()
    kind = serializers.ChoiceField(choices=Inspection.Kind.choices)
    on = serializers.DateField()
    age_days = serializers.IntegerField()
    stale = serializers.BooleanField(help_text=f"Older than {STALE_AFTER_DAYS} days.")
    trial = serializers.BooleanField(help_text="No decision had approved the checklist.")
    replied = serializers.BooleanField(help_text="The place has said something to it.")
    level_a = RateSerializer()
    level_b = RateSerializer()
    compliance_level = serializers.CharField(
        allow_null=True, help_text="As in `result/`; null is not assessed, never the lowest level."
    )
    record = RecordOfCardSerializer(allow_null=True)


class SectionOfCardSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = ItemTextSerializer()
    passed = serializers.IntegerField()
    applicable = serializers.IntegerField()
    before = CountSerializer(
        allow_null=True, help_text="In the visit before; null where that had no such section."
    )


class TrendSerializer(VerdictOfCardSerializer):
    inspection = serializers.UUIDField()
    on = serializers.DateField()
    kind = serializers.ChoiceField(choices=Inspection.Kind.choices)
    number = serializers.CharField(allow_null=True)


class FindingOfCardSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    item = serializers.CharField()
    stall = serializers.CharField(allow_null=True, help_text="Its number.")
    severity = serializers.CharField()
    due_on = serializers.DateField()
    found_on = serializers.DateField()
    status = serializers.ChoiceField(choices=STATUS)
    overdue = serializers.BooleanField()
    repeated = serializers.BooleanField()
    corrected_on_site = serializers.BooleanField()


class FindingsOfCardSerializer(serializers.Serializer[Any]):
    """What waits at the place, counted whole; ``first`` are those due first."""

    open = serializers.IntegerField(help_text="What the manager has to do; the reopened ones too.")
    answered = serializers.IntegerField()
    excepted = serializers.IntegerField()
    overdue = serializers.IntegerField()
    repeated = serializers.IntegerField()
    first = FindingOfCardSerializer(many=True, help_text=f"At most {SHOWN}.")
    more = serializers.IntegerField(help_text="How many there are beyond those in `first`.")


class FixOfCardSerializer(serializers.Serializer[Any]):
    finding = serializers.UUIDField()
    item = serializers.CharField()
    stall = serializers.CharField(allow_null=True, help_text="Its number.")
    status = serializers.ChoiceField(choices=STATUS)


class FixesOfCardSerializer(serializers.Serializer[Any]):
    """A smallest set of findings to put right for a verdict; none where it is there already."""

    count = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Of these, what is not answered yet.")
    first = FixOfCardSerializer(many=True, help_text=f"At most {SHOWN}, the open ones first.")


class ProjectionSerializer(serializers.Serializer[Any]):
    """What the rules make of the last visit with its answered findings in order."""

    assumed = serializers.IntegerField(help_text="Findings answered, or accepted already.")
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    level_a = RateSerializer()
    level_b = RateSerializer()


class ScorecardSerializer(serializers.Serializer[Any]):
    """Where a place stands. Self-checks and visits that no longer stand are not in it."""

    establishment = PlaceOfCardSerializer()
    as_of = serializers.DateField()
    last = LastVisitSerializer(
        allow_null=True, help_text="Null where no visit counts yet; then all below is absent."
    )
    sections = SectionOfCardSerializer(many=True, required=False)
    trend = TrendSerializer(
        many=True, required=False,
        help_text=f"The last {TREND} visits with the same checklist, the oldest first.",
    )  # fmt: skip
    findings = FindingsOfCardSerializer(required=False)
    fixes = serializers.DictField(
        child=FixesOfCardSerializer(allow_null=True),
        required=False,
        help_text="Under `to_complete` and `pass`; null where there is no verdict.",
    )
    projected = ProjectionSerializer(required=False)
    items = serializers.DictField(
        child=ItemTextSerializer(), required=False, help_text="What the items named above ask."
    )
