"""Photos over HTTP: send by digest, fetch, ask which are lacking.

Here and not beside ``evidence``, because who may read a photo follows from the inspections that
name it, and the last one to arrive completes a record.
"""

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.http.request import UnreadablePostError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH, etag
from backend.accounts.current import Person, person
from backend.common import etags
from backend.common.errors import Malformed, NotFound
from backend.common.text import Bilingual
from backend.common.views import StrictQuery
from inspections.evidence import lifecycle
from inspections.evidence.errors import NotAnImage
from inspections.evidence.limits import EXTENSIONS, MEDIA_TYPES
from inspections.evidence.models import Evidence, EvidenceUpload
from inspections.evidence.serializers import (
    DigestsSerializer,
    EvidenceSerializer,
    MissingSerializer,
)
from inspections.fieldwork.models import EvidenceReference, Finding, Inspection
from inspections.fieldwork.views import ALL_ROLES
from inspections.followup.models import CorrectionPhoto
from inspections.submission import completion
from inspections.submission.rules import SELF_CHECK

CHUNK = 64 * 1024
# What the ETag of a copy has behind the digest.
SHOWN, THUMBNAIL = "-shown", "-thumbnail"
THUMBNAIL_TYPE = "image/jpeg"
DIGEST_IN_PATH = OpenApiParameter(
    "sha256", {"type": "string", "pattern": "^[0-9a-f]{64}$"}, OpenApiParameter.PATH
)


def visible_to(asking: Person) -> QuerySet[Evidence]:
    """Photos that ``asking`` sent, or that an inspection or a correction names which ``asking``
    may see.

    ``is_own`` tells the former, who get the original. Inspectors see every visit, so they may
    name what they like; a manager, by naming a photo, shows only what somebody of the place
    has sent, before or after.
    """
    findings = Finding.objects.visible_to(asking.id, asking.role)
    inspections = Inspection.objects.visible_to(asking.id, asking.role)
    sent = EvidenceUpload.objects.filter(evidence=OuterRef("pk"), sender_id=asking.id)
    named = EvidenceReference.objects.filter(
        ~Q(inspection__kind=SELF_CHECK) | _sent_from("inspection__establishment"),
        sha256=OuterRef("pk"),
        inspection__in=inspections,
    )
    shown = CorrectionPhoto.objects.filter(
        _sent_from("correction__finding__establishment"),
        sha256=OuterRef("pk"),
        correction__finding__in=findings,
    )
    return Evidence.objects.annotate(is_own=Exists(sent)).filter(
        Q(is_own=True) | Exists(named) | Exists(shown)
    )


def _sent_from(place: str) -> Exists:
    """Whether a manager of the place, present or former, has sent the photo of that digest."""
    return Exists(
        EvidenceUpload.objects.filter(
            evidence=OuterRef("sha256"), sender__appointments__establishment=OuterRef(place)
        )
    )


def found(request: Request, sha256: str) -> tuple[Evidence, bool]:
    """The photo, and whether it is the caller's own. Raises NotFound."""
    evidence = visible_to(person(request)).filter(pk=sha256).first()
    if evidence is None:
        raise NotFound
    return evidence, cast("Any", evidence).is_own


def receive(request: Request, sha256: str) -> Response:
    """Take in the photo that is the body, and issue the records that waited for it."""
    if media_type(request) not in EXTENSIONS:
        raise NotAnImage
    evidence, created = lifecycle.receive(pieces(request), sha256, person(request))
    completion.after_evidence(sha256)
    return Response(
        EvidenceSerializer(evidence).data,
        status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
    )


class AnyImageRenderer(JSONRenderer):
    """Lets clients ask for a picture by ``Accept``; what it renders are the refusals."""

    media_type = "image/*"


class EvidenceView(StrictQuery):
    renderer_classes = (JSONRenderer, AnyImageRenderer)

    @extend_schema(
        operation_id="evidence_send",
        summary="Send a photo as the raw body, named by its SHA-256",
        parameters=[DIGEST_IN_PATH],
        request=dict.fromkeys(MEDIA_TYPES.values(), OpenApiTypes.BINARY),
        responses={
            (code, "application/json"): EvidenceSerializer
            for code in (status.HTTP_200_OK, status.HTTP_201_CREATED)
        },
        description="Repeat freely: 201 the first time, 200 afterwards. At most 10 MiB and 40 "
        "million pixels.",
        extensions={
            "x-roles": ALL_ROLES,
            "x-object": "none",
            "x-problems": {
                415: ["not_an_image"],
                422: ["digest_mismatch"],
                503: ["storage_unavailable"],
            },
        },
    )
    def put(self, request: Request, sha256: str) -> Response:
        return receive(request, sha256)

    @extend_schema(
        operation_id="evidence_fetch",
        summary="Fetch a photo: its sender the original, others a copy without metadata",
        parameters=[DIGEST_IN_PATH, IF_NONE_MATCH, etag(200, 304)],
        responses={
            **{(200, kind): OpenApiTypes.BINARY for kind in EXTENSIONS},
            304: OpenApiResponse(description="A photo never changes."),
        },
        extensions={
            "x-roles": ALL_ROLES,
            "x-object": "visible",
            "x-problems": {503: ["file_damaged", "storage_unavailable"]},
        },
    )
    def get(self, request: Request, sha256: str) -> HttpResponse | FileResponse:
        evidence, is_own = found(request, sha256)
        kind = evidence.media_type
        headers = _headers(sha256, kind, "" if is_own else SHOWN)
        response: HttpResponse | FileResponse
        if etags.is_known(request, headers["ETag"]):
            response = HttpResponse(status=status.HTTP_304_NOT_MODIFIED)
        elif is_own:
            response = FileResponse(lifecycle.original(evidence), content_type=kind)
            headers["Content-Length"] = str(evidence.size_bytes)
        else:
            response = HttpResponse(lifecycle.shown(evidence), content_type=kind)
        # Afterwards, because a file response has ideas of its own about a file's name.
        for name, value in headers.items():
            response[name] = value
        return response

    def head(self, request: Request, sha256: str) -> HttpResponse:
        """Does the server have it, as far as this person may know?"""
        evidence, is_own = found(request, sha256)
        length = evidence.size_bytes if is_own else len(lifecycle.shown(evidence))
        headers = _headers(sha256, evidence.media_type, "" if is_own else SHOWN)
        headers["Content-Length"] = str(length)
        return HttpResponse(content_type=evidence.media_type, headers=headers)


class ThumbnailView(StrictQuery):
    renderer_classes = (JSONRenderer, AnyImageRenderer)

    @extend_schema(
        operation_id="evidence_thumbnail",
        summary="Fetch the small copy of a photo, for lists",
        description="At most 320 pixels wide or high and 15 KB, always a JPEG, without metadata.",
        parameters=[DIGEST_IN_PATH, IF_NONE_MATCH, etag(200, 304)],
        responses={
            (200, THUMBNAIL_TYPE): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="A photo never changes."),
        },
        extensions={
            "x-roles": ALL_ROLES,
            "x-object": "visible",
            "x-problems": {503: ["file_damaged", "storage_unavailable"]},
        },
    )
    def get(self, request: Request, sha256: str) -> HttpResponse:
        evidence, _ = found(request, sha256)
        headers = _headers(sha256, THUMBNAIL_TYPE, THUMBNAIL)
        if etags.is_known(request, headers["ETag"]):
            return HttpResponse(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        copy = lifecycle.thumbnail(evidence)
        return HttpResponse(copy, content_type=THUMBNAIL_TYPE, headers=headers)


class MissingEvidenceView(StrictQuery):
    @extend_schema(
        operation_id="evidence_missing",
        summary="Which of these photos does the server lack?",
        description="A photo that the caller may not see counts as missing.",
        request=DigestsSerializer,
        responses=MissingSerializer,
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def post(self, request: Request) -> Response:
        body = DigestsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = dict.fromkeys(body.validated_data["sha256"])
        here = set(visible_to(person(request)).filter(pk__in=asked).values_list("pk", flat=True))
        return Response({"missing": [sha256 for sha256 in asked if sha256 not in here]})


def media_type(request: Request) -> str:
    """Without its parameters, in lower case."""
    return (request.content_type or "").partition(";")[0].strip().lower()


def pieces(request: Request) -> Iterator[bytes]:
    """The body, never as a whole. Raises Malformed where it ends too early."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    expected = int(length) if length.isdecimal() else 0
    if expected > settings.EVIDENCE_LIMIT:
        raise lifecycle.too_many_bytes()
    received = 0
    try:
        while request.stream and (chunk := request.stream.read(CHUNK)):
            received += len(chunk)
            yield chunk
    except UnreadablePostError:
        received = -1
    if received != expected:
        raise Malformed(Bilingual(vi="Nội dung chưa đến đủ.", en="The body is incomplete."))


def _headers(sha256: str, kind: str, spelling: str) -> dict[str, str]:
    """What was sent under a digest never changes, but it is nobody else's to cache or to run."""
    return {
        "ETag": f'"{sha256}{spelling}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": f'attachment; filename="{sha256}.{EXTENSIONS[kind]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
