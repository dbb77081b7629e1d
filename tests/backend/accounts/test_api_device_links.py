"""POST auth/device-links/ and POST auth/device-link/: a phone signed in by a QR code, once."""

import logging
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from backend.accounts import lifecycle
from backend.accounts.models import Device, DeviceLink, Role, Session, User
from backend.audit.models import AuditEntry
from tests.backend.accounts.people import (
    PASSWORD,
    a_person,
    at_once,
    client,
    get,
    post,
    refresh,
    sign_in,
)

pytestmark = pytest.mark.django_db


def officer() -> str:
    a_person("so.ct", Role.DEPARTMENT)
    access: str = sign_in("so.ct").json()["access"]
    return access


def a_link(username: str = "lan.ht") -> dict[str, Any]:
    a_person(username)
    answer = post("auth/device-links/", {"username": username}, officer())
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def use(code: str, device: str = "new-phone") -> Any:
    return post("auth/device-link/", {"code": code, "device": {"id": device, "name": "Oppo A18"}})


def test_a_code_signs_a_phone_in_as_a_password_would(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://kiemtra.example.vn"
    link = a_link()

    answer = use(link["code"])

    assert link["url"] == f"https://kiemtra.example.vn/app/#/link/{link['code']}"
    assert answer.status_code == 200
    assert answer.json().keys() == sign_in().json().keys()
    assert answer.json()["user"]["username"] == "lan.ht"
    assert get("auth/me/", answer.json()["access"]).status_code == 200
    assert refresh(answer.json()["refresh"]).status_code == 200
    device = Device.objects.get(user__username="lan.ht")
    assert (device.identifier, device.name) == ("new-phone", "Oppo A18")


def test_the_picture_says_the_address(tmp_path: Path) -> None:
    """As a camera reads it; drawn once more, because what reads it here takes no SVG."""
    import segno

    link = a_link()
    assert link["qr_svg"].startswith("<svg ")
    assert "script" not in link["qr_svg"]
    assert "style" not in link["qr_svg"]
    picture = tmp_path / "code.png"
    segno.make_qr(link["url"], error="m").save(str(picture), scale=6)

    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, check=True, text=True
    )

    assert read.stdout.strip() == link["url"]


def test_only_a_digest_is_kept_and_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = a_link()["code"]
    use("wrong" + code)
    use(code)

    kept = [str(row) for model in (DeviceLink, AuditEntry) for row in model.objects.values()]
    assert len(kept) > 3
    assert not [text for text in [*kept, caplog.text] if code in text]


def test_making_and_using_are_in_the_trail() -> None:
    use(a_link()["code"])

    made = AuditEntry.objects.get(action="device_link.created")
    opened = AuditEntry.objects.filter(action="session.opened").latest("sequence")
    link = str(DeviceLink.objects.get().pk)
    assert (made.actor, made.data) == ("so.ct", {"username": "lan.ht", "link": link})
    assert (opened.actor, opened.data["link"]) == ("lan.ht", link)


def test_a_code_is_good_once() -> None:
    code = a_link()["code"]

    first, again, elsewhere = use(code), use(code), use(code, "another")

    assert first.status_code == 200
    for refused in (again, elsewhere):
        assert (refused.status_code, refused.json()["code"]) == (401, "device_link_invalid")
    assert Device.objects.filter(user__username="lan.ht").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_phones_at_once_one_gets_in() -> None:
    code = a_link()["code"]
    phones = iter(range(20))

    answers = at_once(20, lambda: use(code, f"phone-{next(phones)}").status_code)

    assert sorted(answers) == [200] + [401] * 19
    assert Session.objects.filter(user__username="lan.ht").count() == 1


def test_a_code_is_good_for_15_minutes() -> None:
    with time_machine.travel("2026-11-22T08:00:00+07:00", tick=False) as clock:
        soon, late = a_link()["code"], a_link()["code"]
        clock.shift(timedelta(minutes=15) - timedelta(seconds=1))
        assert use(soon).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert use(late).status_code == 401


@pytest.mark.parametrize("change", ["disabled", "disabled and enabled", "role", "password"])
def test_a_code_dies_with_the_account_that_it_was_made_for(change: str) -> None:
    code = a_link()["code"]
    lan = User.objects.get(username="lan.ht")
    if change == "role":
        lifecycle.change_role(lan, Role.MANAGER, by=None)
    elif change == "password":
        lifecycle.set_password(lan, PASSWORD * 2, by=None)
    else:
        lifecycle.disable(lan, by=None)
        if change.endswith("enabled"):
            lifecycle.enable(lan, by=None)

    assert use(code).status_code == 401


def test_a_code_trusts_a_revoked_phone_again() -> None:
    first = use(a_link()["code"]).json()
    device = Device.objects.get(user__username="lan.ht")
    lifecycle.revoke_device(device, by=None)

    again = use(a_link()["code"])

    assert again.status_code == 200
    assert get("auth/me/", again.json()["access"]).status_code == 200
    assert refresh(first["refresh"]).status_code == 401


def test_codes_are_for_open_accounts_with_a_phone() -> None:
    access = officer()
    lifecycle.disable(a_person("former"), by=None)

    for username in ("nobody", "former", "so.ct"):
        refused = post("auth/device-links/", {"username": username}, access)
        assert (refused.status_code, refused.json()["code"]) == (422, "no_phone_to_link")
    assert not DeviceLink.objects.exists()


def test_a_client_that_repeats_itself_waits_and_locks_nobody_else_out() -> None:
    code = a_link()["code"]

    wrong = [use("x" * 22, "impatient").status_code for _ in range(11)]
    waiting = use(code, "impatient")

    assert wrong == [401] * 10 + [429]
    assert (waiting.status_code, waiting.json()["code"]) == (429, "throttled")
    assert int(waiting["Retry-After"]) > 0
    assert use(code, "another").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "x"},
        {"code": "", "device": {"id": "x"}},
        {"code": 7, "device": {"id": "x"}},
        {"code": "x" * 101, "device": {"id": "x"}},
        {"code": "x", "device": {"name": "x"}},
        {"code": "x", "device": None},
        {"code": "x", "device": {"id": "x"}, "username": "lan.ht"},
    ],
    ids=str,
)
def test_a_question_of_another_shape_is_malformed(body: Any) -> None:
    answer = client().post("/api/v1/auth/device-link/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_what_nobody_needs_any_more_is_forgotten() -> None:
    a_link()
    call_command("clear_expired_tokens")
    assert DeviceLink.objects.count() == 1

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        call_command("clear_expired_tokens")

    assert not DeviceLink.objects.exists()


class TestOffice:
    def enter(self) -> Client:
        a_person("so.ct", Role.DEPARTMENT)
        office = Client(enforce_csrf_checks=False)
        office.post("/admin/login/", {"username": "so.ct", "password": PASSWORD})
        return office

    def test_a_button_leads_to_a_page_that_does_nothing_by_itself(self) -> None:
        lan, office = a_person(), self.enter()

        person = office.get(f"/admin/accounts/user/{lan.pk}/change/").content.decode()
        address = f"/admin/accounts/user/{lan.pk}/device-link/"
        page = office.get(address)

        assert f'href="{address}"' in person
        assert page.status_code == 200
        assert "/app/#/link/" not in page.content.decode()
        assert not DeviceLink.objects.exists()

    def test_the_page_shows_a_code_that_signs_in(self) -> None:
        lan, office = a_person(), self.enter()

        page = office.post(f"/admin/accounts/user/{lan.pk}/device-link/")

        text = page.content.decode()
        code = text.partition("/app/#/link/")[2].partition("<")[0]
        assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
        assert "no-store" in page["Cache-Control"]
        assert use(code).status_code == 200
        assert AuditEntry.objects.get(action="device_link.created").actor == "so.ct"

    def test_an_officer_gets_none_and_is_told_so(self) -> None:
        office = self.enter()
        own = User.objects.get(username="so.ct").pk

        page = office.post(f"/admin/accounts/user/{own}/device-link/").content.decode()

        assert "Không có kiểm tra viên hoặc người quản lý" in page
        assert not DeviceLink.objects.exists()

    def test_of_nobody_there_is_no_page(self) -> None:
        office = self.enter()

        for name in ("0", "x", "999999"):
            assert office.get(f"/admin/accounts/user/{name}/device-link/").status_code == 404

    def test_a_form_of_another_site_makes_no_code(self) -> None:
        lan = a_person()
        self.enter()
        office = Client(enforce_csrf_checks=True)
        office.force_login(User.objects.get(username="so.ct"))

        assert office.post(f"/admin/accounts/user/{lan.pk}/device-link/").status_code == 403
        assert not DeviceLink.objects.exists()
