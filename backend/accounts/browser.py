"""An officer's browser as a device: it counts its own mistakes, and can be revoked like a phone."""

from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from backend.accounts import lifecycle
from backend.accounts.models import Session, User

COOKIE = "office_device"
NAME = "Trình duyệt (trang nghiệp vụ)"
# Browsers keep no cookie longer; each sign-in begins it anew.
KEPT_FOR = timedelta(days=400)
_SALT = "backend.accounts.browser"
# Under which Django's session keeps the number of ours.
_OURS = "accounts.session"


def identifier(request: HttpRequest) -> str:
    """What this browser was called when somebody signed in with it; "" where nobody has yet."""
    return request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=KEPT_FOR) or ""


def sign_in(request: HttpRequest, response: HttpResponse) -> None:
    """Remember the browser in which an officer has just given the right password."""
    user = cast("User", request.user)
    name = identifier(request) or f"browser-{uuid4()}"
    session = lifecycle.open_office_session(user, device=name, device_name=NAME)
    request.session[_OURS] = str(session.pk)
    response.set_signed_cookie(
        COOKIE,
        name,
        salt=_SALT,
        max_age=KEPT_FOR,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def is_signed_in(request: HttpRequest) -> bool:
    """False once the session was ended elsewhere, say by revoking the device."""
    ours = request.session.get(_OURS)
    return ours is None or Session.objects.filter(pk=ours, ended_at=None).exists()


def sign_out(request: HttpRequest) -> None:
    if ours := request.session.get(_OURS):
        lifecycle.end_session(UUID(ours), by=request.user)
