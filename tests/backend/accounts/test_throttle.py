"""Guesses get slower; the owner, and everybody else, gets in."""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts import passwords, throttle
from backend.accounts.errors import SignInThrottled
from backend.accounts.models import Device, SignInThrottle
from tests.backend.accounts.people import a_person, at_once, sign_in

START = datetime(2026, 11, 22, 6, tzinfo=UTC)


def at(**later: float) -> Any:
    return time_machine.travel(START + timedelta(**later), tick=False)


def guess(times: int, device: str | None = None) -> list[int]:
    return [sign_in(password="sai-mat-khau", device=device).status_code for _ in range(times)]


def timed_sign_in() -> tuple[int, float]:
    begun = time.monotonic()
    return sign_in().status_code, time.monotonic() - begun


@pytest.mark.django_db
class TestLockout:
    def test_the_eleventh_attempt_waits_and_is_told_how_long(self) -> None:
        a_person()
        with at():
            assert guess(10) == [401] * 10

            answer = sign_in(password="sai-mat-khau")

        assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
        assert answer["Retry-After"] == "30"

    def test_the_right_password_waits_as_well_and_then_opens(self) -> None:
        a_person()
        with at():
            guess(10)
            assert sign_in().status_code == 429
        with at(seconds=29):
            assert sign_in().status_code == 429
        with at(seconds=30):
            assert sign_in().status_code == 200

    def test_the_wait_doubles_up_to_a_quarter_of_an_hour(self) -> None:
        a_person()
        with at():
            guess(10)
        waits, elapsed = [], 30
        for _ in range(7):
            with at(seconds=elapsed):
                guess(1)
                waits.append(int(sign_in()["Retry-After"]))
            elapsed += waits[-1]

        assert waits == [60, 120, 240, 480, 900, 900, 900]

    def test_an_hour_of_guessing_gets_at_most_forty_checks(self) -> None:
        counter, checked = throttle.key("lan.ht"), 0
        for step in range(0, 3_600, 10):
            with at(seconds=step), suppress(SignInThrottled):
                throttle.count_attempt(counter)
                checked += 1

        assert 10 < checked <= 40

    def test_success_forgets_the_failures(self) -> None:
        a_person()
        guess(9)
        assert sign_in().status_code == 200

        assert guess(10) == [401] * 10

    def test_an_hour_of_quiet_forgets_them_too(self) -> None:
        a_person()
        with at():
            guess(9)
        with at(hours=1, seconds=1):
            assert guess(10) == [401] * 10

    def test_an_unknown_name_is_slowed_down_alike(self) -> None:
        statuses = [sign_in("nobody.here", "x" * 12).status_code for _ in range(11)]

        assert statuses == [401] * 10 + [429]

    def test_other_accounts_are_not_affected(self) -> None:
        a_person()
        a_person("mai.tt")
        guess(11)

        assert sign_in("mai.tt").status_code == 200

    def test_a_clock_set_back_does_not_make_the_wait_longer_than_any_wait(self) -> None:
        a_person()
        with at():
            guess(10)
        with at(hours=-2):
            assert sign_in().status_code == 200


@pytest.mark.django_db
class TestDevices:
    def test_strangers_cannot_lock_out_a_known_device(self) -> None:
        a_person()
        sign_in(device="phone-1")
        guess(11)
        guess(3, device="stranger")

        assert sign_in(device="phone-1").status_code == 200
        assert sign_in().status_code == 429

    def test_unknown_devices_share_one_counter_whatever_they_call_themselves(self) -> None:
        a_person()
        statuses = [guess(1, device=f"stranger-{number}")[0] for number in range(11)]

        assert statuses == [401] * 10 + [429]

    def test_a_known_device_is_slowed_down_alone(self) -> None:
        a_person()
        sign_in(device="phone-1")
        guess(10, device="phone-1")

        assert sign_in(device="phone-1").status_code == 429
        assert sign_in(device="new-phone").status_code == 200

    def test_a_device_of_another_person_is_unknown_here(self) -> None:
        a_person()
        a_person("mai.tt")
        sign_in("mai.tt", device="shared")
        guess(11)

        assert sign_in(device="shared").status_code == 429

    def test_a_revoked_device_is_unknown(self) -> None:
        a_person()
        sign_in(device="phone-1")
        Device.objects.update(revoked_at=START)
        guess(11)

        assert sign_in(device="phone-1").status_code == 429


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    a_person()
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(24))

    statuses = [answer.status_code for answer in at_once(24, lambda: sign_in(password="sai" * 4))]

    assert sorted(statuses) == [401] * 10 + [429] * 14


class TestHashing:
    def test_costs_what_owasp_asks_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()

        encoded = passwords.Argon2id().encode("mật khẩu", "muoi-muoi-muoi-muoi")

        assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")

    def test_uses_half_of_the_processors_at_most(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slots, running, seen = 2, [0], []
        monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(slots))
        monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(8))
        guard = threading.Lock()

        def hash_slowly() -> None:
            with passwords.slot():
                with guard:
                    running[0] += 1
                    seen.append(running[0])
                time.sleep(0.02)
                with guard:
                    running[0] -= 1

        at_once(8, hash_slowly)

        assert len(seen) == 8
        assert max(seen) <= slots

    @pytest.mark.django_db
    def test_whoever_waits_too_long_is_asked_to_come_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_person()
        monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
        monkeypatch.setattr(passwords, "LONGEST_WAIT_S", 0.01)

        with passwords.slot():
            answer = sign_in()

        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer["Retry-After"]) > 0
        assert SignInThrottle.objects.count() == 0

    @pytest.mark.django_db(transaction=True)
    def test_two_wait_and_all_others_are_asked_to_come_back_at_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_person()
        monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
        monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(3))

        taken, over = threading.Event(), threading.Event()

        def hash_for_long() -> None:
            with passwords.slot():
                taken.set()
                over.wait()

        threading.Thread(target=hash_for_long).start()
        taken.wait()
        threading.Timer(2, over.set).start()
        answers = at_once(6, timed_sign_in)

        assert sorted(status for status, _ in answers) == [200, 200, 503, 503, 503, 503]
        assert max(took_s for status, took_s in answers if status == 503) < 1.5

    def test_a_process_has_two_places_to_wait(self) -> None:
        assert passwords.WAITERS == 2
        assert passwords._places._initial_value == passwords.SLOTS + 2  # type: ignore[attr-defined]

    @pytest.mark.django_db
    def test_whoever_must_wait_for_the_lock_takes_no_slot_and_writes_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_person()
        guess(11)
        monkeypatch.setattr(passwords, "slot", lambda: pytest.fail("took a slot"))

        with CaptureQueriesContext(connection) as captured:
            assert sign_in().status_code == 429

        assert [query for query in captured if not query["sql"].startswith("SELECT")] == []

    @pytest.mark.django_db
    def test_a_password_hashed_more_cheaply_is_hashed_anew_and_signs_nobody_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = a_person()
        monkeypatch.setattr(passwords.Argon2id, "time_cost", 2)

        assert sign_in().status_code == 200

        former = user.password
        user.refresh_from_db()
        assert user.password != former
        assert user.token_epoch == 0
