"""The record of an inspection, for those who may see the inspection."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH
from backend.common import etags
from backend.common.errors import NotFound
from backend.common.parameters import flag
from backend.common.views import StrictQuery
from inspections.fieldwork.models import Inspection
from inspections.fieldwork.reading import missing_evidence
from inspections.fieldwork.views import ALL_ROLES, visible
from inspections.records import drawing, reading, worker
from inspections.records.errors import EvidenceMissing, NeverIssued
from inspections.records.models import Addendum, Record
from inspections.records.serializers import RecordSerializer

RETRY_AFTER_S = 2


def record_of(inspection: Inspection) -> Record:
    """Raises NotFound for drafts and self-checks, which have none."""
    record: Record | None = getattr(inspection, "record", None)
    if record is None:
        raise NotFound
    record.inspection = inspection
    return record


class RecordView(StrictQuery):
    @extend_schema(
        operation_id="inspections_record",
        summary="The record: number, digests, signer, successor",
        responses=RecordSerializer,
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(reading.record(record_of(visible(request, pk))))


class RecordFileView(StrictQuery):
    query_parameters = ("provisional",)

    @extend_schema(
        operation_id="inspections_record_pdf",
        summary="The signed file; 202 while it is being drawn",
        parameters=[
            OpenApiParameter(
                "provisional",
                OpenApiTypes.BOOL,
                description="A watermarked copy where there is no signed file yet.",
            ),
            OpenApiParameter(
                "Retry-After", int, OpenApiParameter.HEADER, required=True, response=[202]
            ),
            IF_NONE_MATCH,
        ],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            202: OpenApiResponse(description="Being drawn; ask again after Retry-After seconds."),
            304: OpenApiResponse(description="The signed file is the one at hand."),
        },
        extensions={
            "x-roles": ALL_ROLES,
            "x-object": "visible",
            "x-problems": {
                409: ["evidence_missing", "record_never_issued"],
                429: ["throttled"],
                503: ["file_damaged", "storage_unavailable"],
            },
        },
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        record = record_of(visible(request, pk))
        provisional = flag(request, "provisional")
        if record.file_sha256:
            return _signed(request, record, f"{_name(record)}.pdf")
        missing = missing_evidence(record.inspection)
        if provisional:
            return _pdf(drawing.draw_provisional(record, missing), f"{_name(record)}-ban-tam.pdf")
        if record.inspection.status == Inspection.Status.VOIDED:
            raise NeverIssued
        if record.issue_note is None and missing:
            raise EvidenceMissing(missing=missing)
        worker.wake()
        return Response(
            status=status.HTTP_202_ACCEPTED, headers={"Retry-After": str(RETRY_AFTER_S)}
        )


class AddendumFileView(StrictQuery):
    @extend_schema(
        operation_id="inspections_addendum_pdf",
        summary="A signed file that belongs to the record besides its own",
        parameters=[IF_NONE_MATCH],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="The signed file is the one at hand."),
        },
        extensions={
            "x-roles": ALL_ROLES,
            "x-object": "visible",
            "x-problems": {503: ["file_damaged", "storage_unavailable"]},
        },
    )
    def get(self, request: Request, pk: UUID, sequence: int) -> HttpResponseBase:
        record = record_of(visible(request, pk))
        addendum = record.addenda.filter(sequence=sequence).first()
        if addendum is None:
            raise NotFound
        return _signed(request, addendum, f"{_name(record)}-bo-sung-{sequence}.pdf")


def _signed(request: Request, record: Record | Addendum, name: str) -> HttpResponse:
    tag = f'"{record.file_sha256}"'
    if etags.is_known(request, tag):
        return HttpResponse(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
    response = _pdf(drawing.read(record), name)
    response["ETag"] = tag
    return response


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _name(record: Record) -> str:
    return f"bien-ban-{record.sequence:02d}-{record.year}"
