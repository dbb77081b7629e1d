"""Assignments and the bodies of their verbs."""

from typing import ClassVar

from rest_framework import serializers

from backend.common.fields import DayField, IdField, NoteField, StrictSerializer, TextField
from inspections.planning.models import Assignment


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
