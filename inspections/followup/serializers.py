"""Findings with their corrections, assignments, and the bodies of their verbs."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.fields import DayField, IdField, NoteField, StrictSerializer, TextField
from inspections.checklists.lifecycle import definition_of
from inspections.evidence.serializers import DIGEST
from inspections.fieldwork.models import Finding
from inspections.followup.models import Assignment, Correction
from inspections.followup.queries import OPEN, STATUSES

MAX_PHOTOS = 20


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    photos = serializers.SerializerMethodField(help_text="SHA-256, as they were named.")
    by = serializers.CharField(source="by.username", help_text="A user name.")

    class Meta:
        model = Correction
        fields: ClassVar = ["id", "text", "done_on", "photos", "by", "at", "state"]
        read_only_fields = fields

    def get_photos(self, correction: Correction) -> list[str]:
        return [photo.sha256 for photo in correction.photos.all()]


class ItemTextSerializer(serializers.Serializer[Any]):
    vi = serializers.CharField()
    en = serializers.CharField()


class StallOfFindingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A row of ``queries.with_status``."""

    inspection = serializers.UUIDField(source="inspection_id")
    establishment = serializers.CharField(source="establishment.code")
    text = serializers.SerializerMethodField(help_text="What the item asks, in the words then.")
    stall = StallOfFindingSerializer(allow_null=True)
    overdue = serializers.SerializerMethodField(help_text="Open when its due date has passed.")
    status = serializers.ChoiceField(choices=[(status, status) for status in STATUSES])
    repeat_of = serializers.UUIDField(source="repeat_of_id", allow_null=True)
    corrections = CorrectionSerializer(many=True)

    class Meta:
        model = Finding
        fields: ClassVar = [
            "id", "inspection", "establishment", "item", "text", "stall", "severity", "due_on",
            "found_on", "overdue", "status", "corrected_on_site", "repeat_of", "corrections",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ItemTextSerializer)
    def get_text(self, finding: Finding) -> dict[str, str]:
        text = definition_of(finding.inspection.checklist).items[finding.item].text
        return {"vi": text.vi, "en": text.en}

    def get_overdue(self, finding: Finding) -> bool:
        annotated = cast("Any", finding)
        return bool(annotated.status == OPEN and annotated.late)


class CorrectionInput(StrictSerializer):
    """What the manager did about a finding."""

    id = IdField(help_text="Made by the client, once; sending it again is safe.")
    text = NoteField(max_length=2000)
    done_on = DayField()
    photos = serializers.ListField(
        child=serializers.RegexField(DIGEST, trim_whitespace=False),
        max_length=MAX_PHOTOS,
        required=False,
        help_text="SHA-256 in lower-case hex; the photos themselves may come later.",
    )


class DecisionSerializer(StrictSerializer):
    """The grounds of a visit, as the inspection document has them."""

    number = TextField(max_length=300)
    date = DayField()
    issuer = TextField(max_length=300)


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    establishment = serializers.CharField(source="establishment.code")
    inspector = serializers.CharField(source="inspector.username")
    grounds = DecisionSerializer(allow_null=True)
    follows = serializers.UUIDField(source="follows_id", allow_null=True)
    done_by = serializers.UUIDField(
        source="done_by_id", allow_null=True, help_text="The inspection that fulfilled it."
    )

    class Meta:
        model = Assignment
        fields: ClassVar = [
            "id", "establishment", "checklist", "inspector", "due_on", "kind", "grounds",
            "follows", "status", "done_by", "missed_reason", "cancelled_reason",
        ]  # fmt: skip
        read_only_fields = fields


class AssignmentChange(StrictSerializer):
    """An absent field stays as it is."""

    inspector = TextField(max_length=150, required=False, help_text="A user name.")
    due_on = DayField(required=False)
    kind = serializers.ChoiceField(
        Assignment.Kind.choices, required=False, help_text="Of a new one: `planned` by default."
    )
    grounds = DecisionSerializer(allow_null=True, required=False)
    follows = IdField(
        allow_null=True, required=False, help_text="Of a follow-up: the inspection that it follows."
    )
    missed_reason = NoteField(
        max_length=1000, required=False, help_text="Marks an overdue assignment as missed."
    )


class AssignmentInput(AssignmentChange):
    """A new one."""

    establishment = TextField(max_length=40)
    checklist = TextField(max_length=40, help_text="`CODE` without a version.")
    inspector = TextField(max_length=150, help_text="A user name.")
    due_on = DayField()
    missed_reason = None  # type: ignore[assignment] # nothing is missed before it is asked for
