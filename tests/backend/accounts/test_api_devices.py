"""GET auth/devices/ and POST auth/devices/{id}/revoke/"""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Device, Role
from backend.audit.models import AuditEntry
from tests.backend.accounts.people import a_person, get, post, sign_in

pytestmark = pytest.mark.django_db


def officer() -> str:
    a_person("so.ct", Role.DEPARTMENT)
    access: str = sign_in("so.ct").json()["access"]
    return access


def test_lists_the_own_devices_only() -> None:
    a_person()
    a_person("mai.tt", Role.MANAGER)
    sign_in("mai.tt", device="hers")
    access = sign_in(device="mine").json()["access"]

    answer = get("auth/devices/", access)

    (device,) = answer.json()["results"]
    assert (device["identifier"], device["username"]) == ("mine", "lan.ht")
    assert set(device) == {
        "id", "username", "identifier", "name", "created_at", "last_seen_at", "revoked_at",
        "queue_length", "clock_skew_s", "app_version",
    }  # fmt: skip


def test_the_department_lists_all_and_finds_those_of_one_person() -> None:
    a_person()
    a_person("mai.tt", Role.MANAGER)
    sign_in("mai.tt", device="hers")
    sign_in(device="mine")
    access = officer()

    everything = get("auth/devices/", access).json()["results"]
    hers = get("auth/devices/", access, username="mai.tt").json()["results"]

    assert [device["identifier"] for device in everything] == ["mine", "hers"]
    assert [device["identifier"] for device in hers] == ["hers"]


def test_the_filter_opens_no_door_to_others() -> None:
    a_person()
    a_person("mai.tt", Role.MANAGER)
    sign_in("mai.tt", device="hers")
    access = sign_in().json()["access"]

    assert get("auth/devices/", access, username="mai.tt").json()["results"] == []


def test_costs_the_same_for_one_and_for_many() -> None:
    user = a_person()
    access = sign_in(device="first").json()["access"]
    get("auth/me/", access)
    counts = []
    for more in (0, 40):
        Device.objects.bulk_create(
            Device(user=user, identifier=f"{number}") for number in range(more)
        )
        with CaptureQueriesContext(connection) as captured:
            assert len(get("auth/devices/", access).json()["results"]) == 1 + more
        counts.append(len(captured))

    assert counts == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_revoking_ends_the_sessions_of_this_device_alone() -> None:
    a_person()
    lost = sign_in(device="lost").json()
    kept = sign_in(device="kept").json()
    device = Device.objects.get(identifier="lost")

    answer = post(f"auth/devices/{device.pk}/revoke/", access=kept["access"])

    assert answer.status_code == 200
    assert answer.json()["revoked_at"] is not None
    assert get("auth/me/", lost["access"]).json()["code"] == "session_revoked"
    assert post("auth/token/refresh/", {"refresh": lost["refresh"]}).status_code == 401
    assert get("auth/me/", kept["access"]).status_code == 200


def test_revoking_twice_is_once() -> None:
    a_person()
    access = sign_in().json()["access"]
    sign_in(device="lost")
    address = f"auth/devices/{Device.objects.get().pk}/revoke/"

    first, second = post(address, access=access), post(address, access=access)

    assert first.json() == second.json()
    (entry,) = AuditEntry.objects.filter(action="device.revoked")
    assert (entry.actor, entry.data) == ("lan.ht", {"username": "lan.ht"})


def test_signing_in_again_trusts_a_revoked_device_anew() -> None:
    a_person()
    access = sign_in(device="found").json()["access"]
    post(f"auth/devices/{Device.objects.get().pk}/revoke/", access=access)

    again = sign_in(device="found").json()["access"]

    assert get("auth/me/", again).status_code == 200
    assert Device.objects.get().revoked_at is None


def test_a_device_of_somebody_else_is_not_there() -> None:
    a_person()
    a_person("mai.tt", Role.MANAGER)
    sign_in("mai.tt", device="hers")
    access = sign_in().json()["access"]

    foreign = post(f"auth/devices/{Device.objects.get().pk}/revoke/", access=access)
    nowhere = post(f"auth/devices/{uuid.uuid4()}/revoke/", access=access)

    assert (foreign.status_code, nowhere.status_code) == (404, 404)
    assert {**foreign.json(), "request_id": ""} == {**nowhere.json(), "request_id": ""}
    assert Device.objects.get().revoked_at is None


def test_the_department_revokes_any() -> None:
    a_person()
    sign_in(device="lost")

    answer = post(f"auth/devices/{Device.objects.get().pk}/revoke/", access=officer())

    assert answer.status_code == 200
