"""POST auth/token/refresh/"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from backend.accounts import lifecycle
from backend.accounts.models import RefreshToken, Role, Session, User
from backend.audit.models import AuditEntry
from tests.backend.accounts.people import PASSWORD, a_person, at_once, get, refresh, sign_in

MORNING = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def at(**later: float) -> time_machine.travel:
    return time_machine.travel(MORNING + timedelta(**later), tick=False)


@pytest.mark.django_db
class TestRotation:
    def test_gives_new_tokens_each_time(self) -> None:
        a_person()
        first = sign_in(device="phone-1").json()

        second = refresh(first["refresh"]).json()
        third = refresh(second["refresh"]).json()

        assert set(second) == {"access", "refresh"}
        assert len({first["refresh"], second["refresh"], third["refresh"]}) == 3
        assert get("auth/me/", third["access"]).status_code == 200
        generations = RefreshToken.objects.order_by("generation").values_list(
            "generation", flat=True
        )
        assert list(generations) == [1, 2, 3]

    def test_a_lost_answer_is_given_again(self) -> None:
        a_person()
        with at():
            first = sign_in(device="phone-1").json()["refresh"]
        with at(minutes=14):
            lost = refresh(first).json()["refresh"]

        with at(minutes=14, seconds=59):
            again = refresh(first)

        assert again.status_code == 200
        assert again.json()["refresh"] == lost
        assert refresh(lost).status_code == 200

    def test_reuse_after_the_grace_ends_the_family_for_good(self) -> None:
        a_person()
        with at():
            first = sign_in(device="phone-1").json()["refresh"]
            second = refresh(first).json()

        with at(seconds=61):
            reused = refresh(first)
            successor = refresh(second["refresh"])
            used = get("auth/me/", second["access"])

        assert [answer.status_code for answer in (reused, successor, used)] == [401, 401, 401]
        assert {answer.json()["code"] for answer in (reused, successor, used)} == {
            "session_revoked"
        }
        entry = AuditEntry.objects.get(action="session.ended")
        assert entry.data["reason"] == "token_reused"
        assert entry.data["generation"] == 1
        assert entry.actor == ""

    def test_an_older_generation_ends_the_family_even_within_the_grace(self) -> None:
        a_person()
        with at():
            first = sign_in().json()["refresh"]
            third = refresh(refresh(first).json()["refresh"]).json()["refresh"]

            assert refresh(first).json()["code"] == "session_revoked"
            assert refresh(third).json()["code"] == "session_revoked"

    def test_another_session_of_the_same_person_goes_on(self) -> None:
        a_person()
        with at():
            stolen = sign_in(device="phone-1").json()["refresh"]
            other = sign_in(device="tablet").json()["refresh"]
            refresh(stolen)
        with at(minutes=5):
            refresh(stolen)

            assert refresh(other).status_code == 200

    def test_an_unused_token_lasts_thirty_days(self) -> None:
        a_person()
        with at():
            token = sign_in().json()["refresh"]
        with at(days=30):
            late = refresh(token)
        with at(days=29, hours=23):
            in_time = refresh(token)

        assert (late.status_code, late.json()["code"]) == (401, "token_expired")
        assert in_time.status_code == 200

    @pytest.mark.parametrize("token", ["unknown", "x" * 200, "ơ" * 50])
    def test_an_unknown_token_is_refused(self, token: str) -> None:
        answer = refresh(token)

        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")

    def test_an_access_token_refreshes_nothing(self) -> None:
        a_person()

        assert refresh(sign_in().json()["access"]).status_code in (400, 401)

    def test_a_clock_set_back_signs_nobody_out(self) -> None:
        a_person()
        with at():
            first = sign_in(device="phone-1").json()
            second = refresh(first["refresh"]).json()

        with at(minutes=-10):
            assert get("auth/me/", second["access"]).status_code == 200
            assert refresh(first["refresh"]).json()["refresh"] == second["refresh"]
            assert refresh(second["refresh"]).status_code == 200


@pytest.mark.django_db
class TestWhatEndsASession:
    def test_a_new_password(self) -> None:
        user = a_person()
        token = sign_in().json()["refresh"]

        lifecycle.set_password(user, "mot-mat-khau-moi", by=None)

        assert refresh(token).json()["code"] == "session_revoked"
        assert sign_in().status_code == 401
        assert sign_in(password="mot-mat-khau-moi").status_code == 200

    def test_disabling_and_it_stays_ended_when_enabled_again(self) -> None:
        user = a_person()
        token = sign_in().json()["refresh"]

        lifecycle.disable(user, by=None)
        assert refresh(token).json()["code"] == "session_revoked"
        lifecycle.enable(user, by=None)

        assert refresh(token).json()["code"] == "session_revoked"
        assert sign_in().status_code == 200

    def test_another_role(self) -> None:
        user = a_person()
        token = sign_in().json()["refresh"]

        lifecycle.change_role(user, Role.MANAGER, by=None)

        assert refresh(token).json()["code"] == "session_revoked"
        assert sign_in().json()["user"]["role"] == "manager"

    def test_the_removal_of_the_person_by_hand(self) -> None:
        user = a_person()
        signed_in = sign_in().json()
        with connection.cursor() as cursor:
            for table in ("refreshtoken", "session", "user"):
                key = {"refreshtoken": "1", "session": "user_id", "user": "id"}[table]
                value = {"refreshtoken": 1}.get(table, user.pk)
                cursor.execute(f"DELETE FROM accounts_{table} WHERE {key} = %s", [value])  # noqa: S608

        assert refresh(signed_in["refresh"]).status_code == 401
        assert get("auth/me/", signed_in["access"]).status_code == 401


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_sixteen_parallel_refreshes_give_one_successor(self) -> None:
        a_person()
        token = sign_in(device="phone-1").json()["refresh"]

        answers = at_once(16, lambda: refresh(token))

        assert [answer.status_code for answer in answers] == [200] * 16
        assert len({answer.json()["refresh"] for answer in answers}) == 1
        assert RefreshToken.objects.count() == 2
        assert Session.objects.get().is_open

    def test_sixteen_parallel_reuses_end_the_family_once(self) -> None:
        a_person()
        with at():
            token = sign_in().json()["refresh"]
            refresh(token)
        RefreshToken.objects.filter(generation=1).update(used_at=MORNING - timedelta(hours=1))

        with at(minutes=2):
            answers = at_once(16, lambda: refresh(token))

        assert {answer.json()["code"] for answer in answers} == {"session_revoked"}
        assert AuditEntry.objects.filter(action="session.ended").count() == 1

    def test_parallel_creation_of_one_person_makes_one(self) -> None:
        people = at_once(8, a_person)

        assert {user.pk for user in people} == {User.objects.get().pk}
        assert AuditEntry.objects.filter(action="person.created").count() == 1
        assert sign_in(password=PASSWORD).status_code == 200
