"""Findings over HTTP: the manager's answer to one, and what others decide about it."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import Person, person
from backend.common.errors import DomainError, NotFound, PermissionDenied
from backend.common.problems import of_domain_error
from backend.common.views import StrictQuery, writes
from inspections.fieldwork.models import Finding
from inspections.fieldwork.serializers import ReasonSerializer
from inspections.fieldwork.views import ALL_ROLES, reason_in
from inspections.followup import lifecycle, verification
from inspections.followup.filters import FindingFilter
from inspections.followup.models import Correction, FindingException
from inspections.followup.queries import BY_VISIT, with_status
from inspections.followup.serializers import (
    AcceptInput,
    CorrectionInput,
    CorrectionSerializer,
    DossierSerializer,
    ExceptInput,
    FindingSerializer,
    ManyAcceptedSerializer,
    ManyToAcceptInput,
    RefuseInput,
)

VERIFIED: dict[str, Any] = {"x-roles": ["inspector", "department"], "x-object": "visible"}


def shown(request: Request) -> QuerySet[Finding]:
    """What this person may see, with all that is told of it, in five statements."""
    asking = person(request)
    people = ("by", "decided_by", "reopened_by")
    corrections = Correction.objects.select_related(*people).prefetch_related("photos")
    exceptions = FindingException.objects.select_related("granted_by", "ended_by")
    found = Finding.objects.visible_to(asking.id, asking.role)
    return (
        with_status(found, timezone.localdate())
        .select_related("establishment", "stall", "inspection__checklist")
        .prefetch_related(
            Prefetch("corrections", corrections), Prefetch("exceptions", exceptions)
        )
        .defer(
            "inspection__document", "inspection__result", "inspection__assessed",
            "inspection__receipt", "inspection__device", "inspection__checklist__content",
        )
    )  # fmt: skip


def told(request: Request, pk: UUID) -> Response:
    """What became of a finding by the change just made."""
    return Response(FindingSerializer(shown(request).get(pk=pk)).data)


class FindingListView(StrictQuery, ListAPIView[Finding]):
    queryset = Finding.objects.none()  # only tells the schema the model
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    orderings: ClassVar = {"due_on": ("due_on", "id"), "-due_on": ("-due_on", "-id")}

    def get_queryset(self) -> QuerySet[Finding]:
        return shown(self.request)

    @extend_schema(
        operation_id="findings_list",
        summary="List what visits have found, with what was done about it",
        description="Without the findings of self-checks. `closed` are those whose correction was "
        "accepted, whose visit was superseded or voided, and those that a later visit has looked "
        "at again; `excepted` those that may stand for a time; `reopened` those that are to be "
        "done after a refusal, or after an exception has run out.",
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class FindingView(StrictQuery):
    @extend_schema(
        operation_id="findings_retrieve",
        summary="One finding with its clause, photos, answers and history",
        responses=DossierSerializer,
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        rows = shown(request).select_related("inspection__record", "inspection__sent_by")
        # The answer is read from the whole document.
        whole = rows.defer(None).defer("inspection__record__payload", "inspection__result")
        finding = whole.annotate(by_visit=BY_VISIT).filter(pk=pk).first()
        if finding is None:
            raise NotFound
        return Response(DossierSerializer(finding).data)


class AcceptManyView(StrictQuery):
    @extend_schema(
        operation_id="findings_accept_many",
        summary="Find that many answers are done",
        description="Each as at `findings/{id}/accept/`, by itself: what cannot be accepted keeps "
        "no other back, and says why. Safe to repeat.",
        request=ManyToAcceptInput,
        responses=ManyAcceptedSerializer,
        extensions={"x-roles": ["inspector", "department"], "x-object": "none"},
    )
    def post(self, request: Request) -> Response:
        body = ManyToAcceptInput(data=request.data)
        body.is_valid(raise_exception=True)
        by, reason = person(request), body.validated_data.get("reason", "")
        if by.role not in verification.VERIFIERS:
            raise PermissionDenied
        results = [_accepted(row, reason, by) for row in body.validated_data["findings"]]
        return Response({"results": results})


def _accepted(row: Any, reason: str, by: Person) -> dict[str, Any]:
    problem = None
    try:
        verification.accept(row["id"], by=by, correction=row.get("correction"), reason=reason)
    except DomainError as error:
        problem = of_domain_error(error)
    return {"id": row["id"], "accepted": problem is None, "problem": problem}


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
            partly=given.get("partly", False),
            by=person(request),
        )
        return Response(
            CorrectionSerializer(correction).data,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )


class AcceptView(StrictQuery):
    @extend_schema(
        operation_id="findings_accept",
        summary="Find that what was answered is done",
        description="Decides about every answer that waits. Safe to repeat.",
        request=AcceptInput,
        responses=FindingSerializer,
        extensions=VERIFIED | {"x-problems": {409: ["answered_meanwhile", "illegal_move"]}},
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = AcceptInput(data=request.data)
        body.is_valid(raise_exception=True)
        verification.accept(pk, by=person(request), **body.validated_data)
        return told(request, pk)


class RefuseView(StrictQuery):
    @extend_schema(
        operation_id="findings_refuse",
        summary="Find that it is not done yet, and say why",
        description="Decides about every answer that waits; the finding is to be done again. Safe "
        "to repeat.",
        request=RefuseInput,
        responses=FindingSerializer,
        extensions=VERIFIED
        | {
            "x-problems": {
                409: ["answered_meanwhile", "illegal_move"],
                422: ["reason_required"],
            }
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = RefuseInput(data=request.data)
        body.is_valid(raise_exception=True)
        verification.refuse(pk, by=person(request), **body.validated_data)
        return told(request, pk)


class ReopenView(StrictQuery):
    @extend_schema(
        operation_id="findings_reopen",
        summary="Take back that it is done, or end an exception",
        request=ReasonSerializer,
        responses=FindingSerializer,
        extensions=VERIFIED | {"x-problems": {409: ["illegal_move"], 422: ["reason_required"]}},
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        verification.reopen(pk, by=person(request), reason=reason_in(request))
        return told(request, pk)


class ExceptView(StrictQuery):
    @extend_schema(
        operation_id="findings_except",
        summary="Let a finding stand until the end of a day",
        description="It comes back by itself on the day after. A new exception ends the one "
        "before it. Safe to repeat.",
        request=ExceptInput,
        responses=FindingSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {
                409: ["illegal_move"],
                422: ["day_out_of_range", "reason_required"],
            },
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        body = ExceptInput(data=request.data)
        body.is_valid(raise_exception=True)
        verification.except_until(pk, by=person(request), **body.validated_data)
        return told(request, pk)
