"""Findings with their corrections, assignments, and the bodies of their verbs."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.fields import DayField, IdField, NoteField, StrictSerializer, YesNoField
from inspections.checklists.lifecycle import definition_of
from inspections.evidence.serializers import DIGEST
from inspections.fieldwork.models import Finding
from inspections.followup.dossier import dossier
from inspections.followup.models import Correction, FindingException
from inspections.followup.queries import STATUSES, TO_DO

MAX_PHOTOS = 20
MOST_AT_ONCE = 100
A_USER_NAME = "A user name."


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    photos = serializers.SerializerMethodField(help_text="SHA-256, as they were named.")
    by = serializers.CharField(source="by.username", help_text=A_USER_NAME)
    decided_by = serializers.CharField(
        source="decided_by.username", allow_null=True, default=None, help_text=A_USER_NAME
    )
    reason = serializers.CharField(help_text="Of the decision; empty where none was given.")
    reopened_by = serializers.CharField(
        source="reopened_by.username", allow_null=True, default=None, help_text=A_USER_NAME
    )

    class Meta:
        model = Correction
        fields: ClassVar = [
            "id", "text", "done_on", "partly", "photos", "by", "at", "state", "decided_by",
            "decided_at", "reason", "reopened_by", "reopened_at", "reopened_reason",
        ]  # fmt: skip
        read_only_fields = fields

    def get_photos(self, correction: Correction) -> list[str]:
        return [photo.sha256 for photo in correction.photos.all()]


class FindingExceptionSerializer(serializers.ModelSerializer[FindingException]):
    granted_by = serializers.CharField(source="granted_by.username", help_text=A_USER_NAME)
    ended_by = serializers.CharField(
        source="ended_by.username", allow_null=True, default=None, help_text=A_USER_NAME
    )

    class Meta:
        model = FindingException
        fields: ClassVar = [
            "until", "reason", "granted_by", "granted_at", "ended_by", "ended_at", "ended_reason",
        ]  # fmt: skip
        read_only_fields = fields


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
    overdue = serializers.SerializerMethodField(
        help_text="To be done when its due date has passed."
    )
    status = serializers.ChoiceField(choices=[(status, status) for status in STATUSES])
    repeat_of = serializers.UUIDField(source="repeat_of_id", allow_null=True)
    corrections = CorrectionSerializer(many=True)
    exceptions = FindingExceptionSerializer(many=True)

    class Meta:
        model = Finding
        fields: ClassVar = [
            "id", "inspection", "establishment", "item", "text", "stall", "severity", "due_on",
            "found_on", "overdue", "status", "corrected_on_site", "repeat_of", "corrections",
            "exceptions",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ItemTextSerializer)
    def get_text(self, finding: Finding) -> dict[str, str]:
        text = definition_of(finding.inspection.checklist).items[finding.item].text
        return {"vi": text.vi, "en": text.en}

    def get_overdue(self, finding: Finding) -> bool:
        annotated = cast("Any", finding)
        return bool(annotated.status in TO_DO and annotated.late)


class ClauseSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    status = serializers.CharField(help_text="How sure the reference is.")


class EventSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(
        choices=[
            "found", "answered", "accepted", "refused", "reopened", "excepted", "exception_ended",
            "replied",
        ]
    )  # fmt: skip
    at = serializers.DateTimeField()
    by = serializers.CharField(help_text=A_USER_NAME)
    text = serializers.CharField()


class RepeatSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    found_on = serializers.DateField()
    inspection = serializers.UUIDField()


class DossierSerializer(FindingSerializer):
    """What a reviewer looks at side by side."""

    number = serializers.CharField(allow_null=True, help_text="Of the record.")
    references = ClauseSerializer(many=True)
    value = serializers.JSONField(allow_null=True, help_text="As the visit answered it.")
    note = serializers.CharField()
    photos = serializers.ListField(
        child=serializers.CharField(), help_text="Of the visit; SHA-256, see `evidence/`."
    )
    legal_moves = serializers.ListField(child=serializers.CharField())
    history = EventSerializer(many=True, help_text="The oldest first.")
    repeats = RepeatSerializer(many=True, help_text="The same fault found before, newest first.")
    text_to_forward = ItemTextSerializer(help_text="For a messenger or an SMS.")

    class Meta(FindingSerializer.Meta):
        fields: ClassVar = [
            *FindingSerializer.Meta.fields, "number", "references", "value", "note", "photos",
            "legal_moves", "history", "repeats", "text_to_forward",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Finding) -> dict[str, Any]:
        """The row of ``queries.with_status`` knows ``by_visit`` too."""
        told: Any = instance
        for name, value in dossier(told, by_visit=told.by_visit).items():
            setattr(told, name, value)
        return super().to_representation(told)


class ToAcceptSerializer(StrictSerializer):
    id = IdField(help_text="Of the finding.")
    correction = IdField(required=False, help_text="As at `findings/{id}/accept/`.")


class ManyToAcceptInput(StrictSerializer):
    findings = serializers.ListField(
        child=ToAcceptSerializer(), min_length=1, max_length=MOST_AT_ONCE
    )
    reason = NoteField(max_length=1000, allow_blank=True, required=False)


class AcceptedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    accepted = serializers.BooleanField()
    problem = serializers.DictField(allow_null=True, help_text="What the single route would say.")


class ManyAcceptedSerializer(serializers.Serializer[Any]):
    results = AcceptedSerializer(many=True)


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
    partly = YesNoField(
        required=False, help_text="Something is left to do; accepting this closes nothing."
    )


class AcceptInput(StrictSerializer):
    correction = IdField(
        required=False, help_text="The newest that was seen: 409 where another came meanwhile."
    )
    reason = NoteField(max_length=1000, allow_blank=True, required=False)


class RefuseInput(AcceptInput):
    reason = NoteField(max_length=1000, allow_blank=True)


class ExceptInput(StrictSerializer):
    until = DayField(help_text="The last day; on the next one the finding is open again.")
    reason = NoteField(max_length=1000, allow_blank=True)
