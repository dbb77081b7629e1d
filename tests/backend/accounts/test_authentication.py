"""What an access token opens, and how soon it no longer does."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts import lifecycle, sessions
from backend.accounts.models import Device, Role, User
from tests.backend.accounts.people import a_person, client, get, post, sign_in

pytestmark = pytest.mark.django_db


def claims(**changed: object) -> dict[str, object]:
    """The claims of a token that signing in has just given, and those ``changed``."""
    token = sign_in().json()["access"]
    return {**jwt.decode(token, options={"verify_signature": False}), **changed}


def forged(payload: dict[str, object], key: str = settings.JWT_SIGNING_KEY) -> str:
    return jwt.encode(payload, key, algorithm="HS256")


def queries_of_me(access: str) -> int:
    """Statements beyond the one with which ``auth/me/`` itself reads the person."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert get("auth/me/", access).status_code == 200
    return len(captured) - 1


def test_carries_person_role_session_and_epoch() -> None:
    user = a_person()

    assert {
        name: claims()[name] for name in ("sub", "username", "role", "epoch", "iss", "aud")
    } == {
        "sub": str(user.pk),
        "username": "lan.ht",
        "role": "inspector",
        "epoch": 0,
        "iss": "food-safety-inspections",
        "aud": "food-safety-inspections-api",
    }


def test_asks_the_database_once_and_then_not_for_a_while() -> None:
    a_person()
    access = sign_in().json()["access"]

    assert [queries_of_me(access) for _ in range(3)] == [1, 0, 0]


def test_asks_again_within_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    user = a_person()
    access = sign_in().json()["access"]
    assert get("auth/me/", access).status_code == 200
    # As another process does it: this one is not told.
    User.objects.filter(pk=user.pk).update(is_active=False, token_epoch=1)
    now = time.monotonic()

    monkeypatch.setattr("backend.accounts.sessions.time.monotonic", lambda: now + 10)

    assert get("auth/me/", access).json()["code"] == "session_revoked"


def test_lasts_fifteen_minutes() -> None:
    a_person()
    start = datetime(2026, 11, 22, 6, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        access = sign_in().json()["access"]

    with time_machine.travel(start + timedelta(minutes=14, seconds=59), tick=False):
        assert get("auth/me/", access).status_code == 200
    with time_machine.travel(start + timedelta(minutes=15, seconds=1), tick=False):
        late = get("auth/me/", access)

    assert (late.status_code, late.json()["code"]) == (401, "token_expired")
    assert late["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda user: lifecycle.set_password(user, "mot-mat-khau-moi", by=None),
        lambda user: lifecycle.disable(user, by=None),
        lambda user: lifecycle.change_role(user, Role.DEPARTMENT, by=None),
        lambda user: lifecycle.revoke_device(Device.objects.get(user=user), by=None),
    ],
    ids=["password", "disabled", "role", "device"],
)  # fmt: skip
def test_a_change_bites_at_once_in_the_process_that_made_it(change: object) -> None:
    user = a_person()
    access = sign_in(device="phone-1").json()["access"]
    assert get("auth/me/", access).status_code == 200

    change(user)

    answer = get("auth/me/", access)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_revoked")


@pytest.mark.django_db(transaction=True)
def test_signing_out_ends_this_session_alone() -> None:
    a_person()
    here, there = sign_in().json(), sign_in().json()

    answer = post("auth/logout/", access=here["access"])

    assert (answer.status_code, answer.content) == (204, b"")
    assert get("auth/me/", here["access"]).json()["code"] == "session_revoked"
    assert get("auth/me/", there["access"]).status_code == 200


def test_signing_out_takes_no_body() -> None:
    a_person()

    answer = post("auth/logout/", {"everywhere": True}, sign_in().json()["access"])

    assert answer.json()["errors"][0]["code"] == "unknown_field"


@pytest.mark.django_db(transaction=True)
def test_the_scheme_may_be_written_in_any_case() -> None:
    a_person()
    made = client()
    made.credentials(HTTP_AUTHORIZATION=f"bearer {sign_in().json()['access']}")

    assert made.get("/api/v1/auth/me/").status_code == 200


class TestForgeries:
    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer garbage",
            "Bearer a.b.c",
            "Bearer " + "x" * 100_000,
            "Bearer \u00e9\u00e8",
            "Basic bGFuOmh0",
        ],
    )
    def test_a_header_that_is_no_token(self, header: str) -> None:
        made = client()
        made.credentials(HTTP_AUTHORIZATION=header)

        answer = made.get("/api/v1/auth/me/")

        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")

    def test_no_header_at_all(self) -> None:
        answer = get("auth/me/")

        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_algorithm_none(self) -> None:
        a_person()
        parts = [{"alg": "none", "typ": "JWT"}, claims()]
        encoded = [
            base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
            for part in parts
        ]

        assert get("auth/me/", ".".join([*encoded, ""])).status_code == 401

    @pytest.mark.parametrize(
        "changed",
        [
            {"aud": "somewhere-else"},
            {"iss": "somebody-else"},
            {"token_type": "refresh"},
            {"exp": "tomorrow"},
            {"exp": 10**30},
            {"exp": None},
            {"sub": {"id": 1}},
            {"sub": "x\0"},
            {"sub": "9" * 400},
            {"sid": "no-uuid"},
            {"sid": None},
            {"epoch": "?"},
            {"epoch": None},
            {"role": None},
            {"epoch": 2**80},
        ],
        ids=str,
    )
    def test_claims_of_another_shape(self, changed: dict[str, object]) -> None:
        a_person()

        answer = get("auth/me/", forged(claims(**changed)))

        assert answer.status_code == 401

    @pytest.mark.parametrize("changed", [{"role": "department"}, {"sub": "999"}, {"epoch": 7}])
    def test_claims_that_the_session_does_not_bear_out(self, changed: dict[str, object]) -> None:
        a_person()

        answer = get("auth/me/", forged(claims(**changed)))

        assert answer.json()["code"] == "session_revoked"

    def test_another_key(self) -> None:
        a_person()

        assert get("auth/me/", forged(claims(), "k" * 64)).status_code == 401

    def test_a_refresh_token(self) -> None:
        a_person()

        assert get("auth/me/", sign_in().json()["refresh"]).status_code == 401


def test_remembers_a_bounded_number_of_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    a_person()
    monkeypatch.setattr(sessions, "MAX_REMEMBERED", 2)

    for _ in range(5):
        get("auth/me/", sign_in().json()["access"])

    assert len(sessions._seen_alive) <= 2
