"""Checklist versions as the API shows them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inspections.checklists.models import ChecklistVersion
from inspections.checklists.rules import Difference


class TitleSerializer(serializers.Serializer[Any]):
    vi = serializers.CharField(source="title_vi")
    en = serializers.CharField(source="title_en")


class ApprovalSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(source="approved_number")
    date = serializers.DateField(source="approved_on")


class ChecklistRowSerializer(serializers.ModelSerializer[ChecklistVersion]):
    """A version without what it asks. ``sha256`` is that of its content, "" while a draft."""

    name = serializers.CharField(help_text="`CODE@VERSION`, as inspections name it.")
    title = TitleSerializer(source="*")
    approved_by = serializers.SerializerMethodField(
        help_text="The decision that approves it; records say *bản thử* until then."
    )

    class Meta:
        model = ChecklistVersion
        fields: ClassVar = [
            "name", "code", "version", "status", "title", "sha256", "approved_by",
            "published_at", "retired_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields

    @extend_schema_field(ApprovalSerializer(allow_null=True))
    def get_approved_by(self, row: ChecklistVersion) -> dict[str, Any] | None:
        return ApprovalSerializer(row).data if row.approved_number else None


class ChecklistSerializer(ChecklistRowSerializer):
    """A version with all that it asks."""

    content = serializers.DictField(help_text="Sections, items, severities, rule sets, measures.")

    class Meta(ChecklistRowSerializer.Meta):
        fields: ClassVar = [*ChecklistRowSerializer.Meta.fields, "content"]
        read_only_fields: ClassVar = fields


class ChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Dotted where nested: `answer.threshold`.")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ItemChangesSerializer(serializers.Serializer[Any]):
    item = serializers.CharField()
    changes = ChangeSerializer(many=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """From one version to the other. The order of items alone is no difference."""

    before = serializers.CharField()
    after = serializers.CharField()
    added = serializers.ListField(child=serializers.CharField(), help_text="Item codes.")
    removed = serializers.ListField(child=serializers.CharField(), help_text="Item codes.")
    changed = ItemChangesSerializer(many=True)
    other = serializers.ListField(
        child=serializers.CharField(), help_text="Parts besides the items that differ."
    )


def difference(before: ChecklistVersion, after: ChecklistVersion, found: Difference) -> Any:
    return {
        "before": before.name,
        "after": after.name,
        "added": found.added,
        "removed": found.removed,
        "changed": [
            {
                "item": item,
                "changes": [
                    {"field": field, "before": old, "after": new}
                    for field, (old, new) in changes.items()
                ],
            }
            for item, changes in found.changed.items()
        ],
        "other": found.other,
    }
