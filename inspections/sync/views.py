"""What phones load before they leave the network."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api_schema.components import IF_NONE_MATCH, etag
from backend.accounts.current import person
from backend.accounts.models import Role
from backend.accounts.permissions import role_required
from backend.common import etags
from backend.common.views import StrictQuery
from inspections.sync import bundle, scope
from inspections.sync.serializers import BundleSerializer

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
