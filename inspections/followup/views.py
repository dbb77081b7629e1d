"""Findings over HTTP, and the manager's answer to one."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import person
from backend.common.views import StrictQuery, writes
from inspections.fieldwork.models import Finding
from inspections.fieldwork.views import ALL_ROLES
from inspections.followup import lifecycle
from inspections.followup.filters import FindingFilter
from inspections.followup.models import Correction
from inspections.followup.queries import with_status
from inspections.followup.serializers import (
    CorrectionInput,
    CorrectionSerializer,
    FindingSerializer,
)


class FindingListView(StrictQuery, ListAPIView[Finding]):
    queryset = Finding.objects.none()  # only tells the schema the model
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    orderings: ClassVar = {"due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}

    def get_queryset(self) -> QuerySet[Finding]:
        asking = person(self.request)
        corrections = Correction.objects.select_related("by").prefetch_related("photos")
        found = Finding.objects.visible_to(asking.id, asking.role)
        return (
            with_status(found, timezone.localdate())
            .select_related("establishment", "stall", "inspection__checklist")
            .prefetch_related(Prefetch("corrections", corrections))
            .defer(
                "inspection__document", "inspection__result", "inspection__assessed",
                "inspection__receipt", "inspection__device", "inspection__checklist__content",
            )
        )  # fmt: skip

    @extend_schema(
        operation_id="findings_list",
        summary="List what visits have found, with what was done about it",
        description="Without the findings of self-checks. `closed` are those whose visit was "
        "superseded or voided, and those that a later visit has looked at again.",
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class RespondView(StrictQuery):
    @extend_schema(
        operation_id="findings_respond",
        summary="Say what was done about a finding",
        description="Repeat freely: 201 the first time, 200 afterwards; another body under the "
        "same id is refused. Several answers to one finding are kept side by side.",
        request=CorrectionInput,
        responses={200: CorrectionSerializer, 201: CorrectionSerializer},
        extensions={
            "x-roles": ["manager"],
            "x-object": "own",
            "x-problems": {
                409: ["id_taken", "illegal_move"],
                422: ["character_not_supported", "day_out_of_range"],
            },
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = CorrectionInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        correction, created = lifecycle.respond(
            pk,
            given["id"],
            text=given["text"],
            done_on=given["done_on"],
            photos=given.get("photos", ()),
            by=person(request),
        )
        return Response(
            CorrectionSerializer(correction).data,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )
