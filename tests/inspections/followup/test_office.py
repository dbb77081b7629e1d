"""Office pages: assignments are made and ended there; corrections and returns are shown."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from inspections.followup.models import Correction
from inspections.planning.models import Assignment
from inspections.plastics.models import BagReturn
from tests.inspections.followup.builders import a_finding, answer, asked
from tests.inspections.plastics.builders import a_store
from tests.inspections.visits import Visits, person, photo

ADMIN = "/admin/inspections/"
ASSIGNMENTS = f"{ADMIN}assignment/"


@pytest.fixture
def office(db: None) -> Client:
    user = User.objects.create_user("so.ct", full_name="Nguyễn Minh Đức", role=Role.DEPARTMENT)
    browser = Client()
    browser.force_login(user)
    return browser


def form(visits: Visits, **changes: Any) -> dict[str, Any]:
    return {
        "establishment": visits.market.pk,
        "checklist": "MARKET-FS",
        "inspector": visits.inspector.id,
        "due_on": "31/12/2026",
        "kind": "planned",
        "grounds_number": "",
        "grounds_on": "",
        "grounds_issuer": "",
        "follows": "",
        **changes,
    }


def change(office: Client, row: Assignment, **changes: Any) -> Any:
    body = {
        "inspector": row.inspector_id, "due_on": f"{row.due_on:%d/%m/%Y}", "kind": row.kind,
        "grounds_number": "", "grounds_on": "", "grounds_issuer": "", "follows": "",
        "missed_reason": "", "cancelled_reason": "", **changes,
    }  # fmt: skip
    return office.post(f"{ASSIGNMENTS}{row.pk}/change/", body)


def faults(page: Any) -> dict[str, list[str]]:
    assert page.status_code == 200
    found: dict[str, list[str]] = page.context["adminform"].form.errors
    return found


def test_the_office_asks_for_a_visit(office: Client, visits: Visits) -> None:
    grounds = {
        "grounds_number": "12/QĐ-SCT", "grounds_on": "02/11/2026", "grounds_issuer": "Giám đốc Sở",
    }  # fmt: skip

    answered = office.post(f"{ASSIGNMENTS}add/", form(visits, **grounds))

    assert answered.status_code == 302, faults(answered)
    row = Assignment.objects.get()
    assert (row.establishment, row.due_on) == (visits.market, date(2026, 12, 31))
    assert row.grounds == {
        "number": "12/QĐ-SCT", "date": "2026-11-02", "issuer": "Giám đốc Sở",
    }  # fmt: skip
    entry = AuditEntry.objects.get(action="assignment.made")
    assert (entry.actor, entry.subject) == ("so.ct", f"assignment:{row.pk}")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_on": "01/01/1899"}, "due_on"),
        ({"grounds_number": "12/QĐ-SCT"}, "__all__"),
        ({"kind": "follow_up"}, "__all__"),
        ({"checklist": "NOTHING"}, "checklist"),
        (
            {"grounds_number": "😀", "grounds_on": "02/11/2026", "grounds_issuer": "Sở"},
            "grounds_number",
        ),
    ],
)
def test_a_refusal_stands_beside_its_field(
    office: Client, visits: Visits, changes: dict[str, str], field: str
) -> None:
    page = office.post(f"{ASSIGNMENTS}add/", form(visits, **changes))

    assert list(faults(page)) == [field]
    assert not Assignment.objects.exists()


def test_a_checklist_of_another_kind_is_refused_in_words(office: Client, visits: Visits) -> None:
    page = office.post(f"{ASSIGNMENTS}add/", form(visits, checklist="SUPERMARKET-PLASTIC"))

    assert "Phiếu này không dùng cho loại cơ sở đó" in str(faults(page)["checklist"])


def test_only_inspectors_can_be_chosen(office: Client, visits: Visits) -> None:
    page = office.post(f"{ASSIGNMENTS}add/", form(visits, inspector=visits.manager.id))

    assert list(faults(page)) == ["inspector"]


def test_the_office_changes_cancels_and_says_what_was_missed(
    office: Client, visits: Visits
) -> None:
    moved, cancelled = asked(visits), asked(visits)
    missed = asked(visits, due_on=date(2026, 1, 31))

    assert change(office, moved, due_on="24/12/2026").status_code == 302
    assert change(office, cancelled, cancelled_reason="Chợ nghỉ").status_code == 302
    assert change(office, missed, missed_reason="Mưa lũ").status_code == 302

    for row in (moved, cancelled, missed):
        row.refresh_from_db()
    assert (moved.status, moved.due_on) == ("open", date(2026, 12, 24))
    assert (cancelled.status, cancelled.cancelled_reason) == ("cancelled", "Chợ nghỉ")
    assert (missed.status, missed.missed_reason) == ("missed", "Mưa lũ")


def test_what_has_ended_is_only_shown(office: Client, visits: Visits) -> None:
    row = asked(visits)
    visits.submit()

    page = office.get(f"{ASSIGNMENTS}{row.pk}/change/")

    assert "đã làm" in page.content.decode()
    assert "_save" not in page.content.decode()
    assert change(office, row, due_on="24/12/2026").status_code == 403
    assert office.post(f"{ASSIGNMENTS}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def shown(visits: Visits) -> dict[str, Any]:
    """A row of each kind that the office can only read."""
    correction, _ = answer(visits, a_finding(visits))
    row, _ = a_store().declare(note="Đếm lại")
    return {"correction": correction, "bagreturn": row}


def test_corrections_and_returns_are_shown_and_changed_nowhere(
    office: Client, visits: Visits
) -> None:
    words = {
        "correction": ("Đã lắp lưới chắn ruồi", photo("after"), "chờ xem xét"),
        "bagreturn": ("PM01", "5400.5", "10/2026", "Đếm lại"),
    }

    for page, row in shown(visits).items():
        address = f"{ADMIN}{page}/"
        text = office.get(f"{address}{row.pk}/change/").content.decode()
        assert office.get(address).status_code == 200
        assert [word for word in words[page] if word not in text] == []
        assert "_save" not in text
        assert office.post(f"{address}{row.pk}/change/", {}).status_code == 403
        assert office.get(f"{address}add/").status_code == 403
        assert office.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_lists_cost_the_same_number_of_queries_for_any_number_of_rows(
    office: Client, visits: Visits
) -> None:
    def queries() -> list[int]:
        counts = []
        for page in ("assignment", "correction", "bagreturn"):
            with CaptureQueriesContext(connection) as captured:
                office.get(f"{ADMIN}{page}/")
            counts.append(len(captured))
        return counts

    store = a_store()
    store.declare()
    answer(visits, a_finding(visits))
    asked(visits)
    queries()
    one = queries()
    for _ in range(3):
        store.declare()
        answer(visits, a_finding(visits))
        asked(visits)

    assert queries() == one
    assert (Correction.objects.count(), BagReturn.objects.count()) == (4, 4)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER])
def test_only_the_department_enters(visits: Visits, role: Role) -> None:
    browser = Client()
    browser.force_login(User.objects.get(pk=person("khac", role).id))

    for page in ("assignment", "correction", "bagreturn"):
        assert browser.get(f"{ADMIN}{page}/").status_code == 302
