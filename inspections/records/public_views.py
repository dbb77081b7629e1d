"""Anyone may check a record: by its QR code or by the file. No person is named here."""

import threading
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.common.errors import DomainError, Kind, NotFound
from backend.common.text import Bilingual
from backend.common.views import StrictQuery
from inspections.records import drawing, reading
from inspections.records.models import Record
from inspections.records.serializers import FileVerdictSerializer, PublicRecordSerializer

# Reading a hostile PDF may cost seconds of a core each.
MAX_AT_ONCE = 2
_slots = threading.BoundedSemaphore(MAX_AT_ONCE)


class TooManyChecks(DomainError):
    """Other files are being checked; try again in a moment."""

    code = "throttled"
    kind = Kind.THROTTLED
    title = Bilingual(vi="Đang kiểm tra tệp khác", en="Other files are being checked")


class RawPdfParser(BaseParser):
    """Takes any body as it is: what it holds is for the verdict to say."""

    media_type = "application/pdf"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> bytes:
        content: bytes = stream.read()
        return content


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
    parser_classes = (RawPdfParser,)

    @extend_schema(
        operation_id="public_verify",
        summary="Upload a PDF and learn whether it is a record of ours, unchanged",
        request={"application/pdf": OpenApiTypes.BINARY},
        responses=FileVerdictSerializer,
        auth=[],
        extensions={"x-roles": ["public"], "x-object": "public"},
    )
    def post(self, request: Request) -> Response:
        if not _slots.acquire(timeout=5):
            raise TooManyChecks(headers={"Retry-After": "5"})
        try:
            verdict = drawing.verify(request.data)
        finally:
            _slots.release()
        row = Record.objects.filter(file_sha256=verdict.file_sha256).first()
        return Response({**asdict(verdict), "record": reading.public(row) if row else None})


@require_safe
def verify_page(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code; an unknown token gets a page that says so, with 404."""
    row = by_token(token)
    context = {"record": reading.public(row) if row else None}
    return render(request, "inspections/verify.html", context, status=200 if row else 404)


def by_token(token: str) -> Record | None:
    return (
        Record.objects.select_related(
            "inspection", "inspection__superseded_by", "inspection__superseded_by__record"
        )
        .filter(token=token)
        .first()
    )
