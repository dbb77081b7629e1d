"""Where a place stands, over HTTP."""

import hashlib

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH, etag
from backend.accounts.current import person
from backend.accounts.models import Role
from backend.common import canonical, etags
from backend.common.errors import NotFound
from backend.common.views import StrictQuery
from inspections.fieldwork.views import ALL_ROLES
from inspections.records import reading
from inspections.records.lifecycle import verify_url
from inspections.records.models import Record
from inspections.summaries import scorecard, standing
from inspections.summaries.serializers import ScorecardSerializer
from markets.models import Establishment


def place_of(request: Request, code: str) -> Establishment:
    """The place, for whom its visits are visible. Raises NotFound."""
    asking = person(request)
    places = Establishment.objects.filter(code=code)
    if asking.role == Role.MANAGER:
        places = places.managed_by(asking.id, on=timezone.localdate())
    place = places.first()
    if place is None:
        raise NotFound
    return place


class ScorecardView(StrictQuery):
    @extend_schema(
        operation_id="establishments_scorecard",
        summary="Where a place stands: verdict, trend, what is open, what to do first",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={
            200: ScorecardSerializer,
            304: OpenApiResponse(description="The copy at hand is the present one."),
        },
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, code: str) -> Response:
        card = scorecard.build(place_of(request, code), timezone.localdate())
        tag = f'"{hashlib.sha256(canonical.dumps(card)).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if etags.is_known(request, tag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(card, headers=headers)


class PosterView(StrictQuery):
    @extend_schema(
        operation_id="establishments_poster",
        summary="The verdict of the last visit as a page for the wall",
        description="A4, with the code of the record. It says nothing that the code does not lead "
        "to. 404 where no visit counts yet.",
        parameters=[IF_NONE_MATCH],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="The copy at hand is the present one."),
        },
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        last = standing.visits(place_of(request, code).pk).values("record")[:1]
        record = (
            Record.objects.select_related("inspection__superseded_by", "inspection__appeal")
            .filter(pk__in=last)
            .first()
        )
        if record is None:
            raise NotFound
        from inspections.records.rendering.poster import render

        told = reading.public(record)
        tag = f'"{canonical.sha256(told)[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if etags.is_known(request, tag):
            return HttpResponse(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return HttpResponse(
            render(told, verify_url(record.token)),
            content_type="application/pdf",
            headers={**headers, "Content-Security-Policy": "sandbox; default-src 'none'"},
        )
