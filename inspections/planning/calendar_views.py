"""The inspectors' calendar feeds over HTTP."""

import hashlib

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH
from backend.accounts.current import person
from backend.accounts.permissions import IsInspector
from backend.common import etags
from backend.common.errors import NotFound
from backend.common.views import StrictQuery, writes
from inspections.planning import calendars

OWN = {"x-roles": ["inspector"], "x-object": "own"}


class CalendarSerializer(serializers.Serializer[str]):
    url = serializers.CharField(help_text="Told once. Whoever has it can read the calendar.")


class OwnCalendarView(StrictQuery):
    permission_classes = (IsInspector,)

    @extend_schema(
        operation_id="planning_calendar_make",
        summary="Make the address of the own calendar feed; a former one ends",
        request=None,
        responses={201: CalendarSerializer},
        extensions=OWN,
    )
    @writes
    def post(self, request: Request) -> Response:
        told = {"url": calendars.make(person(request))}
        return Response(told, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="planning_calendar_end",
        summary="End the own calendar feed",
        responses={204: None},
        extensions=OWN,
    )
    @writes
    def delete(self, request: Request) -> Response:
        calendars.end(person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CalendarView(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="planning_calendar_read",
        summary="Read a calendar feed by its secret address",
        description="For calendar programs; a department's plan is in `assignments/`.",
        parameters=[IF_NONE_MATCH],
        responses={
            (200, "text/calendar"): OpenApiTypes.STR,
            304: OpenApiResponse(description="As it was when it had this ETag."),
        },
        auth=[],
        extensions={"x-roles": ["public"], "x-object": "public"},
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        whose = calendars.owner(token)
        if whose is None:
            raise NotFound
        content = calendars.draw(whose, timezone.localdate())
        tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if etags.is_known(request, tag):
            return HttpResponse(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
