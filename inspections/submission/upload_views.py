"""Photos in pieces over HTTP: how much is here, and the next piece.

Headers and statuses are those of the IETF draft on resumable uploads. The photo's own address
begins an upload as well: its digest names it, so no other address has to be given out.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import Person, person
from backend.common.errors import Malformed
from backend.common.text import Bilingual
from backend.common.views import StrictQuery
from inspections.evidence import uploads
from inspections.evidence.errors import DigestMismatch, NotAnImage, OffsetMismatch, TooLarge
from inspections.evidence.models import Evidence
from inspections.evidence.serializers import EvidenceSerializer
from inspections.fieldwork.views import ALL_ROLES
from inspections.submission import completion
from inspections.submission.evidence_views import DIGEST_IN_PATH, media_type, pieces, visible_to

# The draft of the IETF names the first; tools that know only registered types send the second.
PIECES = ("application/partial-upload", "application/octet-stream")
# As structured fields are spelled (RFC 9651): an integer and a truth value.
_INTEGER = re.compile(r"[0-9]{1,15}")
_TRUTH = {"?0": False, "?1": True}
OFFSET, COMPLETE, LIMIT = "Upload-Offset", "Upload-Complete", "Upload-Limit"


def header(name: str, schema: Any, description: str, **where: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name, schema, OpenApiParameter.HEADER, required=True, description=description, **where
    )


class UploadView(StrictQuery):
    def head(self, request: Request, sha256: str) -> HttpResponse:
        """How much is here, of what the caller has sent."""
        asking = person(request)
        # In this order: what is finished in between is then known.
        here = uploads.offset(sha256, asking)
        known = _known(sha256, asking)
        return _state(known.size_bytes if known else here, is_complete=known is not None)

    @extend_schema(
        operation_id="evidence_upload",
        summary="Send the next piece of a photo",
        description="For bad networks: `HEAD` tells in `Upload-Offset` how many bytes are here, "
        "204 acknowledges a piece, and the last one is answered as the whole photo would be. "
        "Pieces stay for a day.",
        parameters=[
            DIGEST_IN_PATH,
            header(OFFSET, {"type": "string", "pattern": "^[0-9]{1,15}$"}, "Bytes before these."),
            header(COMPLETE, {"type": "string", "enum": list(_TRUTH)}, "?1 with the last piece."),
            header(OFFSET, str, "Bytes that are here.", response=[200, 201, 204]),
            header(COMPLETE, str, "?1 once it was whole.", response=[200, 201, 204]),
        ],
        request=dict.fromkeys(PIECES, OpenApiTypes.BINARY),
        responses={
            (200, "application/json"): EvidenceSerializer,
            (201, "application/json"): EvidenceSerializer,
            204: OpenApiResponse(description="Kept; go on."),
        },
        extensions={
            "x-roles": ALL_ROLES,
            "x-object": "own",
            "x-problems": {
                409: ["mismatching_upload_offset"],
                415: ["not_an_image"],
                422: ["digest_mismatch"],
                503: ["storage_unavailable"],
            },
        },
    )
    def patch(self, request: Request, sha256: str) -> HttpResponse | Response:
        if media_type(request) not in PIECES:
            raise UnsupportedMediaType(media_type(request))
        at, is_last, asking = _offset(request), _is_last(request), person(request)
        if known := _known(sha256, asking):
            if at != known.size_bytes or not is_last:
                raise OffsetMismatch(known.size_bytes, at, is_complete=True)
            return _whole(known, status.HTTP_200_OK)
        try:
            here = uploads.append(pieces(request), sha256, asking, at=at)
        except TooLarge as refusal:
            refusal.headers[LIMIT] = _limit()
            raise
        return _finish(sha256, asking, here) if is_last else _state(here, is_complete=False)


def _finish(sha256: str, asking: Person, here: int) -> Response:
    try:
        evidence, created = uploads.finish(sha256, asking, at=here)
    except (DigestMismatch, NotAnImage, TooLarge) as refusal:
        # All of it has come: sending it again in pieces would change nothing.
        refusal.headers[COMPLETE] = "?1"
        raise
    completion.after_evidence(sha256)
    return _whole(evidence, status.HTTP_201_CREATED if created else status.HTTP_200_OK)


def _known(sha256: str, asking: Person) -> Evidence | None:
    return visible_to(asking).filter(pk=sha256).first()


def _whole(evidence: Evidence, code: int) -> Response:
    headers = {OFFSET: str(evidence.size_bytes), COMPLETE: "?1"}
    return Response(EvidenceSerializer(evidence).data, status=code, headers=headers)


def _state(here: int, *, is_complete: bool) -> HttpResponse:
    return HttpResponse(
        status=status.HTTP_204_NO_CONTENT,
        headers={
            OFFSET: str(here),
            COMPLETE: "?1" if is_complete else "?0",
            LIMIT: _limit(),
        },
    )


def _limit() -> str:
    return f"max-size={settings.EVIDENCE_LIMIT}"


def _offset(request: Request) -> int:
    given = request.headers.get(OFFSET, "").strip()
    if not _INTEGER.fullmatch(given):
        raise _missing(OFFSET)
    return int(given)


def _is_last(request: Request) -> bool:
    given = _TRUTH.get(request.headers.get(COMPLETE, "").strip())
    if given is None:
        raise _missing(COMPLETE)
    return given


def _missing(name: str) -> Malformed:
    return Malformed(
        Bilingual(vi=f"Thiếu hoặc sai tiêu đề {name}.", en=f"{name} is missing or unreadable.")
    )
