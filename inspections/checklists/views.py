"""Checklist versions over HTTP: all read them, the department makes them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH, etag
from backend.accounts.current import person
from backend.accounts.models import Role
from backend.accounts.permissions import IsDepartment
from backend.common import canonical, etags
from backend.common.errors import NotFound, PermissionDenied
from backend.common.views import StrictQuery, writes
from inspections.checklists import lifecycle
from inspections.checklists.filters import ChecklistFilter
from inspections.checklists.models import ChecklistVersion
from inspections.checklists.parsers import OldYAMLTextParser, WorkbookParser, YAMLTextParser
from inspections.checklists.serializers import ChecklistRowSerializer, ChecklistSerializer

ALL_ROLES = ["inspector", "manager", "department"]
_NAME = {"type": "string", "pattern": "^[A-Z0-9][A-Z0-9-]{0,39}@[1-9][0-9]{0,3}$"}
NAME = OpenApiParameter("name", _NAME, OpenApiParameter.PATH, description="`CODE@VERSION`")


def visible(request: Request, name: str) -> ChecklistVersion:
    """The version ``name``, its content not yet read. Raises NotFound."""
    rows = ChecklistVersion.objects.visible_to(person(request).role)
    row = rows.named(name).defer("content").first()
    if row is None:
        raise NotFound
    return row


def for_the_department(request: Request, name: str) -> ChecklistVersion:
    """A visible version, for verbs of the department: 404 comes before 403."""
    row = visible(request, name)
    if person(request).role != Role.DEPARTMENT:
        raise PermissionDenied
    return row


class ChecklistListView(StrictQuery, ListAPIView[ChecklistVersion]):
    queryset = ChecklistVersion.objects.none()  # only tells the schema the model
    serializer_class = ChecklistRowSerializer
    filterset_class = ChecklistFilter
    orderings: ClassVar = {
        "code": ("code", "-version"),
        "-code": ("-code", "version"),
    }

    def get_queryset(self) -> QuerySet[ChecklistVersion]:
        rows = ChecklistVersion.objects.offered_to(person(self.request).role)
        return rows.defer("content")

    @extend_schema(
        operation_id="checklists_list",
        summary="List the published checklist versions; the department sees all",
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ChecklistView(StrictQuery):
    @extend_schema(
        operation_id="checklists_read",
        summary="Read a whole checklist version",
        description="What a published version asks never changes, so keep it for ever.",
        parameters=[NAME, IF_NONE_MATCH, etag(200, 304)],
        responses={
            200: ChecklistSerializer,
            304: OpenApiResponse(description="The copy at hand is the present one."),
        },
        extensions={"x-roles": ALL_ROLES, "x-object": "visible"},
    )
    def get(self, request: Request, name: str) -> Response:
        row = visible(request, name)
        headers = {"ETag": _etag(row), "Cache-Control": "private, no-cache"}
        if etags.is_known(request, headers["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(ChecklistSerializer(row).data, headers=headers)


class ChecklistImportView(StrictQuery):
    permission_classes = (IsDepartment,)
    parser_classes = (YAMLTextParser, OldYAMLTextParser, WorkbookParser)

    @extend_schema(
        operation_id="checklists_import",
        summary="Make or replace a draft from a file: YAML or XLSForm",
        description="The file says code and version. `errors` names every fault by line and "
        "column, of a workbook by sheet, row and column.",
        request={
            **{
                parser.media_type: OpenApiTypes.STR
                for parser in (YAMLTextParser, OldYAMLTextParser)
            },
            WorkbookParser.media_type: OpenApiTypes.BINARY,
        },
        responses={201: ChecklistSerializer},
        extensions={
            "x-roles": ["department"],
            "x-object": "none",
            "x-problems": {409: ["checklist_is_published"], 422: ["checklist_invalid"]},
        },
    )
    @writes
    def post(self, request: Request) -> Response:
        data = request.data  # {} without a body
        source = data if isinstance(data, str | bytes) else ""
        row = lifecycle.import_draft(source, by=person(request))
        return Response(ChecklistSerializer(row).data, status=status.HTTP_201_CREATED)


class ChecklistPublishView(StrictQuery):
    @extend_schema(
        operation_id="checklists_publish",
        summary="Freeze a draft for ever",
        parameters=[NAME],
        request=None,
        responses=ChecklistSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {409: ["illegal_move"], 422: ["checklist_invalid"]},
        },
    )
    @writes
    def post(self, request: Request, name: str) -> Response:
        row = for_the_department(request, name)
        return Response(ChecklistSerializer(lifecycle.publish(row.pk, by=person(request))).data)


class ChecklistRetireView(StrictQuery):
    @extend_schema(
        operation_id="checklists_retire",
        summary="Offer a version no longer",
        description="Answers that phones bring home late are still taken.",
        parameters=[NAME],
        request=None,
        responses=ChecklistSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {409: ["illegal_move"]},
        },
    )
    @writes
    def post(self, request: Request, name: str) -> Response:
        row = for_the_department(request, name)
        return Response(ChecklistSerializer(lifecycle.retire(row.pk, by=person(request))).data)


def _etag(row: ChecklistVersion) -> str:
    """The digest of the content, and more where the rest is not as it was when published."""
    digest = row.sha256 or canonical.sha256(row.content)
    if row.status == ChecklistVersion.Status.PUBLISHED and not row.approved_number:
        return f'"{digest}"'
    since = canonical.sha256([row.status, row.approved_number, str(row.approved_on)])
    return f'"{digest}-{since[:8]}"'
