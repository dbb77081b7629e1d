"""What a signed-in person may ask about the own account and devices."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts import lifecycle, links
from backend.accounts.current import Person, person
from backend.accounts.errors import NoPhoneToLink, SessionRevoked
from backend.accounts.filters import DeviceFilter
from backend.accounts.models import Device, Role, User
from backend.accounts.permissions import IsDepartment
from backend.accounts.serializers import (
    DeviceLinkSerializer,
    DeviceSerializer,
    NothingSerializer,
    PersonNameSerializer,
    UserSerializer,
)
from backend.common.errors import NotFound
from backend.common.views import StrictQuery, writes

EVERYONE = [role.value for role in Role]


class SignOut(StrictQuery):
    @extend_schema(
        operation_id="auth_logout",
        summary="End this session",
        request=None,
        responses={204: None},
        extensions={"x-roles": EVERYONE, "x-object": "none"},
    )
    @writes
    def post(self, request: Request) -> Response:
        _expect_nothing(request)
        asking = person(request)
        lifecycle.end_session(asking.session_id, by=asking)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(StrictQuery):
    @extend_schema(
        operation_id="auth_me",
        summary="Who am I",
        responses=UserSerializer,
        extensions={"x-roles": EVERYONE, "x-object": "none"},
    )
    def get(self, request: Request) -> Response:
        user = User.objects.filter(pk=person(request).id).first()
        if user is None:
            raise SessionRevoked
        return Response(UserSerializer(user).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="auth_devices_list",
        summary="List your devices; the department lists all",
        extensions={"x-roles": EVERYONE, "x-object": "own"},
    )
)
class DeviceList(StrictQuery, ListAPIView[Device]):
    queryset = Device.objects.none()
    serializer_class = DeviceSerializer
    filterset_class = DeviceFilter
    orderings: ClassVar = {"-last_seen_at": ("-last_seen_at", "-id")}

    def get_queryset(self) -> QuerySet[Device]:
        return _visible_to(person(self.request))


class DeviceRevoke(StrictQuery):
    @extend_schema(
        operation_id="auth_devices_revoke",
        summary="End every session of a device, say a lost phone",
        request=None,
        responses=DeviceSerializer,
        extensions={"x-roles": EVERYONE, "x-object": "visible"},
    )
    @writes
    def post(self, request: Request, device_id: UUID) -> Response:
        _expect_nothing(request)
        asking = person(request)
        device = _visible_to(asking).filter(pk=device_id).first()
        if device is None:
            raise NotFound
        device = lifecycle.revoke_device(device, by=asking)
        return Response(DeviceSerializer(device).data)


class DeviceLinkCreate(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="auth_device_links_create",
        summary="Make a one-time code that signs a person's phone in",
        description="Good once, for 15 minutes. The answer is the only place where it stands.",
        request=PersonNameSerializer,
        responses={201: DeviceLinkSerializer},
        extensions={
            "x-roles": [Role.DEPARTMENT.value],
            "x-object": "none",
            "x-problems": {422: ["no_phone_to_link"]},
        },
    )
    @writes
    def post(self, request: Request) -> Response:
        body = PersonNameSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = User.objects.filter(username=body.validated_data["username"]).first()
        if user is None:
            raise NoPhoneToLink
        code, link = lifecycle.make_device_link(user, by=person(request))
        shown = links.shown(code, link.expires_at)
        return Response(DeviceLinkSerializer(shown).data, status=status.HTTP_201_CREATED)


def _visible_to(asking: Person) -> QuerySet[Device]:
    devices = Device.objects.select_related("user")
    return devices if asking.role == Role.DEPARTMENT else devices.filter(user_id=asking.id)


def _expect_nothing(request: Request) -> None:
    NothingSerializer(data=request.data).is_valid(raise_exception=True)
