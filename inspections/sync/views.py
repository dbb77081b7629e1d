"""What phones load before they leave the network."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH, etag
from backend.accounts import devices
from backend.accounts.current import person
from backend.accounts.models import Role
from backend.accounts.permissions import role_required
from backend.common import etags
from backend.common.pagination import MAX_SIZE, page_size
from backend.common.views import StrictQuery
from inspections.sync import bundle, changes, cursors, push, scope
from inspections.sync.cursors import CURSOR
from inspections.sync.envelope import PushParser, envelope
from inspections.sync.serializers import (
    BundleSerializer,
    ChangesSerializer,
    PushAnswerSerializer,
    PushSerializer,
)

PHONES = [Role.INSPECTOR.value, Role.MANAGER.value]


class BundleView(StrictQuery):
    permission_classes = (role_required(*PHONES),)

    @extend_schema(
        operation_id="sync_bundle",
        summary="Load everything for days without a network",
        description="One ETag for all of it: it changes with whatever changes in what you may "
        "see, and with the local day. Asking with it costs one small query.",
        parameters=[IF_NONE_MATCH, etag(200, 304)],
        responses={
            200: BundleSerializer,
            304: OpenApiResponse(description="The copy at hand is the present one."),
        },
        extensions={"x-roles": PHONES, "x-object": "visible"},
    )
    def get(self, request: Request) -> Response:
        present = scope.look(person(request))
        headers = {"ETag": f'"{present.etag}"', "Cache-Control": "private, no-cache"}
        if etags.is_known(request, headers["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(bundle.build(present), headers=headers)


class ChangesView(StrictQuery):
    permission_classes = (role_required(*PHONES),)
    query_parameters = ("cursor", "page_size")

    @extend_schema(
        operation_id="sync_changes",
        summary="What has changed since, with tombstones",
        description="Rows as they are now, in the order of their last change. Ask again with the "
        "new `cursor`, at once where there is `more`. After 410 fetch the bundle.",
        parameters=[
            OpenApiParameter(
                "cursor", {"type": "string", "pattern": CURSOR}, required=True,
                description="Of the bundle or of the last answer.",
            ),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": MAX_SIZE},
                description="Most rows of a page; one change of more comes whole.",
            ),
        ],
        responses=ChangesSerializer,
        extensions={
            "x-roles": PHONES,
            "x-object": "visible",
            "x-problems": {
                400: ["cursor_invalid"],
                410: ["cursor_expired", "scope_changed"],
            },
        },
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        present = scope.look(person(request))
        size = page_size(request.query_params.get("page_size", str(MAX_SIZE)))
        since = cursors.read(request.query_params.get("cursor", ""), present)
        page = changes.page(present, since, size)
        return Response(
            {
                "changes": page.changes,
                "cursor": cursors.write(present, page.at),
                "more": page.more,
                "server_time": scope.local(timezone.now()),
            }
        )


class PushView(StrictQuery):
    permission_classes = (role_required(*PHONES),)
    parser_classes = (PushParser,)

    @extend_schema(
        operation_id="sync_push",
        summary="Send what was done, up to 20 things at once",
        description="Each item is what its single route would do, in a transaction of its own, "
        "and has its own outcome: a bad one holds up no other. Repeat freely.",
        request=PushSerializer,
        responses=PushAnswerSerializer,
        extensions={"x-roles": PHONES, "x-object": "own"},
    )
    def post(self, request: Request) -> Response:
        by, sent = person(request), envelope(request)
        if sent.report is not None:
            report = sent.report
            devices.report(by, report.queue, report.sent_at, report.app, timezone.now())
        return Response(
            {
                "results": [push.run(item, by) for item in sent.items],
                "server_time": scope.local(timezone.now()),
                "bundle_etag": scope.look(by).etag,
            }
        )
