"""Reading inspections, and the department's verdict-ending verb."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import person
from backend.accounts.models import Role
from backend.common.errors import NotFound, PermissionDenied
from backend.common.views import StrictQuery, writes
from inspections.fieldwork import lifecycle, reading
from inspections.fieldwork.filters import InspectionFilter
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import (
    InspectionRowSerializer,
    InspectionStateSerializer,
    ReasonSerializer,
)

ALL_ROLES = ["inspector", "manager", "department"]


def visible(request: Request, pk: UUID) -> Inspection:
    """The inspection ``pk``. Raises NotFound where this person may not know of it."""
    asking = person(request)
    rows = Inspection.objects.visible_to(asking.id, asking.role)
    inspection = (
        rows.select_related("establishment", "checklist", "record", "superseded_by", "appeal")
        .filter(pk=pk)
        .first()
    )
    if inspection is None:
        raise NotFound
    return inspection


def for_the_department(request: Request, pk: UUID) -> Inspection:
    """A visible inspection, for verbs of the department: 404 comes before 403."""
    inspection = visible(request, pk)
    if person(request).role != Role.DEPARTMENT:
        raise PermissionDenied
    return inspection


def reason_in(request: Request) -> str:
    """The reason that the body gives; whether it may be blank, the verb decides."""
    body = ReasonSerializer(data=request.data)
    body.is_valid(raise_exception=True)
    return str(body.validated_data["reason"])


class InspectionListView(StrictQuery, ListAPIView[Inspection]):
    queryset = Inspection.objects.none()  # only tells the schema the model
    serializer_class = InspectionRowSerializer
    filterset_class = InspectionFilter
    orderings: ClassVar = {
        "-started_at": ("-started_at", "-id"),
        "started_at": ("started_at", "id"),
    }

    def get_queryset(self) -> QuerySet[Inspection]:
        asking = person(self.request)
        rows = Inspection.objects.visible_to(asking.id, asking.role)
        related = rows.with_dispute().select_related("establishment", "checklist", "record")
        return related.defer(
            "document", "result", "assessed", "receipt", "checklist__content", "record__payload"
        )

    @extend_schema(
        operation_id="inspections_list",
        summary="List the inspections you may see",
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class VoidView(StrictQuery):
    @extend_schema(
        operation_id="inspections_void",
        summary="Declare an inspection void; its number is kept",
        request=ReasonSerializer,
        responses=InspectionStateSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {409: ["illegal_move"], 422: ["reason_required"]},
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        inspection = for_the_department(request, pk)
        voided = lifecycle.void(inspection, reason=reason_in(request), by=person(request))
        return Response(reading.state(voided))
