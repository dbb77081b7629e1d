"""The trail as the department reads it."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.audit.models import AuditEntry


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    class Meta:
        model = AuditEntry
        fields: ClassVar = [
            "sequence",
            "at",
            "actor",
            "action",
            "subject",
            "data",
            "request_id",
            "previous_sha256",
            "sha256",
        ]
        read_only_fields = fields


class AuditVerdictSerializer(serializers.Serializer[Any]):
    whole = serializers.BooleanField(read_only=True)
    entries = serializers.IntegerField(read_only=True, help_text="Entries that fit.")
    head_sha256 = serializers.CharField(read_only=True, help_text="Digest of the last of them.")
    broken_at = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Sequence of the first entry that does not fit."
    )
    reason = serializers.CharField(read_only=True, help_text="Empty when whole.")
