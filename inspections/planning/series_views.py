"""Visits that come round, over HTTP. For the department."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import person
from backend.accounts.permissions import IsDepartment
from backend.common.errors import NotFound
from backend.common.views import StrictQuery, writes
from inspections.fieldwork.serializers import ReasonSerializer
from inspections.fieldwork.views import reason_in
from inspections.planning import series
from inspections.planning.assignment_views import PARTICULARS, columns_of
from inspections.planning.models import Assignment, AssignmentSeries
from inspections.planning.serializers import AssignmentSeriesInput, AssignmentSeriesSerializer

DEPARTMENT = {"x-roles": ["department"], "x-object": "visible"}
REFUSALS = [*PARTICULARS, "no_market_days", "recurrence_invalid", "unknown_establishment"]


class AssignmentSeriesListView(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="assignment_series_create",
        summary="Ask for visits that come round",
        description="All are asked for at once; each can be changed, missed or cancelled alone.",
        request=AssignmentSeriesInput,
        responses={201: AssignmentSeriesSerializer},
        extensions={
            "x-roles": ["department"],
            "x-object": "none",
            "x-problems": {409: ["establishment_closed"], 422: REFUSALS},
        },
    )
    @writes
    def post(self, request: Request) -> Response:
        body = AssignmentSeriesInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        made = AssignmentSeries(rule=values.pop("rule"), first_on=values.pop("first_on"))
        on_market_days = values.pop("on_market_days", False)
        columns = columns_of(values)
        members = columns.pop("members", ())
        series.assign(
            made,
            Assignment(**columns, due_on=made.first_on),
            members,
            on_market_days=on_market_days,
            by=person(request),
        )
        return Response(told(made.pk), status=status.HTTP_201_CREATED)


class AssignmentSeriesView(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="assignment_series_retrieve",
        summary="Read visits that come round",
        responses=AssignmentSeriesSerializer,
        extensions=DEPARTMENT,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(told(pk))


class CancelSeriesView(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="assignment_series_cancel",
        summary="Ask no longer for what is still open of them",
        description="Safe to repeat: what has ended stays as it is.",
        request=ReasonSerializer,
        responses=AssignmentSeriesSerializer,
        extensions={**DEPARTMENT, "x-problems": {422: ["reason_required"]}},
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        known = AssignmentSeries.objects.filter(pk=pk).first()
        if known is None:
            raise NotFound
        series.cancel(known, reason=reason_in(request), by=person(request))
        return Response(told(pk))


def told(pk: UUID) -> Any:
    """A series with its visits by due date. Raises NotFound."""
    visits = Assignment.objects.select_related("establishment", "inspector")
    visits = visits.prefetch_related("memberships__person").order_by("due_on", "pk")
    known = AssignmentSeries.objects.prefetch_related(Prefetch("assignments", visits))
    found = known.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return AssignmentSeriesSerializer(found).data
