"""FormerTokenAuthentication: whose work it is that a phone brings after its session has ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from backend.accounts import lifecycle
from backend.accounts.authentication import FormerTokenAuthentication
from backend.accounts.current import Person
from backend.accounts.errors import NotAuthenticated, TokenExpired
from backend.accounts.models import Device, Role, Session, User
from tests.backend.accounts.people import PASSWORD, a_person, get, sign_in

pytestmark = pytest.mark.django_db


def asked(token: str = "") -> Person | None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(APIRequestFactory().get("/", headers=headers))
    found = FormerTokenAuthentication().authenticate(request)
    return found[0] if found else None


def a_token() -> str:
    a_person()
    token: str = sign_in(device="phone").json()["access"]
    return token


def end(how: str) -> None:
    user = User.objects.get()
    match how:
        case "disabled":
            lifecycle.disable(user, by=None)
        case "device revoked":
            lifecycle.revoke_device(Device.objects.get(), by=None)
        case "signed out":
            lifecycle.end_session(Session.objects.get().pk, by=None)
        case "password":
            lifecycle.set_password(user, PASSWORD * 2, by=None)
        case "role":
            lifecycle.change_role(user, Role.MANAGER, by=None)


@pytest.mark.parametrize(
    "how", ["alive", "disabled", "device revoked", "signed out", "password", "role"]
)
def test_tells_who_it_was_however_the_session_ended(how: str) -> None:
    token = a_token()
    session = Session.objects.get().pk
    end(how)

    person = asked(token)

    assert person == Person(User.objects.get().pk, "lan.ht", "inspector", UUID(str(session)))
    assert (get("auth/me/", token).status_code == 200) == (how == "alive")


def test_is_read_for_90_days_after_its_end() -> None:
    token = a_token()
    until = timezone.now() + timedelta(minutes=15, days=90)

    with time_machine.travel(until - timedelta(minutes=1)):
        assert asked(token)
    with time_machine.travel(until + timedelta(minutes=1)), pytest.raises(TokenExpired):
        asked(token)


def test_opens_no_other_door() -> None:
    token = a_token()

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert get("auth/me/", token).json()["code"] == "token_expired"


def claims(token: str, **changed: Any) -> dict[str, Any]:
    return {**jwt.decode(token, options={"verify_signature": False}), **changed}


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: jwt.encode(claims(token), "x" * 64, algorithm="HS256"),
        lambda token: jwt.encode(claims(token), "", algorithm="none"),
        lambda token: signed(claims(token, aud="another")),
        lambda token: signed(claims(token, iss="another")),
        lambda token: signed(claims(token, token_type="refresh")),
        lambda token: signed(claims(token, sub="999999")),
        lambda token: signed(claims(token, username="mai.tt")),
        lambda token: signed({k: v for k, v in claims(token).items() if k != "exp"}),
        lambda token: token[:-3] + "AAA",
        lambda token: f"x{token}",
    ],
)
def test_a_token_that_is_not_ours_tells_nothing(forge: Any) -> None:
    with pytest.raises(NotAuthenticated):
        asked(forge(a_token()))


def signed(payload: dict[str, Any]) -> str:
    return jwt.encode(payload, settings.JWT_SIGNING_KEY, algorithm="HS256")


def test_without_a_token_there_is_nobody() -> None:
    assert asked() is None
