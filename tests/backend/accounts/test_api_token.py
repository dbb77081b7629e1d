"""POST auth/token/"""

import pytest

from backend.accounts.models import Device, Role, Session
from backend.audit.models import AuditEntry
from tests.backend.accounts.people import PASSWORD, a_person, get, post, sign_in

pytestmark = pytest.mark.django_db


def test_answers_with_tokens_and_the_person() -> None:
    user = a_person()

    answer = sign_in()

    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh", "user"}
    assert answer.json()["user"] == {
        "id": user.pk,
        "username": "lan.ht",
        "full_name": "Hoàng Thị Lan",
        "title": "Chuyên viên",
        "role": "inspector",
    }
    assert get("auth/me/", answer.json()["access"]).json() == answer.json()["user"]


def test_keeps_no_token_in_clear_text() -> None:
    a_person()

    answer = sign_in(device="phone-1").json()

    (session,) = Session.objects.all()
    (token,) = session.tokens.all()
    assert token.sha256 not in (answer["refresh"], answer["access"])
    assert len(token.sha256) == 64
    entry = AuditEntry.objects.get(action="session.opened")
    assert answer["refresh"] not in str(entry.data)
    assert entry.subject == f"session:{session.pk}"


def test_registers_the_device_once() -> None:
    a_person()

    sign_in(device="phone-1")
    sign_in(device="phone-1")

    device = Device.objects.get()
    assert (device.identifier, device.name) == ("phone-1", "Máy phone-1")
    assert device.sessions.count() == 2


def test_a_password_may_be_typed_decomposed() -> None:
    a_person()
    decomposed = "nu\u031bo\u031b\u0301c-so\u0302ng-Na\u0306ng-trong"

    assert sign_in(password=decomposed).status_code == 200


def test_unknown_wrong_and_disabled_are_one_refusal() -> None:
    a_person()
    disabled = a_person("cu.nv")
    disabled.is_active = False
    disabled.save()

    answers = [
        sign_in("nobody.here"),
        sign_in(password="khong-dung-roi"),
        sign_in("cu.nv"),
    ]

    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["code"] == "not_authenticated"
    assert bodies[0]["title"] == "Tên đăng nhập hoặc mật khẩu không đúng"
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/username"),
        ({"username": "lan.ht"}, "/password"),
        ({"username": {"a": 1}, "password": PASSWORD}, "/username"),
        ({"username": "lan.ht", "password": ["x"]}, "/password"),
        ({"username": "lan.ht", "password": 12345678}, "/password"),
        ({"username": "lan.ht", "password": None}, "/password"),
        ({"username": "l" * 151, "password": PASSWORD}, "/username"),
        ({"username": "lan.ht", "password": PASSWORD, "role": "department"}, "/role"),
        ({"username": "lan.ht", "password": PASSWORD, "device": {}}, "/device/id"),
        ({"username": "lan.ht", "password": PASSWORD, "device": {"id": "d" * 101}}, "/device/id"),
        ({"username": "lan.ht", "password": PASSWORD, "device": {"id": "d", "os": "x"}},
         "/device/os"),
        ({"username": "lan.ht", "password": "a\u0000b"}, "/password"),
        ([], ""),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_malformed(body: object, pointer: str) -> None:
    answer = post("auth/token/", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("route", ["auth/token/", "auth/token/refresh/"])
@pytest.mark.parametrize(("size", "status"), [(16 * 1024, 400), (16 * 1024 + 1, 413)])
def test_whoever_is_not_signed_in_sends_sixteen_kibibytes_at_most(
    route: str, size: int, status: int
) -> None:
    answer = post(route, {"a": "x" * (size - len('{"a":""}'))})

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_the_longest_names_and_password_fit_into_a_body() -> None:
    longest = {"username": "ă" * 150, "password": "ă" * 1_000, "device": {"id": "ă" * 100}}

    assert post("auth/token/", longest).status_code == 401


def test_an_overlong_password_is_refused_before_it_is_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_person()
    monkeypatch.setattr("backend.accounts.sign_in.identify", lambda *_, **__: pytest.fail("hashed"))

    answer = sign_in(password="x" * 1_001)

    assert answer.status_code == 400
    assert "x" * 1_001 not in answer.content.decode()


def test_a_password_of_the_greatest_length_opens() -> None:
    from backend.accounts import lifecycle

    longest = "ă" * 1_000
    lifecycle.create_person(
        username="dai.nv", full_name="Nông Văn Dài", role=Role.MANAGER, password=longest
    )

    assert sign_in("dai.nv", longest).status_code == 200


def test_a_stale_bearer_does_not_keep_anybody_from_signing_in() -> None:
    a_person()

    answer = post("auth/token/", {"username": "lan.ht", "password": PASSWORD}, access="stale")

    assert answer.status_code == 200
