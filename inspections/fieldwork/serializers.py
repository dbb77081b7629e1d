"""What is read of inspections, and the bodies of their verbs."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.common.fields import NoteField, StrictSerializer
from inspections.checklists.serializers import DifferenceSerializer
from inspections.fieldwork.effect import MOST_VISITS, SHOWN
from inspections.fieldwork.models import Inspection


class InspectionRowSerializer(serializers.ModelSerializer[Inspection]):
    """One line of the list."""

    establishment = serializers.CharField(source="establishment.code")
    checklist = serializers.CharField(source="checklist.name")
    number = serializers.CharField(source="record.number", default=None, allow_null=True)
    year = serializers.IntegerField(source="record.year", default=None, allow_null=True)
    verdict = serializers.SerializerMethodField()
    disputed = serializers.BooleanField(
        source="is_disputed", help_text="No verdict is shown without this mark."
    )
    replied = serializers.BooleanField(help_text="The place has said something to it.")

    class Meta:
        model = Inspection
        fields: ClassVar = [
            "id",
            "establishment",
            "checklist",
            "kind",
            "status",
            "version",
            "started_at",
            "ended_at",
            "received_at",
            "number",
            "year",
            "verdict",
            "score",
            "disputed",
            "replied",
        ]
        read_only_fields = fields

    def get_verdict(self, inspection: Inspection) -> str | None:
        return inspection.verdict or None


class ReplyShownSerializer(serializers.Serializer[Any]):
    """What the place has said: to the verdict, or to the finding of ``item``."""

    at = serializers.DateTimeField()
    text = serializers.CharField()
    item = serializers.CharField(allow_null=True)
    stall = serializers.CharField(allow_null=True, help_text="Its number.")


class InspectionStateSerializer(serializers.Serializer[Any]):
    """What the server adds to the document: state, number, verdict, what is missing."""

    status = serializers.ChoiceField(choices=Inspection.Status.choices)
    version = serializers.IntegerField(help_text="Of a draft: the value of its ETag.")
    number = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    clock_skew_s = serializers.IntegerField(allow_null=True)
    answers_sha256 = serializers.CharField(allow_null=True)
    missing_evidence = serializers.ListField(child=serializers.CharField())
    evidence_closed = serializers.DictField(
        allow_null=True, help_text="at, reason; null while photos are awaited"
    )
    superseded_by = serializers.UUIDField(allow_null=True)
    disputed = serializers.BooleanField(
        help_text="An appeal is open or was upheld: no verdict is shown without this mark."
    )
    replies = ReplyShownSerializer(many=True)
    voided = serializers.DictField(allow_null=True, help_text="at, reason; null unless voided")


class ReasonSerializer(StrictSerializer):
    reason = NoteField(max_length=1000, allow_blank=True)


class CountSerializer(serializers.Serializer[Any]):
    passed = serializers.IntegerField()
    applicable = serializers.IntegerField()


class FixSerializer(serializers.Serializer[Any]):
    item = serializers.CharField()
    stall = serializers.UUIDField(allow_null=True)


class ResultSerializer(serializers.Serializer[Any]):
    """Score and verdict with every step; see product contract, section 10 point 17."""

    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    rule_set = serializers.CharField()
    rules_version = serializers.IntegerField()
    disputed = serializers.BooleanField()
    verdict_by_rule_set = serializers.DictField(child=serializers.CharField(allow_null=True))
    level_a = CountSerializer()
    level_b = CountSerializer()
    compliance_level = serializers.CharField(allow_null=True)
    compliance_reason = serializers.CharField(allow_null=True)
    sections = serializers.ListField(child=serializers.DictField())
    criteria = serializers.ListField(child=serializers.DictField())
    stalls = serializers.ListField(child=serializers.DictField())
    findings = serializers.ListField(child=serializers.DictField())
    fixes = serializers.DictField(child=FixSerializer(many=True, allow_null=True))


class ReceiptSerializer(serializers.Serializer[Any]):
    """The answer of ``submit``, repeated byte for byte."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)
    level_a = CountSerializer()
    level_b = CountSerializer()
    answers_sha256 = serializers.CharField()
    missing_evidence = serializers.ListField(child=serializers.CharField())
    received_at = serializers.DateTimeField()
    clock_skew_s = serializers.IntegerField(allow_null=True)
    verify_url = serializers.URLField(allow_null=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    score = serializers.CharField(allow_null=True)


class AffectedVisitSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    establishment = serializers.CharField()
    inspected_on = serializers.DateField()
    before = OutcomeSerializer()
    lowest = OutcomeSerializer()
    highest = OutcomeSerializer()


class TransitionSerializer(serializers.Serializer[Any]):
    """Visits that go from one verdict to another, or to one of ``lowest`` to ``highest``."""

    before = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    lowest = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    highest = serializers.ChoiceField(choices=Inspection.Verdict.choices, allow_null=True)
    inspections = serializers.IntegerField()


class MeanScoreSerializer(serializers.Serializer[Any]):
    """Over the visits that have a score before and after; null where there is none."""

    before = serializers.CharField(allow_null=True)
    lowest = serializers.CharField(allow_null=True)
    highest = serializers.CharField(allow_null=True)


class EffectSerializer(serializers.Serializer[Any]):
    """What past visits would come to: ``lowest`` where all that their answers leave open fails,
    ``highest`` where it passes. Both are the same where nothing is open.
    """

    inspections = serializers.IntegerField(
        help_text="Submitted or issued with `before`, neither superseded, voided nor self-checks."
    )
    left_out = serializers.IntegerField(help_text=f"Older ones beyond the newest {MOST_VISITS}.")
    kept = serializers.IntegerField(help_text="The verdict stays.")
    raised = serializers.IntegerField()
    lowered = serializers.IntegerField()
    uncertain = serializers.IntegerField(help_text="The verdict depends on what is open.")
    transitions = TransitionSerializer(many=True)
    mean_score = MeanScoreSerializer()
    visits = AffectedVisitSerializer(
        many=True,
        help_text=f"The newest {SHOWN} whose verdict or score differs or may differ.",
    )


class DifferenceWithEffectSerializer(DifferenceSerializer):
    """From one version to the other. The order of items alone is no difference."""

    effect = EffectSerializer()
