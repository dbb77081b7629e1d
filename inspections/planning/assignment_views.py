"""Assignments over HTTP: the department makes them, an inspector reads the own ones."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.current import person
from backend.accounts.models import Role, User
from backend.accounts.permissions import IsDepartment, role_required
from backend.common.errors import NotFound, PermissionDenied, at
from backend.common.views import StrictQuery, writes
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import ReasonSerializer
from inspections.fieldwork.views import reason_in
from inspections.planning import assignments, errors
from inspections.planning.filters import AssignmentFilter
from inspections.planning.models import Assignment
from inspections.planning.serializers import (
    AssignmentChange,
    AssignmentDetailSerializer,
    AssignmentInput,
    AssignmentSerializer,
)
from markets.models import Establishment

READERS = ("inspector", "department")
READ = {"x-roles": list(READERS), "x-object": "visible"}
PARTICULARS = [
    "character_not_supported", "checklist_not_for_this_kind", "day_out_of_range",
    "follows_not_allowed", "follows_required", "unknown_checklist", "unknown_inspection",
    "duplicate_member", "unknown_inspector",
]  # fmt: skip


class AssignmentViewSet(StrictQuery, mixins.ListModelMixin, GenericViewSet[Assignment]):
    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    orderings: ClassVar = {"due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}

    def get_permissions(self) -> list[BasePermission]:
        if self.action == "list":
            return [role_required(*READERS)()]
        return [IsDepartment() if self.action == "create" else IsAuthenticated()]

    def get_queryset(self) -> QuerySet[Assignment]:
        asking = person(self.request)
        rows = Assignment.objects.visible_to(asking.id, asking.role)
        people = rows.select_related("establishment", "inspector")
        return people.prefetch_related("memberships__person")

    @extend_schema(
        operation_id="assignments_list",
        summary="List the visits that are asked for; an inspector sees the own ones",
        extensions=READ,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="assignments_retrieve",
        summary="Read one assignment, with what speaks against one more visit",
        responses=AssignmentDetailSerializer,
        extensions=READ,
    )
    def retrieve(self, request: Request, id: UUID) -> Response:  # noqa: A002
        return self._told(id)

    @extend_schema(
        operation_id="assignments_create",
        summary="Ask an inspector for a visit",
        request=AssignmentInput,
        responses={201: AssignmentDetailSerializer},
        extensions={
            "x-roles": ["department"],
            "x-object": "none",
            "x-problems": {
                409: ["establishment_closed"],
                422: [*PARTICULARS, "unknown_establishment"],
            },
        },
    )
    @writes
    def create(self, request: Request) -> Response:
        body = AssignmentInput(data=request.data)
        body.is_valid(raise_exception=True)
        columns = columns_of(body.validated_data)
        members = columns.pop("members", ())
        assignment = assignments.assign(Assignment(**columns), members, by=person(request))
        return Response(AssignmentDetailSerializer(assignment).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="assignments_update",
        summary="Change an open assignment, or say why it was missed",
        request=AssignmentChange,
        responses=AssignmentDetailSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {409: ["illegal_move"], 422: PARTICULARS},
        },
    )
    @writes
    def partial_update(self, request: Request, id: UUID) -> Response:  # noqa: A002
        assignment = self._for_the_department(id)
        body = AssignmentChange(data=request.data)
        body.is_valid(raise_exception=True)
        values, by = dict(body.validated_data), person(request)
        reason = values.pop("missed_reason", None)
        columns = columns_of(values)
        members = columns.pop("members", None)
        assignment = assignments.change(assignment, columns, members, by=by)
        if reason is not None:
            assignment = assignments.miss(assignment, reason=reason, by=by)
        return self._told(id)

    @extend_schema(
        operation_id="assignments_cancel",
        summary="Ask no longer for a visit",
        request=ReasonSerializer,
        responses=AssignmentSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {409: ["illegal_move"], 422: ["reason_required"]},
        },
    )
    @writes
    def cancel(self, request: Request, id: UUID) -> Response:  # noqa: A002
        assignment = self._for_the_department(id)
        reason = reason_in(request)
        cancelled = assignments.cancel(assignment, reason=reason, by=person(request))
        return Response(AssignmentSerializer(cancelled).data)

    def _told(self, pk: UUID) -> Response:
        return Response(AssignmentDetailSerializer(self._assignment(pk)).data)

    def _assignment(self, pk: UUID) -> Assignment:
        assignment = self.get_queryset().filter(pk=pk).first()
        if assignment is None:
            raise NotFound
        return assignment

    def _for_the_department(self, pk: UUID) -> Assignment:
        assignment = self._assignment(pk)
        if person(self.request).role != Role.DEPARTMENT:
            raise PermissionDenied
        return assignment


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns for what a body says, names as rows. Raises what stands in ``errors``."""
    columns = dict(values)
    if "establishment" in values:
        place = Establishment.objects.filter(code=values["establishment"]).first()
        if place is None:
            raise at("/establishment", errors.UnknownEstablishment)
        columns["establishment"] = place
    if "inspector" in values:
        columns["inspector"] = _named(values["inspector"], "/inspector")
    if "members" in values:
        columns["members"] = [
            _named(name, f"/members/{position}") for position, name in enumerate(values["members"])
        ]
    if values.get("follows"):
        followed = Inspection.objects.filter(pk=values["follows"]).first()
        if followed is None:
            raise at("/follows", errors.UnknownInspection)
        columns["follows"] = followed
    if "grounds" in values:
        grounds = columns.pop("grounds") or {}
        columns["grounds_number"] = grounds.get("number", "")
        columns["grounds_on"] = grounds.get("date")
        columns["grounds_issuer"] = grounds.get("issuer", "")
    return columns


def _named(username: str, pointer: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise at(pointer, errors.UnknownInspector)
    return found
