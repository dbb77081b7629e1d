"""Follow-up visits that are due, for the department to plan."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import IsDepartment
from backend.common.views import StrictQuery
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup.queries import STATUSES
from inspections.followup.serializers import StallOfFindingSerializer
from inspections.planning.proposals import proposal, to_follow_up


class AskedAgainSerializer(serializers.ModelSerializer[Finding]):
    stall = StallOfFindingSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=[(status, status) for status in STATUSES])

    class Meta:
        model = Finding
        fields: ClassVar = ["id", "item", "stall", "severity", "due_on", "status"]
        read_only_fields = fields


class ProposalSerializer(serializers.ModelSerializer[Inspection]):
    """A row of ``proposals.to_follow_up``, in the words of an assignment."""

    establishment = serializers.CharField(source="establishment.code")
    checklist = serializers.CharField(source="checklist.code")
    follows = serializers.UUIDField(source="id")
    number = serializers.CharField(source="record.number", default=None, allow_null=True)
    due_on = serializers.DateField()
    findings = AskedAgainSerializer(many=True, source="asked_again")
    critical = serializers.ListField(
        child=serializers.CharField(), help_text="Items that are asked besides."
    )

    class Meta:
        model = Inspection
        fields: ClassVar = [
            "establishment", "checklist", "follows", "number", "started_at", "due_on", "findings",
            "critical",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Inspection) -> dict[str, Any]:
        proposed: Any = instance
        proposed.due_on, proposed.critical = proposal(instance, timezone.localdate())
        return super().to_representation(instance)


class ProposalListView(StrictQuery, ListAPIView[Inspection]):
    queryset = Inspection.objects.none()  # only tells the schema the model
    permission_classes = (IsDepartment,)
    serializer_class = ProposalSerializer
    orderings: ClassVar = {
        "started_at": ("started_at", "id"),
        "-started_at": ("-started_at", "-id"),
    }

    def get_queryset(self) -> QuerySet[Inspection]:
        return to_follow_up(timezone.localdate())

    @extend_schema(
        operation_id="follow_up_proposals_list",
        summary="Follow-up visits that are due and asked of nobody",
        description="A visit is here from the day after the due date of a critical or major "
        "finding that is still to be done. `POST assignments/` with `kind: follow_up` plans it.",
        extensions={"x-roles": ["department"], "x-object": "none"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
