"""planning.calendars: the feed of an inspector, read back by the library and over HTTP"""

from datetime import date
from decimal import Decimal
from typing import Any

import time_machine
from django.test import Client
from icalendar import Calendar

from backend.accounts import lifecycle as accounts
from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from inspections.planning import assignments, calendars
from inspections.planning.models import CalendarFeed
from tests.inspections.evidence.visits import api_as
from tests.inspections.followup.builders import asked
from tests.inspections.visits import Visits, person

DAY = date(2026, 11, 22)


def made(visits: Visits) -> str:
    """The path of a new feed."""
    response = api_as(visits.inspector).post("/api/v1/planning/calendar/", {}, format="json")
    assert response.status_code == 201, response.content
    return "/" + str(response.json()["url"]).split("/", 3)[3]


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_what_is_asked_for_stands_in_the_calendar(visits: Visits) -> None:
    market = visits.market
    market.latitude, market.longitude = Decimal("22.621450"), Decimal("105.667200")
    market.address = "Tổ 3, thôn Nà Còi"
    market.save()
    grounds = {
        "grounds_number": "12/QĐ-SCT", "grounds_on": date(2026, 11, 2), "grounds_issuer": "Sở",
    }  # fmt: skip
    row = asked(visits, **grounds)

    response = Client().get(made(visits))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = events(response.content)
    assert str(event["uid"]) == f"{row.pk}@food-safety-inspections"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert str(event["summary"]) == "Theo kế hoạch: Chợ Bộc Bố"
    assert str(event["location"]) == "Tổ 3, thôn Nà Còi"
    assert (event["geo"].latitude, event["geo"].longitude) == (22.62145, 105.6672)
    assert "Căn cứ: 12/QĐ-SCT ngày 02/11/2026" in str(event["description"])
    assert max(map(len, response.content.split(b"\r\n"))) <= 75  # RFC 5545, 3.1


def test_it_is_the_same_until_something_changes(visits: Visits) -> None:
    row, path = asked(visits), made(visits)
    first = Client().get(path)

    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    assignments.cancel(row, reason="Mưa lũ", by=None)
    third = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert third.status_code == 200
    [event] = events(third.content)
    assert (str(event["status"]), str(event["summary"])[:8]) == ("CANCELLED", "[đã hủy]")


def test_who_goes_along_has_it_too_and_nobody_else(visits: Visits) -> None:
    binh, cuc = (User.objects.get(pk=person(n, Role.INSPECTOR).id) for n in ("binh", "cuc"))
    row = asked(visits)
    assignments.change(row, {}, [binh], by=None)

    [event] = events(calendars.draw(binh, DAY))
    assert "Cùng đi: Người binh" in str(event["description"])
    assert events(calendars.draw(cuc, DAY)) == []


def test_old_ones_are_left_out(visits: Visits) -> None:
    asked(visits, due_on=date(2026, 8, 21))
    last = asked(visits, due_on=date(2026, 8, 22))

    found = events(calendars.draw(User.objects.get(pk=visits.inspector.id), DAY))

    assert [str(event["uid"]).partition("@")[0] for event in found] == [str(last.pk)]


def test_a_new_address_ends_the_former_one(visits: Visits) -> None:
    former, present = made(visits), made(visits)

    assert Client().get(former).status_code == 404
    assert Client().get(present).status_code == 200
    assert present.rpartition("/")[2].removesuffix(".ics") not in repr(
        list(CalendarFeed.objects.values()) + list(AuditEntry.objects.values())
    )
    for _ in range(2):
        ended = api_as(visits.inspector).delete("/api/v1/planning/calendar/")
        assert ended.status_code == 204
    assert Client().get(present).status_code == 404
    actions = AuditEntry.objects.filter(action__startswith="calendar.")
    assert list(actions.order_by("sequence").values_list("action", flat=True)) == [
        "calendar.made", "calendar.made", "calendar.ended",
    ]  # fmt: skip


def test_who_may_no_longer_inspect_has_none(visits: Visits) -> None:
    path = made(visits)

    accounts.disable(User.objects.get(pk=visits.inspector.id), by=None)

    refused = Client().get(path)
    assert refused.status_code == 404
    assert refused["Content-Type"] == "application/problem+json"


def test_only_inspectors_have_one(visits: Visits) -> None:
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        for who in (visits.manager, person("duc.nm", Role.DEPARTMENT)):
            assert api_as(who).post("/api/v1/planning/calendar/").status_code == 403
