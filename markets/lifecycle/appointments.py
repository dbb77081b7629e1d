"""Who may act where, from when to when. Appointments end, they are not deleted."""

from datetime import date

from django.db import transaction

from backend.accounts.models import User
from backend.audit import trail
from markets.errors import AppointmentEnded, PeriodOverlaps
from markets.lifecycle.days import check_days
from markets.lifecycle.establishments import check_open
from markets.lifecycle.locks import lock
from markets.models import Appointment, Establishment
from markets.rules import overlap


@transaction.atomic
def appoint(
    person: User,
    establishment: Establishment,
    *,
    valid_from: date,
    valid_to: date | None = None,
    by: trail.Actor | None,
) -> Appointment:
    """Let ``person`` act at a place; both days are included.

    Raises DayOutOfRange, PeriodReversed, EstablishmentClosed, and PeriodOverlaps where the
    person already holds an appointment there on some of the days.
    """
    lock(establishment)
    check_open(establishment)
    check_days(valid_from, valid_to)
    held = Appointment.objects.filter(person=person, establishment=establishment)
    if any(overlap(valid_from, valid_to, row.valid_from, row.valid_to) for row in held):
        raise PeriodOverlaps
    appointment = Appointment.objects.create(
        person=person, establishment=establishment, valid_from=valid_from, valid_to=valid_to
    )
    _record("appointment.made", appointment, by)
    return appointment


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, valid_to: date, by: trail.Actor | None
) -> Appointment:
    """Set the last day.

    Raises DayOutOfRange, PeriodReversed, and AppointmentEnded where an earlier last day is set.
    """
    lock(appointment)
    if appointment.valid_to == valid_to:
        return appointment
    if appointment.valid_to is not None and appointment.valid_to < valid_to:
        raise AppointmentEnded
    check_days(appointment.valid_from, valid_to)
    appointment.valid_to = valid_to
    appointment.save()
    _record("appointment.ended", appointment, by)
    return appointment


def _record(action: str, appointment: Appointment, by: trail.Actor | None) -> None:
    last = appointment.valid_to
    data = {
        "person": appointment.person.username,
        "establishment": appointment.establishment.code,
        "valid_from": appointment.valid_from.isoformat(),
        "valid_to": last.isoformat() if last else None,
    }
    trail.record(action, f"appointment:{appointment.pk}", actor=by, data=data)
