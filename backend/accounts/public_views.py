"""What somebody may ask who is not signed in yet.

No verb here runs in one transaction: a failed attempt stays counted, and a family that was
revoked stays revoked, though the caller is refused. See ``throttle`` and ``lifecycle.rotate``.
"""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts import access_token, lifecycle, sign_in, throttle
from backend.accounts.models import Session
from backend.accounts.serializers import (
    RefreshSerializer,
    SignedInSerializer,
    SignInSerializer,
    TokenPairSerializer,
    UseDeviceLinkSerializer,
    UserSerializer,
)
from backend.common.views import StrictQuery

PUBLIC = {"x-roles": ["public"], "x-object": "none"}
# The longest name and password fit, however they are escaped.
BODY_LIMIT = 16 * 1024


class SignIn(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    body_limit = BODY_LIMIT

    @extend_schema(
        operation_id="auth_token_create",
        summary="Sign in",
        request=SignInSerializer,
        responses=SignedInSerializer,
        extensions={
            **PUBLIC,
            "x-problems": {401: ["not_authenticated"], 429: ["throttled"]},
        },
    )
    def post(self, request: Request) -> Response:
        serializer = SignInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        device = given.get("device", {"id": "", "name": ""})
        user = sign_in.identify(given["username"], given["password"], device=device["id"])
        session, refresh = lifecycle.open_session(
            user, device=device["id"], device_name=device["name"]
        )
        return _signed_in(session, refresh)


class UseDeviceLink(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    body_limit = BODY_LIMIT

    @extend_schema(
        operation_id="auth_device_link_use",
        summary="Sign a phone in with a one-time code",
        request=UseDeviceLinkSerializer,
        responses=SignedInSerializer,
        extensions={
            **PUBLIC,
            "x-problems": {401: ["device_link_invalid"], 429: ["throttled"]},
        },
    )
    def post(self, request: Request) -> Response:
        serializer = UseDeviceLinkSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        device = given["device"]
        counter = throttle.link_key(device["id"])
        throttle.count_attempt(counter)
        session, refresh = lifecycle.use_device_link(
            given["code"], device=device["id"], device_name=device["name"]
        )
        throttle.clear(counter)
        return _signed_in(session, refresh)


class RefreshTokens(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    body_limit = BODY_LIMIT

    @extend_schema(
        operation_id="auth_token_refresh",
        summary="Exchange a refresh token for new tokens",
        description="Within a minute the same token gives the same successor once more, so that "
        "a lost answer signs nobody out. Used later again, it ends the session.",
        request=RefreshSerializer,
        responses=TokenPairSerializer,
        extensions={
            **PUBLIC,
            "x-problems": {401: ["not_authenticated", "session_revoked", "token_expired"]},
        },
    )
    def post(self, request: Request) -> Response:
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        session, refresh = lifecycle.rotate(serializer.validated_data["refresh"])
        return Response({"access": access_token.issue(session), "refresh": refresh})


def _signed_in(session: Session, refresh: str) -> Response:
    return Response(
        {
            "access": access_token.issue(session),
            "refresh": refresh,
            "user": UserSerializer(session.user).data,
        }
    )
