"""The inspection document over HTTP: mirror a draft, submit, close the evidence."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone, translation
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH, etag
from backend.accounts.current import person
from backend.accounts.models import Role
from backend.common import etags
from backend.common.errors import (
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    PreconditionRequired,
)
from backend.common.printable import check_printable
from backend.common.views import StrictQuery, writes
from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork import reading
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.serializers import (
    InspectionStateSerializer,
    ReasonSerializer,
    ReceiptSerializer,
    ResultSerializer,
)
from inspections.fieldwork.views import ALL_ROLES, for_the_department, reason_in, visible
from inspections.plastics import levels
from inspections.submission import completion, drafts, lifecycle, shared_drafts
from inspections.submission.schema import DRAFT_CODES, SUBMISSION_CODES

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the draft that is replaced; absent for a new one.",
)


class InspectionView(StrictQuery):
    @extend_schema(
        operation_id="inspections_read",
        summary="Read one inspection: the document and its present state",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={
            200: {"$ref": "#/components/schemas/InspectionDocument"},
            304: OpenApiResponse(description="As it was when it had this ETag."),
        },
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        inspection = visible(request, pk)
        body = _body(inspection)
        tag = _etag(inspection, body["missing_evidence"])
        if etags.is_known(request, tag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return Response(body, headers={"ETag": tag})

    @extend_schema(
        operation_id="inspections_mirror",
        summary="Mirror a draft; replacing needs If-Match",
        parameters=[IF_MATCH, etag(200, 201)],
        request={"application/json": {"$ref": "#/components/schemas/Draft"}},
        responses={
            200: {"$ref": "#/components/schemas/InspectionDocument"},
            201: {"$ref": "#/components/schemas/InspectionDocument"},
        },
        extensions={
            "x-roles": ["inspector"],
            "x-object": "own",
            "x-problems": {
                409: ["illegal_move"],
                412: ["precondition_failed"],
                422: DRAFT_CODES,
                428: ["precondition_required"],
            },
        },
    )
    @writes
    def put(self, request: Request, pk: UUID) -> Response:
        by, known = person(request), Inspection.objects.filter(pk=pk).first()
        if known is not None:
            known = visible(request, pk)
        if by.role != Role.INSPECTOR:
            raise PermissionDenied
        if known is not None:
            # Before any precondition: what can never succeed is no question of versions.
            fieldwork.check_is_draft(known)
        version = _version_to_replace(request, known)
        draft = drafts.mirror(pk, request.data, version=version, by=by)
        draft = Inspection.objects.select_related("establishment", "checklist").get(pk=draft.pk)
        return Response(
            _body(draft),
            status=status.HTTP_200_OK if known else status.HTTP_201_CREATED,
            headers={"ETag": _etag(draft, [])},
        )

    @extend_schema(
        operation_id="inspections_discard",
        summary="Discard a draft",
        responses={204: None},
        extensions={
            "x-roles": ["inspector"],
            "x-object": "own",
            "x-problems": {409: ["illegal_move"]},
        },
    )
    @writes
    def delete(self, request: Request, pk: UUID) -> Response:
        inspection = visible(request, pk)
        if person(request).role != Role.INSPECTOR:
            raise PermissionDenied
        fieldwork.discard(inspection, by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResultView(StrictQuery):
    @extend_schema(
        operation_id="inspections_result",
        summary="Score and verdict with every step",
        responses=ResultSerializer,
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """With the compliance level of today, which follows from later months besides."""
        inspection = visible(request, pk)
        if inspection.status == Inspection.Status.DRAFT:
            raise NotFound
        told = reading.result(inspection)
        level, reason = levels.level_of(inspection, told["criteria"], timezone.localdate())
        applies = bool(definition_of(inspection.checklist).compliance_levels)
        language = translation.get_language() or "vi"
        return Response(
            {
                **told,
                "compliance_level": level,
                "compliance_reason": reason.in_language(language) if applies else None,
            }
        )


class SubmitView(StrictQuery):
    @extend_schema(
        operation_id="inspections_submit",
        summary="Submit a finished inspection and get its receipt",
        description="Repeat freely: the same body gives the same receipt, byte for byte; another "
        "body under the same id is refused and kept for the department to look at.",
        request={"application/json": {"$ref": "#/components/schemas/Submission"}},
        responses={200: ReceiptSerializer, 201: ReceiptSerializer},
        extensions={
            "x-roles": ["inspector", "manager"],
            "x-object": "own",
            "x-problems": {
                409: ["illegal_move", "other_answers_already_submitted"],
                422: SUBMISSION_CODES,
            },
        },
    )
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """Repeat freely: the same body gives the same receipt, another body 409.

        Answers with the stored bytes, so no renderer stands between; the transaction is the
        lifecycle's own, because a refused body is kept although the answer is an error.
        """
        outcome = lifecycle.submit(pk, request.data, by=person(request))
        if outcome.created:
            completion.after_submission(pk, outcome.lacking)
        return HttpResponse(
            outcome.receipt,
            status=status.HTTP_201_CREATED if outcome.created else status.HTTP_200_OK,
            content_type="application/json",
        )


class CloseEvidenceView(StrictQuery):
    @extend_schema(
        operation_id="inspections_close_evidence",
        summary="Give up waiting for photos; the record names them as missing",
        request=ReasonSerializer,
        responses=InspectionStateSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {
                409: ["illegal_move"],
                422: ["character_not_supported", "reason_required"],
            },
        },
    )
    def post(self, request: Request, pk: UUID) -> Response:
        answer = self._close(request, pk)
        completion.after_submission(pk)
        return answer

    @writes
    def _close(self, request: Request, pk: UUID) -> Response:
        inspection = for_the_department(request, pk)
        reason = reason_in(request)
        # The record prints it.
        check_printable({"reason": reason})
        closed = fieldwork.close_evidence(inspection, reason=reason, by=person(request))
        return Response(reading.state(closed))


def _body(inspection: Inspection) -> dict[str, Any]:
    """The document, its state, and of a draft what waits for somebody to choose about."""
    body = reading.document(inspection)
    if inspection.status == Inspection.Status.DRAFT and (
        conflicts := shared_drafts.open_conflicts(inspection)
    ):
        body["conflicts"] = conflicts
    return body


def _etag(inspection: Inspection, missing: list[str]) -> str:
    return f'"{inspection.version}"' if not missing else f'"{inspection.version}-{len(missing)}"'


def _version_to_replace(request: Request, known: Inspection | None) -> int | None:
    """What ``If-Match`` asks for; None for a new draft. Raises 412 and 428 as it should be."""
    wanted = request.headers.get("If-Match")
    if known is None:
        if wanted is not None:
            raise PreconditionFailed
        return None
    if wanted is None:
        raise PreconditionRequired
    if wanted.strip() == "*":
        return known.version
    text = wanted.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) != known.version:
        raise PreconditionFailed(version=known.version)
    return int(text)
