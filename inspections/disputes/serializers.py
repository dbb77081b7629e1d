"""Replies, appeals and publications, and the bodies of their verbs."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.common.fields import IdField, NoteField, StrictSerializer
from inspections.disputes.models import Appeal, Publication, Reply


class ReplySerializer(serializers.ModelSerializer[Reply]):
    inspection = serializers.UUIDField(source="inspection_id")
    finding = serializers.UUIDField(source="finding_id", allow_null=True)
    by = serializers.CharField(source="by.username", help_text="A user name.")

    class Meta:
        model = Reply
        fields: ClassVar = ["id", "inspection", "finding", "text", "by", "at"]
        read_only_fields = fields


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    """``inspection``: whose verdict is in question now; ``lodged_against``: whose it was first."""

    inspection = serializers.UUIDField(source="inspection_id")
    lodged_against = serializers.UUIDField(source="lodged_against_id")
    establishment = serializers.CharField(source="inspection.establishment.code")
    by = serializers.CharField(source="by.username", help_text="A user name.")
    decided_by = serializers.CharField(
        source="decided_by.username", allow_null=True, default=None, help_text="A user name."
    )

    class Meta:
        model = Appeal
        fields: ClassVar = [
            "id", "inspection", "lodged_against", "establishment", "text", "by", "at", "state",
            "decided_by", "decided_at", "reason",
        ]  # fmt: skip
        read_only_fields = fields


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    inspection = serializers.UUIDField(source="inspection_id")
    by = serializers.CharField(source="by.username", help_text="A user name.")
    withdrawn_by = serializers.CharField(
        source="withdrawn_by.username", allow_null=True, default=None, help_text="A user name."
    )

    class Meta:
        model = Publication
        fields: ClassVar = [
            "inspection", "by", "at", "withdrawn_by", "withdrawn_at", "withdrawn_reason",
        ]  # fmt: skip
        read_only_fields = fields


class DisputeSerializer(serializers.Serializer[Any]):
    """All that was said about one verdict, and how long more may be said."""

    disputed = serializers.BooleanField()
    reply_until = serializers.DateField(help_text="The last day; published not before the next.")
    appeal_until = serializers.DateField()
    replies = ReplySerializer(many=True)
    appeal = AppealSerializer(allow_null=True)
    publication = PublicationSerializer(allow_null=True)


class AppealInput(StrictSerializer):
    id = IdField(help_text="Made by the client, once; sending it again is safe.")
    text = NoteField(max_length=2000)


class ReplyInput(AppealInput):
    finding = IdField(
        required=False, allow_null=True, help_text="Of this visit; without it, to the verdict."
    )


class DecisionInput(StrictSerializer):
    outcome = serializers.ChoiceField(choices=["upheld", "rejected"])
    reason = NoteField(max_length=2000, allow_blank=True)
