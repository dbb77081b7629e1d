"""Where a place stands, over HTTP."""

import hashlib

from django.utils import timezone
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
from inspections.summaries import scorecard
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
