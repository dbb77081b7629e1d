"""What a phone reports of itself, and who sees it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from backend.accounts import devices, lifecycle
from backend.accounts.current import Person
from backend.accounts.models import Device, Role, Session
from tests.backend.accounts.people import a_person, get, sign_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 1, 32, tzinfo=UTC)


def signed_in(device: str = "phone") -> Person:
    user = a_person()
    session, _ = lifecycle.open_session(user, device=device, device_name="Máy")
    return Person(user.pk, user.username, user.role, session.pk)


def test_a_report_is_shown_with_the_device_that_made_it_alone() -> None:
    lan, other = signed_in(), signed_in("other")
    devices.report(lan, 3, NOW - timedelta(seconds=61), "1.0.0", NOW)

    access = sign_in(device="third").json()["access"]
    listed = {d["identifier"]: d for d in get("auth/devices/", access).json()["results"]}

    assert other.session_id != lan.session_id
    told = {name: (d["queue_length"], d["clock_skew_s"], d["app_version"])
            for name, d in listed.items()}  # fmt: skip
    assert told == {
        "phone": (3, 61, "1.0.0"), "other": (None, None, ""), "third": (None, None, ""),
    }  # fmt: skip
    assert Device.objects.get(identifier="phone").last_seen_at == NOW


def test_a_later_report_replaces_the_former_one() -> None:
    lan = signed_in()
    devices.report(lan, 3, NOW, "1.0.0", NOW)
    devices.report(lan, 0, NOW + timedelta(days=3), "1.0.1", NOW)

    device = Device.objects.get()
    assert (device.queue_length, device.clock_skew_s, device.app_version) == (
        0, -3 * 24 * 3600, "1.0.1",
    )  # fmt: skip


def test_it_costs_one_statement(django_assert_num_queries) -> None:
    lan = signed_in()

    with django_assert_num_queries(1):
        devices.report(lan, 1, NOW, "1.0.0", NOW)


def test_no_report_is_too_strange_to_keep() -> None:
    lan = signed_in()

    devices.report(lan, 10**12, datetime(1, 1, 2, tzinfo=UTC), "9" * 500, NOW)

    device = Device.objects.get()
    assert (device.queue_length, device.app_version) == (2**31 - 1, "9" * 50)
    assert device.clock_skew_s > 2000 * 365 * 24 * 3600


def test_a_session_without_a_device_has_nothing_to_report_of() -> None:
    lan = signed_in("")

    devices.report(lan, 1, NOW, "1.0.0", NOW)

    assert Session.objects.get(pk=lan.session_id).device is None
    assert not Device.objects.exists()


def test_the_office_shows_what_phones_report() -> None:
    devices.report(signed_in(), 4711, NOW - timedelta(seconds=433), "1.2.3", NOW)
    office = Client()
    office.force_login(a_person("so.ct", Role.DEPARTMENT))

    page = office.get("/admin/accounts/device/").content.decode()

    for text in ("Máy", "4711", "433", "1.2.3", "việc chờ gửi".capitalize()):
        assert text in page
