"""Assignments and the bodies of their verbs."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.fields import (
    DayField,
    IdField,
    NoteField,
    StrictSerializer,
    TextField,
    YesNoField,
)
from inspections.planning.models import Assignment, AssignmentSeries
from inspections.planning.overlaps import CODES, Caution, warnings_of


class DecisionSerializer(StrictSerializer):
    """The grounds of a visit, as the inspection document has them."""

    number = TextField(max_length=300)
    date = DayField()
    issuer = TextField(max_length=300)


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    establishment = serializers.CharField(source="establishment.code")
    inspector = serializers.CharField(source="inspector.username")
    members = serializers.SerializerMethodField(help_text="User names of who goes along.")
    overdue = serializers.SerializerMethodField(help_text="Open when its due date has passed.")
    series = serializers.UUIDField(source="series_id", allow_null=True)
    grounds = DecisionSerializer(allow_null=True)
    follows = serializers.UUIDField(source="follows_id", allow_null=True)
    done_by = serializers.UUIDField(
        source="done_by_id", allow_null=True, help_text="The inspection that fulfilled it."
    )

    class Meta:
        model = Assignment
        fields: ClassVar = [
            "id", "establishment", "checklist", "inspector", "members", "due_on", "overdue", "kind",
            "grounds", "follows", "series", "status", "done_by", "missed_reason",
            "cancelled_reason",
        ]  # fmt: skip
        read_only_fields = fields

    def get_members(self, assignment: Assignment) -> list[str]:
        return [member.username for member in assignment.team]

    def get_overdue(self, assignment: Assignment) -> bool:
        late = assignment.due_on < timezone.localdate()
        return late and assignment.status == Assignment.Status.OPEN


class WarningSerializer(serializers.Serializer[Any]):
    """Something to think of before somebody drives there; nothing is refused for it."""

    code = serializers.ChoiceField([(code, code) for code in CODES])
    detail = serializers.SerializerMethodField()
    on = serializers.DateField()
    inspection = serializers.UUIDField(allow_null=True)
    assignment = serializers.UUIDField(allow_null=True)

    def get_detail(self, warning: Caution) -> str:
        return warning.detail.in_language(get_language() or "vi")


class AssignmentDetailSerializer(AssignmentSerializer):
    warnings = serializers.SerializerMethodField()

    class Meta(AssignmentSerializer.Meta):
        fields: ClassVar = [*AssignmentSerializer.Meta.fields, "warnings"]
        read_only_fields = fields

    @extend_schema_field(WarningSerializer(many=True))
    def get_warnings(self, assignment: Assignment) -> Any:
        return WarningSerializer(warnings_of(assignment), many=True).data


class AssignmentChange(StrictSerializer):
    """An absent field stays as it is."""

    inspector = TextField(max_length=150, required=False, help_text="A user name.")
    members = serializers.ListField(
        child=TextField(max_length=150),
        max_length=20,
        required=False,
        help_text="User names of inspectors who go along.",
    )
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


class AssignmentSeriesInput(AssignmentInput):
    """Visits that come round; all are asked for at once."""

    due_on = None  # type: ignore[assignment] # the rule tells the days
    follows = None  # type: ignore[assignment] # a follow-up comes once
    kind = serializers.ChoiceField(
        [choice for choice in Assignment.Kind.choices if choice[0] != "follow_up"], required=False
    )
    first_on = DayField(help_text="The rule counts from this day.")
    rule = TextField(
        max_length=300,
        help_text="RFC 5545: weekly, monthly or yearly, with COUNT or UNTIL, at most 60 visits "
        "within three years: `FREQ=MONTHLY;INTERVAL=3;COUNT=4`.",
    )
    on_market_days = YesNoField(
        required=False, help_text="Each moves to the place's next market day."
    )


class AssignmentSeriesSerializer(serializers.ModelSerializer[AssignmentSeries]):
    assignments = AssignmentSerializer(many=True)

    class Meta:
        model = AssignmentSeries
        fields: ClassVar = ["id", "rule", "first_on", "assignments"]
        read_only_fields = fields
