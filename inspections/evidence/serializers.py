"""Shapes of the photo doors."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.common.fields import StrictSerializer
from inspections.evidence.limits import MAX_DIGESTS
from inspections.evidence.models import Evidence

DIGEST = r"^[0-9a-f]{64}\Z"


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        fields: ClassVar = ["sha256", "media_type", "size_bytes", "width", "height", "received_at"]
        read_only_fields: ClassVar = fields


class DigestsSerializer(StrictSerializer):
    """Which of these do you lack?"""

    sha256 = serializers.ListField(
        child=serializers.RegexField(DIGEST, trim_whitespace=False),
        max_length=MAX_DIGESTS,
        help_text="Lower-case hex.",
    )


class MissingSerializer(serializers.Serializer[Any]):
    missing = serializers.ListField(
        child=serializers.CharField(),
        help_text="In the order of the question; also what is not yours to see.",
    )
