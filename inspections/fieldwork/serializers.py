"""What is read of inspections, and the bodies of their verbs."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.common.fields import StrictSerializer, TextField
from inspections.fieldwork.models import Inspection


class InspectionRowSerializer(serializers.ModelSerializer[Inspection]):
    """One line of the list."""

    establishment = serializers.CharField(source="establishment.code")
    checklist = serializers.CharField(source="checklist.name")
    number = serializers.CharField(source="record.number", default=None, allow_null=True)
    year = serializers.IntegerField(source="record.year", default=None, allow_null=True)
    verdict = serializers.SerializerMethodField()

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
        ]
        read_only_fields = fields

    def get_verdict(self, inspection: Inspection) -> str | None:
        return inspection.verdict or None


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
    voided = serializers.DictField(allow_null=True, help_text="at, reason; null unless voided")


class ReasonSerializer(StrictSerializer):
    reason = TextField(max_length=1000, allow_blank=True)


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
