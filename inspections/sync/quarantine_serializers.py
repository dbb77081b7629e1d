"""Shapes of the quarantine: what phones bring, and what the department reads of it."""

from typing import Any, ClassVar

from rest_framework import serializers

from inspections.evidence.models import Evidence
from inspections.sync.quarantine_models import QuarantinedItem
from inspections.sync.serializers import ProblemField


class KeptSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.ChoiceField(["quarantined", "invalid"])
    problem = ProblemField(required=False, help_text="Of what cannot be read at all.")


class AllKeptSerializer(serializers.Serializer[Any]):
    results = KeptSerializer(many=True)
    server_time = serializers.DateTimeField()


class QuarantinedRowSerializer(serializers.ModelSerializer[QuarantinedItem]):
    """One line of the list."""

    username = serializers.CharField(source="person.username")
    full_name = serializers.CharField(source="person.full_name")
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)

    class Meta:
        model = QuarantinedItem
        fields: ClassVar = [
            "id", "op", "item", "username", "full_name", "role", "received_at", "status",
            "decided_at", "decided_by", "reason",
        ]  # fmt: skip
        read_only_fields = fields


class QuarantinedItemSerializer(QuarantinedRowSerializer):
    photos = serializers.SerializerMethodField(help_text="Digests that it names.")
    missing_photos = serializers.SerializerMethodField(help_text="Of those, what has not come.")

    class Meta(QuarantinedRowSerializer.Meta):
        fields: ClassVar = [*QuarantinedRowSerializer.Meta.fields, "data", "photos",
                            "missing_photos"]  # fmt: skip
        read_only_fields = fields

    def get_photos(self, item: QuarantinedItem) -> list[str]:
        return [photo.sha256 for photo in item.photos.order_by("pk")]

    def get_missing_photos(self, item: QuarantinedItem) -> list[str]:
        named = self.get_photos(item)
        here = set(Evidence.objects.filter(pk__in=named).values_list("pk", flat=True))
        return [sha256 for sha256 in named if sha256 not in here]
