"""The office pages: who gets in, and what they change."""

import unicodedata
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from backend.accounts import browser, lifecycle
from backend.accounts.forms import PersonForm
from backend.accounts.models import Device, Role, Session, User
from backend.audit.models import AuditEntry
from backend.common.office import ShownOnly
from tests.backend.accounts.people import PASSWORD, a_person, refresh, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/accounts/user/"
PERSON = {
    "username": "mai.tt",
    "full_name": "Triệu Thị Mai",
    "title": "Trưởng ban quản lý chợ",
    "email": "",
    "role": "manager",
    "is_active": "on",
    "password1": "suoi-trong-rung-xanh",
    "password2": "suoi-trong-rung-xanh",
}


def enter(username: str = "so.ct", password: str = PASSWORD) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.post("/admin/login/", {"username": username, "password": password})
    return client


@pytest.fixture
def office() -> Client:
    a_person("so.ct", Role.DEPARTMENT)
    return enter()


class TestEntering:
    def test_the_department_gets_in_and_reads_vietnamese(self, office: Client) -> None:
        page = office.get("/admin/")

        assert page.status_code == 200
        assert "Trang nghiệp vụ của Sở" in page.content.decode()
        assert "Đăng xuất" in page.content.decode() or "Thoát" in page.content.decode()

    @pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER])
    def test_others_do_not(self, role: Role) -> None:
        a_person("lan.ht", role)

        assert enter("lan.ht").get("/admin/").status_code == 302

    def test_guesses_are_slowed_down_as_those_over_the_api(self) -> None:
        a_person("so.ct", Role.DEPARTMENT)
        for _ in range(10):
            sign_in("so.ct", "sai-mat-khau")

        page = Client().post("/admin/login/", {"username": "so.ct", "password": PASSWORD})

        assert "Đăng nhập sai quá nhiều lần" in page.content.decode()
        assert enter().get("/admin/").status_code == 302

    def test_a_wrong_password_counts(self) -> None:
        a_person("so.ct", Role.DEPARTMENT)
        for _ in range(10):
            enter(password="sai-mat-khau")

        assert sign_in("so.ct").status_code == 429

    @pytest.mark.parametrize("change", ["password", "role", "disabled"])
    def test_what_ends_a_phones_session_ends_this_one(self, office: Client, change: str) -> None:
        officer = User.objects.get(username="so.ct")
        if change == "password":
            lifecycle.set_password(officer, "mot-mat-khau-moi", by=None)
        elif change == "role":
            lifecycle.change_role(officer, Role.INSPECTOR, by=None)
            lifecycle.change_role(officer, Role.DEPARTMENT, by=None)
        else:
            lifecycle.disable(officer, by=None)
            lifecycle.enable(officer, by=None)

        assert office.get("/admin/").status_code == 302


class TestBrowsers:
    def guess_everywhere(self) -> None:
        for number in range(11):
            sign_in("so.ct", "sai-mat-khau", device=f"stranger-{number}")
            enter(password="sai-mat-khau")

    def test_strangers_cannot_lock_out_the_browser_that_was_here_before(
        self, office: Client
    ) -> None:
        self.guess_everywhere()
        office.post("/admin/logout/")
        assert office.get("/admin/").status_code == 302

        office.post("/admin/login/", {"username": "so.ct", "password": PASSWORD})

        assert office.get("/admin/").status_code == 200
        assert enter().get("/admin/").status_code == 302

    def test_a_known_browser_is_slowed_down_alone(self, office: Client) -> None:
        office.post("/admin/logout/")
        for _ in range(11):
            office.post("/admin/login/", {"username": "so.ct", "password": "sai-mat-khau"})

        office.post("/admin/login/", {"username": "so.ct", "password": PASSWORD})

        assert office.get("/admin/").status_code == 302
        assert enter().get("/admin/").status_code == 200

    def test_a_browser_of_one_officer_is_unknown_for_another(self, office: Client) -> None:
        a_person("so.hai", Role.DEPARTMENT)
        for _ in range(10):
            enter("so.hai", "sai-mat-khau")
        office.post("/admin/logout/")

        office.post("/admin/login/", {"username": "so.hai", "password": PASSWORD})

        assert office.get("/admin/").status_code == 302

    @pytest.mark.parametrize("forged", ["browser", "browser:x:y", ""])
    def test_a_forged_cookie_is_none(self, office: Client, forged: str) -> None:
        self.guess_everywhere()
        office.post("/admin/logout/")
        office.cookies[browser.COOKIE] = forged

        office.post("/admin/login/", {"username": "so.ct", "password": PASSWORD})

        assert office.get("/admin/").status_code == 302

    def test_the_cookie_is_for_the_office_pages_alone(self, office: Client) -> None:
        cookie = office.cookies[browser.COOKIE]

        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
            "/admin/",
            True,
            "Strict",
        )
        assert cookie["max-age"] > 300 * 24 * 3600
        assert cookie["secure"] == ""
        assert browser.COOKIE not in enter(password="sai-mat-khau").cookies

    def test_the_cookie_stays_on_tls_where_the_site_does(self, settings: Settings) -> None:
        a_person("so.ct", Role.DEPARTMENT)
        settings.SESSION_COOKIE_SECURE = True

        assert enter().cookies[browser.COOKIE]["secure"]

    def test_a_browser_is_one_device_however_often_it_signs_in(self, office: Client) -> None:
        office.post("/admin/logout/")
        office.post("/admin/login/", {"username": "so.ct", "password": PASSWORD})

        device = Device.objects.get()
        assert device.user.username == "so.ct"
        assert device.name
        assert device.sessions.count() == 2

    def test_a_revoked_browser_is_out_and_stays_out(self, office: Client) -> None:
        thief = Client()
        thief.cookies.update(office.cookies)
        assert thief.get("/admin/").status_code == 200

        lifecycle.revoke_device(Device.objects.get(), by=None)
        assert office.get("/admin/").status_code == 302
        page = office.get("/admin/login/")
        office.post("/admin/login/", {"username": "so.ct", "password": PASSWORD})

        assert "so.ct" not in page.content.decode()
        assert office.get("/admin/").status_code == 200
        assert thief.get("/admin/").status_code == 302

    def test_signing_in_and_out_stand_in_the_trail(self, office: Client) -> None:
        office.post("/admin/logout/")
        office.post("/admin/logout/")

        session = Session.objects.get()
        data = {"username": "so.ct", "device": str(Device.objects.get().pk)}
        written = AuditEntry.objects.filter(subject=f"session:{session.pk}").order_by("sequence")
        assert list(written.values_list("action", "actor", "data")) == [
            ("session.opened", "so.ct", {**data, "office": True}),
            ("session.ended", "so.ct", {**data, "reason": "signed_out"}),
        ]

    def test_a_refused_sign_in_opens_nothing(self) -> None:
        a_person()
        enter("lan.ht")
        enter("lan.ht", "sai-mat-khau")

        assert (Session.objects.count(), Device.objects.count()) == (0, 0)


class TestPeople:
    def test_a_new_person_can_sign_in(self, office: Client) -> None:
        answer = office.post(f"{ADDRESS}add/", PERSON)

        assert answer.status_code == 302
        assert sign_in("mai.tt", "suoi-trong-rung-xanh").json()["user"]["role"] == "manager"
        assert AuditEntry.objects.get(action="person.created", actor="so.ct")

    @pytest.mark.parametrize(
        ("password", "again"),
        [
            ("ngan", "ngan"),
            ("1234567890", "1234567890"),
            ("password123", "password123"),
            ("trieu thi mai", "trieu thi mai"),
            ("suoi-trong-rung-xanh", "suoi-trong"),
            ("suoi-trong-rung-xanh", ""),
            ("", ""),
            ("x y" * 500, "x y" * 500),
        ],
    )
    def test_a_weak_or_mistyped_password_is_refused(
        self, office: Client, password: str, again: str
    ) -> None:
        names = {"full_name": "trieu thi mai"}
        answer = office.post(
            f"{ADDRESS}add/", {**PERSON, **names, "password1": password, "password2": again}
        )

        assert answer.status_code == 200
        assert not User.objects.filter(username="mai.tt").exists()

    def test_texts_are_stored_composed(self, office: Client) -> None:
        office.post(
            f"{ADDRESS}add/", {**PERSON, "full_name": unicodedata.normalize("NFD", "Bế Văn Ổn")}
        )

        assert User.objects.get(username="mai.tt").full_name == "Bế Văn Ổn"

    @pytest.mark.parametrize("name", ["username", "full_name", "title"])
    @pytest.mark.parametrize("character", ["\u200b", "\u202e", "\u00ad", "\t"])
    def test_texts_hold_no_invisible_characters(
        self, office: Client, name: str, character: str
    ) -> None:
        answer = office.post(f"{ADDRESS}add/", {**PERSON, name: f"mai{character}tt"})

        assert answer.status_code == 200
        assert f"U+{ord(character):04X}" in answer.content.decode()
        assert not User.objects.filter(role=Role.MANAGER).exists()

    @pytest.mark.parametrize("name", ["username", "full_name", "title"])
    def test_names_hold_only_what_a_record_can_print(self, office: Client, name: str) -> None:
        answer = office.post(f"{ADDRESS}add/", {**PERSON, name: "mai市"})

        assert "市 (U+5E02)" in str(answer.context["adminform"].form.errors[name])
        assert not User.objects.filter(role=Role.MANAGER).exists()

    def test_a_password_that_the_api_would_not_take_is_refused(self, office: Client) -> None:
        hidden = dict.fromkeys(("password1", "password2"), "suoi-trong\u200b-rung-xanh")

        assert office.post(f"{ADDRESS}add/", {**PERSON, **hidden}).status_code == 200
        assert not User.objects.filter(username="mai.tt").exists()

    @pytest.mark.parametrize("name", ["lan.ht", "ｌａｎ.ht"])
    def test_a_name_that_is_taken_is_refused(self, office: Client, name: str) -> None:
        former = a_person()

        answer = office.post(f"{ADDRESS}add/", {**PERSON, "username": name})

        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
        assert sign_in().status_code == 200
        assert User.objects.get(username="lan.ht").full_name == former.full_name

    def test_so_is_one_that_was_taken_a_moment_ago(
        self, office: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_person()
        monkeypatch.setattr(PersonForm, "validate_unique", lambda _form: None)
        body = {**PERSON, "username": "lan.ht"}
        del body["is_active"]

        page = office.post(f"{ADDRESS}add/", body, follow=True).content.decode()

        assert "Tên đăng nhập này đã có người dùng" in page
        assert sign_in().status_code == 200

    def test_a_change_goes_through_the_lifecycle(self, office: Client) -> None:
        user = a_person()
        token = sign_in().json()["refresh"]

        answer = office.post(
            f"{ADDRESS}{user.pk}/change/",
            {**PERSON, "username": "ignored", "role": "manager", "password1": "", "password2": ""},
        )

        assert answer.status_code == 302
        user.refresh_from_db()
        assert (user.username, user.full_name, user.role) == (
            "lan.ht", "Triệu Thị Mai", "manager",
        )  # fmt: skip
        changes = AuditEntry.objects.filter(actor="so.ct", action__startswith="person.")
        actions = changes.values_list("action", flat=True)
        assert sorted(actions) == ["person.described", "person.role_changed"]
        assert refresh(token).json()["code"] == "session_revoked"

    def test_a_new_password_for_somebody(self, office: Client) -> None:
        user = a_person()

        office.post(f"{ADDRESS}{user.pk}/change/", {**PERSON, "role": "inspector"})

        assert sign_in().status_code == 401
        assert sign_in(password="suoi-trong-rung-xanh").status_code == 200

    def test_unchecking_active_disables(self, office: Client) -> None:
        user = a_person()
        body = {**PERSON, "password1": "", "password2": ""}
        del body["is_active"]

        office.post(f"{ADDRESS}{user.pk}/change/", body)

        assert sign_in().status_code == 401
        assert AuditEntry.objects.filter(action="person.disabled", actor="so.ct").exists()

    def test_nobody_locks_themselves_out(self, office: Client) -> None:
        own = User.objects.get(username="so.ct")

        office.post(f"{ADDRESS}{own.pk}/change/", {"full_name": "Mới", "role": "inspector"})

        own.refresh_from_db()
        assert (own.role, own.is_active) == ("department", True)

    def test_nobody_is_deleted(self, office: Client) -> None:
        user = a_person()

        answer = office.post(f"{ADDRESS}{user.pk}/delete/", {"post": "yes"})

        assert answer.status_code == 403
        assert User.objects.filter(pk=user.pk).exists()

    def test_no_page_shows_a_hash(self, office: Client) -> None:
        user = a_person()

        for page in (ADDRESS, f"{ADDRESS}add/", f"{ADDRESS}{user.pk}/change/"):
            assert "argon2" not in office.get(page).content.decode()

    def test_the_own_password_ends_the_phones_and_keeps_this_page(self, office: Client) -> None:
        token = sign_in("so.ct").json()["refresh"]

        answer = office.post(
            "/admin/password_change/",
            {
                "old_password": PASSWORD,
                "new_password1": "mot-mat-khau-moi",
                "new_password2": "mot-mat-khau-moi",
            },
        )

        assert answer.status_code == 302
        assert office.get("/admin/").status_code == 200
        assert refresh(token).status_code == 401
        assert AuditEntry.objects.filter(action="person.password_changed").count() == 1


def test_devices_are_revoked_and_not_edited(office: Client) -> None:
    a_person()
    token = sign_in(device="lost").json()["refresh"]
    device = Device.objects.get(identifier="lost")

    page = office.get("/admin/accounts/device/")
    office.post(
        "/admin/accounts/device/", {"action": "revoke", "_selected_action": [str(device.pk)]}
    )

    assert "Máy lost" in page.content.decode()
    assert refresh(token).json()["code"] == "session_revoked"
    assert office.post(f"/admin/accounts/device/{device.pk}/change/", {}).status_code == 403
    assert AuditEntry.objects.get(action="device.revoked").actor == "so.ct"


def test_the_trail_is_read_only(office: Client) -> None:
    first = AuditEntry.objects.earliest("sequence")

    assert "person.created" in office.get("/admin/audit/auditentry/").content.decode()
    assert office.get(f"/admin/audit/auditentry/{first.pk}/change/").status_code == 200
    assert office.post(f"/admin/audit/auditentry/{first.pk}/change/", {}).status_code == 403
    assert office.post(f"/admin/audit/auditentry/{first.pk}/delete/", {}).status_code == 403
    assert office.get("/admin/audit/auditentry/add/").status_code == 403


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", ""])
def test_who_signs_in_lands_in_the_office(target: str) -> None:
    a_person("so.ct", Role.DEPARTMENT)

    answer = Client().post(
        f"/admin/login/?next={target}", {"username": "so.ct", "password": PASSWORD}
    )

    assert answer["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/admin/nope/", 404, "Không tìm thấy"),
        ("/admin/audit/auditentry/add/", 403, "Không có quyền thực hiện"),
        ("/admin/audit/auditentry/?at__year=2026", 400, "Yêu cầu không đúng định dạng"),
    ],
)
def test_a_refusal_is_a_page_that_officers_can_read(
    office: Client, address: str, status: int, said: str
) -> None:
    page = office.get(address)

    assert page.status_code == status
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert page["Content-Security-Policy"].startswith("default-src 'self'")
    assert said in page.content.decode()
    assert 'href="/admin/"' in page.content.decode()


def test_a_failure_is_a_page_too(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    office.raise_request_exception = False
    for error, status in ((RuntimeError(), 500), (OperationalError("locked"), 503)):
        monkeypatch.setattr(ShownOnly, "get_queryset", Mock(side_effect=error))

        page = office.get("/admin/audit/auditentry/")

        assert page.status_code == status
        assert "Về trang nghiệp vụ" in page.content.decode()
        assert page.has_header("Retry-After") == (status == 503)


def test_refusals_elsewhere_stay_problems(office: Client) -> None:
    assert office.get("/nope/")["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("lookup", ["startswith", "regex", "contains"])
def test_no_address_reads_the_hash_of_a_password(office: Client, lookup: str) -> None:
    assert office.get(ADDRESS, {f"password__{lookup}": "argon2"}).status_code == 400


def test_browsers_find_an_icon(client: Client) -> None:
    icon = client.get("/favicon.ico")

    assert icon.status_code == 200
    assert icon["Content-Type"].startswith("image/")
