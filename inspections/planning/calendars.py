"""An inspector's visits in the own calendar: a feed (RFC 5545) under a secret address.

Calendars ask without signing in, so the address is the secret: only its digest is kept, a new
one replaces it, and who may no longer inspect has none.
"""

import hashlib
import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from icalendar import Calendar, Event

from backend.accounts.current import Person
from backend.accounts.models import Role, User
from backend.audit import trail
from inspections.planning.models import Assignment, CalendarFeed

KEPT = timedelta(days=92)
REFRESHED = timedelta(hours=1)
_PATH = "api/v1/planning/calendars"


@transaction.atomic
def make(by: Person) -> str:
    """The address of a new feed; a former one ends."""
    token = secrets.token_urlsafe(24)
    CalendarFeed.objects.update_or_create(
        person_id=by.id, defaults={"sha256": _digest(token), "created_at": timezone.now()}
    )
    trail.record("calendar.made", f"person:{by.username}", actor=by, data={})
    return f"{settings.PUBLIC_URL.rstrip('/')}/{_PATH}/{token}.ics"


@transaction.atomic
def end(by: Person) -> None:
    """Nobody can read it any more. Safe to repeat."""
    ended, _ = CalendarFeed.objects.filter(person=by.id).delete()
    if ended:
        trail.record("calendar.ended", f"person:{by.username}", actor=by, data={})


def owner(token: str) -> User | None:
    """Whose feed this is the secret of, if anybody's."""
    feeds = CalendarFeed.objects.filter(
        sha256=_digest(token), person__is_active=True, person__role=Role.INSPECTOR
    )
    feed = feeds.select_related("person").first()
    return feed.person if feed else None


def draw(person: User, day: date) -> bytes:
    """What the person is asked for, open or ended in the last three months; the same each time."""
    calendar = Calendar()
    calendar.add("prodid", "-//food-safety-inspections//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Lịch kiểm tra")
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    for row in _rows(person, day):
        calendar.add_component(_event(row))
    content: bytes = calendar.to_ical()
    return content


def _rows(person: User, day: date) -> QuerySet[Assignment]:
    asked = Assignment.objects.of(person.pk).filter(due_on__gte=day - KEPT)
    people = asked.select_related("establishment", "inspector")
    return people.prefetch_related("memberships__person").order_by("due_on", "pk")


def _event(row: Assignment) -> Event:
    place, event = row.establishment, Event()
    event.add("uid", f"{row.pk}@food-safety-inspections")
    event.add("dtstamp", row.updated_at)
    event.add("last-modified", row.updated_at)
    event.add("dtstart", row.due_on)
    event.add("dtend", row.due_on + timedelta(days=1))
    event.add("summary", f"{_mark(row)}{row.get_kind_display().capitalize()}: {place.name_vi}")
    event.add("description", "\n".join(_details(row)))
    if place.address:
        event.add("location", place.address)
    if place.latitude is not None and place.longitude is not None:
        event.add("geo", (place.latitude, place.longitude))
    cancelled = row.status == Assignment.Status.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _mark(row: Assignment) -> str:
    return "" if row.status == Assignment.Status.OPEN else f"[{row.get_status_display()}] "


def _details(row: Assignment) -> list[str]:
    place = row.establishment
    details = [f"Phiếu: {row.checklist}", f"Phụ trách: {row.inspector.full_name}"]
    if row.team:
        details.append("Cùng đi: " + ", ".join(member.full_name for member in row.team))
    if row.grounds_on is not None:
        details.append(f"Căn cứ: {row.grounds_number} ngày {row.grounds_on:%d/%m/%Y}")
    if place.opens_at is not None and place.closes_at is not None:
        details.append(f"Giờ họp: {place.opens_at:%H:%M}-{place.closes_at:%H:%M}")
    return details


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
