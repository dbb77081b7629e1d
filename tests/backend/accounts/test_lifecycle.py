"""What happens to people is one change and one entry in the trail."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as WebSession
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from backend.accounts import lifecycle
from backend.accounts.errors import UsernameTaken
from backend.accounts.models import RefreshToken, Role, Session, SignInThrottle, User
from backend.audit.models import AuditEntry
from tests.backend.accounts.people import PASSWORD, a_person, sign_in

pytestmark = pytest.mark.django_db


def entries(action: str) -> list[Any]:
    return list(AuditEntry.objects.filter(action=action).values_list("actor", "subject", "data"))


def test_creating_a_person_again_changes_nothing() -> None:
    user = a_person()
    former = user.password

    again = lifecycle.create_person(
        username="lan.ht", full_name="Ai đó", role=Role.DEPARTMENT, password="khac-hoan-toan"
    )

    assert (again.pk, again.full_name, again.role) == (user.pk, "Hoàng Thị Lan", "inspector")
    assert again.password == former
    assert entries("person.created") == [
        ("", f"person:{user.pk}", {"username": "lan.ht", "role": "inspector"})
    ]


def test_a_new_person_needs_a_name_of_their_own() -> None:
    user = a_person()

    with pytest.raises(UsernameTaken):
        lifecycle.create_person(
            username="lan.ht", full_name="Ai đó", role="manager", password=PASSWORD, anew=True
        )

    assert User.objects.get().full_name == user.full_name


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(IntegrityError):
        lifecycle.create_person(username="x.y", full_name="X", role="king", password=PASSWORD)


def test_every_change_names_who_made_it() -> None:
    user, officer = a_person(), a_person("so.ct", Role.DEPARTMENT)
    subject = f"person:{user.pk}"

    lifecycle.describe(user, full_name="Hoàng Lan", title="Chuyên viên", email="", by=officer)
    lifecycle.change_role(user, Role.MANAGER, by=officer)
    lifecycle.set_password(user, "mot-mat-khau-moi", by=officer)
    lifecycle.disable(user, by=officer)
    lifecycle.enable(user, by=officer)

    name = {"username": "lan.ht"}
    assert entries("person.described") == [("so.ct", subject, {**name, "fields": ["full_name"]})]
    assert entries("person.role_changed") == [
        ("so.ct", subject, {**name, "role": "manager", "former": "inspector"})
    ]
    assert entries("person.password_changed") == [("so.ct", subject, name)]
    assert entries("person.disabled") == [("so.ct", subject, name)]
    assert entries("person.enabled") == [("so.ct", subject, name)]
    user.refresh_from_db()
    assert user.token_epoch == 3


def test_what_is_so_already_is_not_recorded_again() -> None:
    user = a_person()

    lifecycle.describe(user, full_name=user.full_name, title=user.title, email="", by=None)
    lifecycle.change_role(user, Role.INSPECTOR, by=None)
    lifecycle.enable(user, by=None)

    assert AuditEntry.objects.exclude(action="person.created").count() == 0


def test_a_change_that_is_undone_leaves_no_entry() -> None:
    user = a_person()
    before = AuditEntry.objects.count()

    with transaction.atomic():
        lifecycle.disable(user, by=None)
        transaction.set_rollback(True)

    user.refresh_from_db()
    assert user.is_active
    assert AuditEntry.objects.count() == before


def test_no_entry_ever_holds_a_password() -> None:
    user = a_person()
    lifecycle.set_password(user, "mot-mat-khau-moi", by=None)
    sign_in(password="mot-mat-khau-moi", device="phone-1")

    everything = str(list(AuditEntry.objects.values()))
    assert "mot-mat-khau-moi" not in everything
    assert PASSWORD not in everything
    assert "argon2" not in everything


class TestCommands:
    def test_the_first_officer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

        call_command(
            "createsuperuser",
            username="so.ct",
            full_name="Lê Văn Sở",
            interactive=False,
            verbosity=0,
        )

        officer = User.objects.get()
        assert (officer.role, officer.full_name) == ("department", "Lê Văn Sở")
        assert len(entries("person.created")) == 1
        assert sign_in("so.ct").status_code == 200

    def test_a_password_changed_by_command_ends_the_sessions(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_person()
        sign_in()
        monkeypatch.setattr(
            "django.contrib.auth.management.commands.changepassword.getpass.getpass",
            lambda **_: "mot-mat-khau-moi",
        )

        call_command("changepassword", "lan.ht", stdout=StringIO())

        assert not Session.objects.get().is_open
        assert [actor for actor, *_ in entries("person.password_changed")] == [""]
        assert sign_in(password="mot-mat-khau-moi").status_code == 200

    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            (["mot-mat-khau-moi", "mot-mat-khau"] * 3, "differ"),
            (["ngan"] * 6, "10"),
            (["", ""], "aborted"),
        ],
    )
    def test_a_weak_or_mistyped_password_is_not_taken_by_command(
        self, monkeypatch: pytest.MonkeyPatch, typed: list[str], written: str
    ) -> None:
        a_person()
        said, typing = StringIO(), iter(typed)
        monkeypatch.setattr("getpass.getpass", lambda **_: next(typing))

        with pytest.raises(CommandError) as refusal:
            call_command("changepassword", "lan.ht", stdout=said, stderr=said)

        assert written in said.getvalue() + str(refusal.value)
        assert sign_in().status_code == 200

    def test_nobodys_password_is_not_changed(self) -> None:
        with pytest.raises(CommandError, match=r"nobody\.here"):
            call_command("changepassword", "nobody.here")

    def test_expired_tokens_are_cleared_and_live_ones_stay(self) -> None:
        a_person()
        sign_in()
        live = RefreshToken.objects.get()
        sign_in()
        past = live.expires_at.replace(year=2020)
        old = RefreshToken.objects.exclude(pk=live.pk)
        Session.objects.filter(tokens__in=old).update(created_at=past)
        old.update(expires_at=past)
        office = lifecycle.open_office_session(live.session.user, device="browser", device_name="")
        SessionStore().save()
        WebSession.objects.create(session_key="over", expire_date=past)
        SignInThrottle.objects.create(pk="old", last_failure_at=past)

        call_command("clear_expired_tokens", stdout=StringIO())

        assert list(RefreshToken.objects.all()) == [live]
        assert set(Session.objects.all()) == {live.session, office}
        assert WebSession.objects.count() == 1
        assert not SignInThrottle.objects.filter(pk="old").exists()
