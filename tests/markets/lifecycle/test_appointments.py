"""Who may act where, from when to when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from backend.audit.models import AuditEntry
from markets.errors import (
    AppointmentEnded,
    DayOutOfRange,
    EstablishmentClosed,
    PeriodOverlaps,
    PeriodReversed,
)
from markets.lifecycle.appointments import appoint, end_appointment
from markets.lifecycle.establishments import change_establishment
from markets.models import Establishment
from tests.markets.builders import market, person, shipped_places

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


@pytest.fixture
def mai():
    return person("manager", "mai")


def managed(user, on):
    return [row.code for row in Establishment.objects.managed_by(user.pk, on=on)]


def test_an_appointment_holds_on_its_first_and_last_day(mai):
    appoint(mai, market(), valid_from=TODAY, valid_to=TODAY + timedelta(days=1), by=None)

    assert managed(mai, TODAY - timedelta(days=1)) == []
    assert managed(mai, TODAY) == managed(mai, TODAY + timedelta(days=1)) == ["BOC-BO"]
    assert managed(mai, TODAY + timedelta(days=2)) == []


def test_the_trail_tells_who_was_appointed_where(mai):
    appoint(mai, market(), valid_from=TODAY, by=None)

    entry = AuditEntry.objects.first()
    assert entry.action == "appointment.made"
    assert entry.data == {
        "person": "mai",
        "establishment": "BOC-BO",
        "valid_from": "2026-11-22",
        "valid_to": None,
    }


def test_a_person_holds_one_appointment_to_a_place_at_a_time(mai):
    appoint(mai, market(), valid_from=TODAY, by=None)

    with pytest.raises(PeriodOverlaps):
        appoint(mai, market(), valid_from=TODAY + timedelta(days=9), by=None)
    appoint(mai, market("PHU-THONG"), valid_from=TODAY, by=None)
    appoint(person("manager", "lan"), market(), valid_from=TODAY, by=None)


def test_an_ended_appointment_may_be_followed_by_another(mai):
    first = appoint(mai, market(), valid_from=TODAY, by=None)
    end_appointment(first, valid_to=TODAY, by=None)

    appoint(mai, market(), valid_from=TODAY + timedelta(days=1), by=None)

    assert managed(mai, TODAY + timedelta(days=1)) == ["BOC-BO"]


def test_an_end_may_come_earlier_but_not_later_than_set(mai):
    row = appoint(mai, market(), valid_from=TODAY, valid_to=TODAY + timedelta(days=9), by=None)

    end_appointment(row, valid_to=TODAY + timedelta(days=5), by=None)
    with pytest.raises(AppointmentEnded):
        end_appointment(row, valid_to=TODAY + timedelta(days=6), by=None)
    with pytest.raises(PeriodReversed):
        end_appointment(row, valid_to=TODAY - timedelta(days=1), by=None)

    row.refresh_from_db()
    assert row.valid_to == TODAY + timedelta(days=5)


def test_nobody_is_appointed_to_a_place_that_closed_a_moment_ago(mai):
    stale = market()
    change_establishment(market(), {"closed_on": timezone.localdate()}, by=None)

    with pytest.raises(EstablishmentClosed):
        appoint(mai, stale, valid_from=TODAY, by=None)


def test_appointments_begin_and_end_on_days_with_which_one_can_reckon(mai):
    with pytest.raises(DayOutOfRange):
        appoint(mai, market(), valid_from=date.min, by=None)
    with pytest.raises(DayOutOfRange):
        appoint(mai, market(), valid_from=TODAY, valid_to=date.max, by=None)
    row = appoint(mai, market(), valid_from=TODAY, by=None)
    with pytest.raises(DayOutOfRange):
        end_appointment(row, valid_to=date.max, by=None)


def test_nobody_is_appointed_to_a_closed_place_or_backwards(mai):
    with pytest.raises(PeriodReversed):
        appoint(mai, market(), valid_from=TODAY, valid_to=TODAY - timedelta(days=1), by=None)

    change_establishment(market(), {"closed_on": timezone.localdate()}, by=None)
    with pytest.raises(EstablishmentClosed):
        appoint(mai, market(), valid_from=TODAY, by=None)
