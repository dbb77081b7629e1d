"""Anyone may check a record: by its QR code or by the file. No person is named here."""

import hashlib
from typing import Any, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.common.errors import DomainError, Kind, NotFound
from backend.common.plain_views import safe_only
from backend.common.text import Bilingual
from backend.common.views import StrictQuery
from inspections.records import drawing, reading, verification
from inspections.records.errors import PresentKeyUnreadable
from inspections.records.models import Addendum, Record
from inspections.records.serializers import FileVerdictSerializer, PublicRecordSerializer

ONLY_FORMER_KEYS = Bilingual(
    vi="Hiện chỉ nhận ra biên bản ký bằng các khóa trước đây, và tệp này không thuộc số đó.",
    en="At present only records signed with former keys are recognised, and this is none of them.",
)


class TooManyChecks(DomainError):
    """Other files are being checked; try again in a moment."""

    code = "throttled"
    kind = Kind.THROTTLED
    title = Bilingual(vi="Đang kiểm tra tệp khác", en="Other files are being checked")


class PdfParser(BaseParser):
    """Takes the body as it is: whether it is a PDF is for the verdict to say."""

    media_type = "application/pdf"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return {"file": stream.read(verification.MAX_BYTES + 1)}


class AnyFileParser(PdfParser):
    """For clients that do not know what kind of file they have."""

    media_type = "application/octet-stream"


class PublicRecordView(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="public_record",
        summary="Is this record genuine, is it the current one, what did it say",
        responses=PublicRecordSerializer,
        auth=[],
        extensions={"x-roles": ["public"], "x-object": "public"},
    )
    def get(self, request: Request, token: str) -> Response:
        row = by_token(token)
        if row is None:
            raise NotFound
        return Response(reading.public(row))


class VerifyFileView(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (PdfParser, AnyFileParser)

    @extend_schema(
        operation_id="public_verify",
        summary="Upload a PDF and learn whether it is a record of ours, unchanged",
        request=dict.fromkeys(("application/pdf", "application/octet-stream"), OpenApiTypes.BINARY),
        responses=FileVerdictSerializer,
        auth=[],
        extensions={
            "x-roles": ["public"],
            "x-object": "none",
            "x-problems": {429: ["throttled"], 503: ["unavailable"]},
        },
    )
    def post(self, request: Request) -> Response:
        # Without a body no parser is asked.
        pdf = cast("dict[str, bytes]", request.data).get("file", b"")
        roots = drawing.trusted_roots()
        try:
            verdict = verification.verify(pdf, roots=roots.certificates, known=_known)
        except verification.VerificationBusyError as error:
            raise TooManyChecks(headers={"Retry-After": "5"}) from error
        if verdict.verdict == "not_ours" and not roots.complete:
            raise PresentKeyUnreadable(ONLY_FORMER_KEYS, headers={"Retry-After": "600"})
        named = Q(pk=verdict.record_id) | Q(addenda=verdict.record_id)
        row = _rows().filter(named).first() if verdict.record_id else None
        return Response(
            {
                "verdict": verdict.verdict,
                "reason": verdict.reason,
                "file_sha256": hashlib.sha256(pdf).hexdigest(),
                "signer": {
                    "subject": verdict.signer_subject,
                    "issuer": verdict.signer_issuer,
                    "serial": verdict.signer_serial,
                }
                if verdict.signer_serial
                else None,
                "signed_at": verdict.signed_at or None,
                "test": verdict.is_test,
                "record": reading.public(row) if row else None,
            }
        )


@safe_only
def verify_page(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code; an unknown token gets a page that says so, with 404."""
    row = by_token(token)
    if row is None:
        return render(request, "inspections/verify.html", status=404)
    context = {
        "record": reading.public(row),
        "inspected_on": timezone.localtime(row.inspection.started_at),
        "signed_at": row.signed_at,
        "verdict": row.inspection.get_verdict_display() or "Không có kết luận",
        "replies": row.inspection.replies.select_related("finding"),
    }
    return render(request, "inspections/verify.html", context)


def by_token(token: str) -> Record | None:
    return _rows().filter(token=token).first()


def _rows() -> QuerySet[Record]:
    return Record.objects.select_related(
        "inspection",
        "inspection__appeal",
        "inspection__superseded_by",
        "inspection__superseded_by__record",
    )


def _known(record_id: str) -> verification.Known | None:
    """Of a record, or of an addendum to one."""
    try:
        pk = UUID(record_id)
    except ValueError:
        return None
    record = Record.objects.filter(pk=pk).exclude(file_sha256="").first()
    row = record or Addendum.objects.filter(pk=pk).first()
    if row is None:
        return None
    return verification.Known(
        payload_sha256=row.payload_sha256,
        file_sha256=row.file_sha256,
        signer_issuer=row.signer_issuer,
        signer_serial=row.signer_serial,
    )
