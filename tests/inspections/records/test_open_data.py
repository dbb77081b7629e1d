"""GET public/establishments/, the verify page and record/: what is public, and with which mark"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.disputes import lifecycle as disputes
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Inspection
from markets.models import Appointment, Establishment
from tests.inspections.disputes.builders import RECEIVED, appeal, issued, on, reply
from tests.inspections.evidence.visits import api_as
from tests.inspections.visits import Visits, person

LIST = "/api/v1/public/establishments/"
LONG_AFTER = date(2027, 1, 31)
ELSEWHERE: dict[str, Any] = {"establishment": "PHU-THONG", "stalls": []}


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


@pytest.fixture(autouse=True)
def _long_after() -> Iterator[None]:
    with on(LONG_AFTER):
        yield


def rows(query: str = "") -> list[dict[str, Any]]:
    answer = Client().get(LIST + query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_nothing_is_public_by_itself(visits: Visits, department: Person) -> None:
    issued(visits, department)

    assert rows() == []


def test_a_published_verdict_is_public_with_its_reply_and_without_a_person(
    visits: Visits, department: Person
) -> None:
    visit = issued(visits, department)
    with on(RECEIVED):
        reply(visits, visit, finding=visit.findings.get().pk)
    disputes.publish(visit.pk, by=department)

    [row] = rows()

    [said] = row.pop("replies")
    assert said.pop("at").startswith("2026-11-22")
    assert said == {"text": "Hôm đó lưới đang được giặt.", "item": "G03", "stall": None}
    assert row == {
        "code": "BOC-BO",
        "name": "Chợ Bộc Bố",
        "kind": "market",
        "unit": row["unit"],
        "inspected_on": "2026-11-22",
        "checklist": "MARKET-FS@1",
        "verdict": visit.verdict,
        "score": f"{visit.score:.2f}",
        "disputed": False,
        "verify_url": row["verify_url"],
    }
    assert visit.record.token in row["verify_url"]


def test_no_disputed_verdict_is_public_without_its_mark(visits: Visits, department: Person) -> None:
    visit = issued(visits, department)
    with on(date(2026, 12, 8)):
        disputes.publish(visit.pk, by=department)
        asked, _ = appeal(visits, visit)
    assert [row["disputed"] for row in rows()] == [True]
    assert Client().get(f"/api/v1/public/records/{visit.record.token}/").json()["disputed"]

    # Neither by superseding it ...
    successor = issued(visits, department, supersedes=str(visit.pk), reason="Ghi nhầm")
    assert rows() == []
    disputes.publish(successor.pk, by=department)
    assert [row["disputed"] for row in rows()] == [True]
    # ... nor by withdrawing and publishing again.
    disputes.withdraw(successor.pk, reason="Nhầm", by=department)
    disputes.publish(successor.pk, by=department)
    assert [row["disputed"] for row in rows()] == [True]

    disputes.decide(asked.pk, outcome="rejected", reason="Đo đúng", by=department)
    assert [row["disputed"] for row in rows()] == [False]


def test_what_is_void_or_withdrawn_is_public_no_more_and_what_was_before_is_again(
    visits: Visits, department: Person
) -> None:
    older = issued(visits, department, fails=["B05"])
    newer = issued(visits, department, started_at="2026-11-22T06:50:00+07:00", fails=["B05", "G03"])
    for visit in (older, newer):
        disputes.publish(visit.pk, by=department)
    urls = {visit.pk: visit.record.token for visit in (older, newer)}

    def shown() -> list[Any]:
        return [pk for pk in urls for row in rows() if urls[pk] in row["verify_url"]]

    assert shown() == [newer.pk]
    disputes.withdraw(newer.pk, reason="Nhầm", by=department)
    assert shown() == [older.pk]
    fieldwork.void(older, reason="Ghi nhầm", by=department)
    assert shown() == []


def test_a_table_opens_in_a_spreadsheet_and_runs_nothing(
    visits: Visits, department: Person
) -> None:
    visit = issued(visits, department)
    with on(RECEIVED):
        reply(visits, visit, text='=HYPERLINK("http://x")')
    disputes.publish(visit.pk, by=department)

    answer = Client().get(f"{LIST}?format=csv")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["code"], row["disputed"], row["verdict"]) == ("BOC-BO", "false", visit.verdict)
    assert row["replies"] == '\'=HYPERLINK("http://x")'
    assert Client().get(LIST, headers={"Accept": "text/csv"}).content == answer.content


@pytest.mark.parametrize(
    ("query", "code"),
    [("?format=xml", "malformed"), ("?verdict=pass", "unknown_parameter")],
    ids=["format", "filter"],
)
def test_what_nobody_offers_is_refused(db: None, query: str, code: str) -> None:
    refused = Client().get(LIST + query)

    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert refused["Content-Type"] == "application/problem+json"


def test_the_list_costs_the_same_for_any_number_of_places(
    visits: Visits, department: Person
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            rows()
        return len(captured)

    def publish(**changes: Any) -> None:
        visit = issued(visits, department, **changes)
        with on(RECEIVED):
            reply(visits, visit, finding=visit.findings.get().pk)
        disputes.publish(visit.pk, by=department)

    publish()
    one = queries()
    Appointment.objects.create(
        person_id=visits.manager.id,
        establishment=Establishment.objects.get(code="PHU-THONG"),
        valid_from="2026-01-01",
    )
    publish(**ELSEWHERE)

    assert len(rows()) == 2
    assert queries() == one


def test_the_page_behind_the_code_and_the_record_say_it_too(
    visits: Visits, department: Person
) -> None:
    visit = issued(visits, department)
    with on(RECEIVED):
        reply(visits, visit)
        appeal(visits, visit)

    page = Client().get(f"/verify/{visit.record.token}/").content.decode()
    record = api_as(visits.inspector).get(f"/api/v1/inspections/{visit.pk}/record/").json()

    assert "Đang có kiến nghị xem xét lại kết luận này" in page
    assert "Hôm đó lưới đang được giặt." in page
    assert (record["disputed"], record["replies"][0]["text"]) == (
        True, "Hôm đó lưới đang được giặt.",
    )  # fmt: skip
    assert "mai.tt" not in page
    assert Inspection.objects.get(pk=visit.pk).is_disputed
