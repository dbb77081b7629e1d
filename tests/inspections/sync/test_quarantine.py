"""sync/quarantine/ and quarantine/: work of people whose account was closed meanwhile."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from backend.accounts import access_token, lifecycle, sessions
from backend.accounts.models import User
from backend.audit.models import AuditEntry
from inspections.evidence.models import Evidence
from inspections.models import BagReturn, Correction, Finding, Inspection, QuarantinedItem, Record
from inspections.sync import quarantine
from tests.cast import API, COLLEAGUE, DEPARTMENT, INSPECTOR, MANAGER, Cast, a_photo, an_id
from tests.inspections.evidence.pictures import digest
from tests.live import visit

pytestmark = pytest.mark.django_db

PHOTO, OTHER = a_photo(401), a_photo(402)

# The same in each process of a run: it stands in the names of tests.
AN_ID = "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"


def item(op: str, data: Any, identifier: str = "") -> dict[str, Any]:
    return {"op": op, "id": identifier or data.get("id") or an_id(), "data": data}


def a_visit(**changes: Any) -> dict[str, Any]:
    document = visit(PHOTO, **changes)
    return item("inspection.submit", document)


def close(username: str = INSPECTOR) -> None:
    lifecycle.disable(User.objects.get(username=username), by=None)


def bring(cast: Cast, *items: Any, who: str = INSPECTOR) -> Any:
    return cast.ask(who, "POST", "sync/quarantine/", {"items": items})


def brought(cast: Cast, *items: Any, who: str = INSPECTOR) -> str:
    """The number under which the department finds the last of the items."""
    answer = bring(cast, *items, who=who)
    assert answer.status_code == 202, answer.content
    return str(QuarantinedItem.objects.get(item=items[-1]["id"]).pk)


def office(cast: Cast, method: str, route: str, body: Any = None) -> Any:
    return cast.ask(DEPARTMENT, method, f"quarantine/{route}", body)


def bring_photo(cast: Cast, content: bytes, who: str = INSPECTOR) -> Any:
    address = f"{API}sync/quarantine/evidence/{digest(content)}/"
    return cast.api(who).put(address, content, content_type="image/png")


def test_work_of_a_closed_account_waits_for_the_department(cast: Cast) -> None:
    close()
    sent = a_visit()

    answer = bring(cast, sent)

    assert (answer.status_code, answer.json()["results"]) == (
        202, [{"id": sent["id"], "status": "quarantined"}],
    )  # fmt: skip
    assert answer.json()["server_time"]
    assert not Inspection.objects.filter(pk=sent["id"]).exists()
    (row,) = office(cast, "GET", "?status=waiting&username=inspector").json()["results"]
    assert (row["op"], row["item"], row["username"], row["role"], row["status"]) == (
        "inspection.submit", sent["id"], "inspector", "inspector", "waiting",
    )  # fmt: skip
    read = office(cast, "GET", f"{row['id']}/").json()
    assert read["data"] == sent["data"]
    assert read["photos"] == read["missing_photos"] == [digest(PHOTO)]


def test_accepted_it_is_the_visit_of_whoever_made_it(cast: Cast) -> None:
    close()
    sent = a_visit()
    pk = brought(cast, sent)

    accepted = office(cast, "POST", f"{pk}/accept/")

    assert accepted.status_code == 200, accepted.content
    assert (accepted.json()["status"], accepted.json()["decided_by"]) == ("accepted", "department")
    kept = Inspection.objects.get(pk=sent["id"])
    assert (kept.sent_by.username, kept.status) == ("inspector", "submitted")
    assert Record.objects.get(pk=sent["id"]).number
    told = AuditEntry.objects.filter(action__in=["quarantine.accepted", "inspection.submitted"])
    assert list(told.order_by("sequence").values_list("action", "actor"))[-2:] == [
        ("inspection.submitted", "inspector"), ("quarantine.accepted", "department"),
    ]  # fmt: skip


def test_its_photos_are_taken_and_no_others(cast: Cast) -> None:
    close()
    sent = a_visit()
    pk = brought(cast, sent)

    assert bring_photo(cast, OTHER).status_code == 404
    assert bring_photo(cast, PHOTO, COLLEAGUE).status_code == 404
    assert [bring_photo(cast, PHOTO).status_code for _ in range(2)] == [201, 200]

    assert office(cast, "GET", f"{pk}/").json()["missing_photos"] == []
    assert not Evidence.objects.filter(pk=digest(OTHER)).exists()
    assert office(cast, "POST", f"{pk}/accept/").status_code == 200
    assert Record.objects.get(pk=sent["id"]).issue_note is not None


def test_the_last_photo_may_come_after_the_decision_but_not_after_a_refusal(cast: Cast) -> None:
    close()
    accepted, rejected = a_visit(), item("inspection.submit", visit(OTHER))
    first, second = brought(cast, accepted), brought(cast, rejected)
    office(cast, "POST", f"{first}/accept/")
    office(cast, "POST", f"{second}/reject/", {"reason": "Không có chuyến đi này"})

    assert bring_photo(cast, PHOTO).status_code == 201
    assert bring_photo(cast, OTHER).status_code == 404
    assert Record.objects.get(pk=accepted["id"]).issue_note is not None


def test_what_is_brought_again_is_kept_once_and_another_body_besides(cast: Cast) -> None:
    close()
    sent = a_visit()
    other = {**sent, "data": {**sent["data"], "opinion": "Nội dung khác"}}

    answers = [bring(cast, *items) for items in ([sent], [sent, sent], [other, sent])]

    assert [answer.status_code for answer in answers] == [202] * 3
    assert QuarantinedItem.objects.filter(item=sent["id"]).count() == 2
    assert AuditEntry.objects.filter(action="quarantine.received").count() == 2


def test_what_was_refused_to_the_phone_is_refused_here_too_and_goes_on_waiting(cast: Cast) -> None:
    close()
    sent = a_visit()
    del sent["data"]["answers"]["A02"]
    pk = brought(cast, sent)
    before = AuditEntry.objects.count()

    refused = office(cast, "POST", f"{pk}/accept/")

    assert (refused.status_code, refused.json()["code"]) == (422, "quarantined_item_refused")
    problem = refused.json()["problem"]
    assert (problem["status"], problem["code"]) == (422, "answers_invalid")
    assert problem["errors"][0]["pointer"] == "/answers/A02"
    assert office(cast, "GET", f"{pk}/").json()["status"] == "waiting"
    assert AuditEntry.objects.count() == before


def test_the_second_body_under_an_id_meets_the_first(cast: Cast) -> None:
    close()
    sent = a_visit()
    other = {**sent, "data": {**sent["data"], "opinion": "Nội dung khác"}}
    bring(cast, sent, other)
    first, second = QuarantinedItem.objects.filter(item=sent["id"]).order_by("received_at")

    assert office(cast, "POST", f"{first.pk}/accept/").status_code == 200
    refused = office(cast, "POST", f"{second.pk}/accept/")

    assert refused.json()["problem"]["code"] == "other_answers_already_submitted"


@pytest.mark.parametrize("data", [{}, {"x": 0.5}, {"photos": {"photos": ["x", 7]}}], ids=str)
def test_a_body_of_any_shape_is_kept(cast: Cast, data: Any) -> None:
    pk = brought(cast, *[item(op, data, an_id()) for op in QuarantinedItem.Op])

    refused = office(cast, "POST", f"{pk}/accept/")

    assert refused.json()["problem"]["code"] == "malformed"
    for kept in QuarantinedItem.objects.all():
        assert office(cast, "GET", f"{kept.pk}/").status_code == 200


def test_a_manager_answers_a_finding(cast: Cast) -> None:
    cast.submitted(fails=["G03"])
    finding = Finding.objects.get(item="G03")
    close(MANAGER)
    answer = {
        "finding": str(finding.pk), "text": "Đã lắp lưới", "done_on": "2026-11-20",
        "photos": [digest(PHOTO)],
    }  # fmt: skip
    sent = item("finding.respond", answer, an_id())
    pk = brought(cast, sent, who=MANAGER)

    assert bring_photo(cast, PHOTO, MANAGER).status_code == 201
    accepted = office(cast, "POST", f"{pk}/accept/")

    assert accepted.status_code == 200, accepted.content
    kept = Correction.objects.get(pk=sent["id"])
    assert (kept.by.username, kept.text) == (MANAGER, "Đã lắp lưới")


def test_a_store_declares_its_bags(cast: Cast) -> None:
    store = User.objects.get(username="manager.sieuthi")
    cast.tokens[store.username] = access_token.issue(lifecycle.open_session(store)[0])
    close(store.username)
    declared = {
        "establishment": "SAMPLE-01", "month": "2026-10", "measures": {"PM01": "1200,5"},
        "source": "declared", "note": "",
    }  # fmt: skip
    pk = brought(cast, item("bag_return.declare", declared, an_id()), who=store.username)

    accepted = office(cast, "POST", f"{pk}/accept/")

    assert accepted.status_code == 200, accepted.content
    kept = BagReturn.objects.get()
    assert (kept.by.username, f"{kept.month:%Y-%m}", kept.measures) == (
        "manager.sieuthi", "2026-10", {"PM01": "1200.5"},
    )  # fmt: skip


def test_nothing_is_allowed_that_was_not_allowed_before(cast: Cast) -> None:
    pk = brought(cast, a_visit(), who=MANAGER)

    refused = office(cast, "POST", f"{pk}/accept/")

    assert refused.json()["problem"]["code"] == "permission_denied"


def test_rejecting_needs_a_reason_and_leaves_the_body_to_be_read(cast: Cast) -> None:
    pk = brought(cast, a_visit())

    without = office(cast, "POST", f"{pk}/reject/", {"reason": " "})
    rejected = office(cast, "POST", f"{pk}/reject/", {"reason": "Không có chuyến đi này"})

    assert (without.status_code, without.json()["code"]) == (422, "reason_required")
    assert (rejected.status_code, rejected.json()["status"]) == (200, "rejected")
    assert rejected.json()["reason"] == "Không có chuyến đi này"
    assert rejected.json()["data"]
    entry = AuditEntry.objects.get(action="quarantine.rejected")
    assert (entry.actor, entry.data["reason"]) == (DEPARTMENT, "Không có chuyến đi này")


def test_what_is_decided_stays_decided(cast: Cast) -> None:
    pk = brought(cast, a_visit())
    office(cast, "POST", f"{pk}/accept/")

    again = [
        office(cast, "POST", f"{pk}/accept/"),
        office(cast, "POST", f"{pk}/reject/", {"reason": "Nhầm"}),
    ]

    for answer in again:
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
        assert answer.json()["state"] == "accepted"
    assert AuditEntry.objects.filter(action="inspection.submitted").count() == 1


def test_a_person_may_not_fill_the_server(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_WAITING", 2)
    first = [a_visit(), a_visit()]
    pk = brought(cast, *first)

    full = bring(cast, a_visit())
    again, colleague = bring(cast, *first), bring(cast, a_visit(), who=COLLEAGUE)
    office(cast, "POST", f"{pk}/reject/", {"reason": "Nhầm"})
    later = bring(cast, a_visit())

    assert (full.status_code, full.json()["code"]) == (429, "quarantine_full")
    assert int(full["Retry-After"]) > 0
    assert [answer.status_code for answer in (again, colleague, later)] == [202] * 3

    monkeypatch.setattr(quarantine, "MOST_WAITING", 200)
    monkeypatch.setattr(quarantine, "MOST_BYTES", 1000)
    assert bring(cast, a_visit()).status_code == 429


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"items": {}},
        {"items": [None]},
        {"items": [{"op": "inspection.submit", "id": 7, "data": {}}]},
        {"items": [{"op": "inspection.submit", "id": AN_ID}]},
        {"items": [{"op": "inspection.submit", "id": AN_ID, "data": {}, "x": 1}]},
        {"items": [{"op": "inspection.submit", "id": AN_ID, "data": {}}] * 21},
        {"items": [], "other": 1},
    ],
    ids=lambda body: str(body)[:60],
)
def test_an_envelope_of_another_shape_is_malformed(cast: Cast, body: Any) -> None:
    answer = cast.ask(INSPECTOR, "POST", "sync/quarantine/", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not QuarantinedItem.objects.exists()


@pytest.mark.parametrize(
    "unreadable",
    [
        {"op": "inspection.draft", "id": AN_ID, "data": {}},
        {"op": "inspection.submit", "id": "x", "data": {}},
        {"op": "inspection.submit", "id": AN_ID, "data": []},
        {"op": "inspection.submit", "id": AN_ID, "data": {"text": "\u0000"}},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_nobody_elses_trouble(cast: Cast, unreadable: Any) -> None:
    answer = bring(cast, a_visit(), unreadable, a_visit())

    results = answer.json()["results"]
    assert (answer.status_code, [result["status"] for result in results]) == (
        202, ["quarantined", "invalid", "quarantined"],
    )  # fmt: skip
    assert results[1]["id"] == unreadable["id"]
    assert results[1]["problem"]["code"] == "malformed"
    assert QuarantinedItem.objects.count() == 2


def test_the_office_sees_how_much_is_left_on_the_phone(cast: Cast) -> None:
    report = {"queue": 4, "sent_at": "2026-11-22T08:32:00+07:00", "app": "1.0.0"}
    close()

    body = {"items": [a_visit()], "report": report}
    assert cast.ask(INSPECTOR, "POST", "sync/quarantine/", body).status_code == 202

    device = cast.device(INSPECTOR)
    device.refresh_from_db()
    assert (device.queue_length, device.app_version) == (4, "1.0.0")


def test_the_token_is_taken_for_90_days(cast: Cast) -> None:
    ends = timezone.now() + timedelta(minutes=15)
    with time_machine.travel(ends + timedelta(days=89)):
        assert bring(cast, a_visit()).status_code == 202
    with time_machine.travel(ends + timedelta(days=91)):
        assert bring(cast, a_visit()).json()["code"] == "token_expired"
        assert bring_photo(cast, PHOTO).status_code == 401


def test_without_a_token_nothing_is_taken(cast: Cast) -> None:
    client = APIClient()

    assert client.post(f"{API}sync/quarantine/", {"items": []}, format="json").status_code == 401
    assert cast.ask(DEPARTMENT, "POST", "sync/quarantine/", {"items": []}).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_twenty(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for count in (1, 19):
        bring(cast, *[a_visit() for _ in range(count)])
        sessions.forget()
        with django_assert_num_queries(2):  # the session, the rows
            assert office(cast, "GET", "").status_code == 200


class TestOffice:
    ADDRESS = "/admin/inspections/quarantineditem/"

    def enter(self) -> Client:
        browser = Client()
        browser.force_login(User.objects.get(username=DEPARTMENT))
        return browser

    def test_shows_what_came_and_leads_to_the_decision(self, cast: Cast) -> None:
        close()
        pk = brought(cast, a_visit())
        browser = self.enter()

        listed = browser.get(self.ADDRESS).content.decode()
        page = browser.get(f"{self.ADDRESS}{pk}/change/").content.decode()

        assert "gửi lượt kiểm tra" in listed
        assert "BOC-BO" in page
        assert digest(PHOTO) in page
        assert f'href="{self.ADDRESS}{pk}/decide/"' in page
        assert "Lý do từ chối" in browser.get(f"{self.ADDRESS}{pk}/decide/").content.decode()
        assert office(cast, "GET", f"{pk}/").json()["status"] == "waiting"

    def test_shows_the_photos_that_have_come(self, cast: Cast) -> None:
        close()
        pk = brought(cast, item("inspection.submit", visit(PHOTO, OTHER)))
        assert bring_photo(cast, PHOTO).status_code == 201
        browser = self.enter()

        page = browser.get(f"{self.ADDRESS}{pk}/change/").content.decode()

        [small] = re.findall(r'<img src="(photos/[^"]*)" alt="Ảnh \d">', page)
        assert f"photos/{digest(PHOTO)}/small/" == small
        assert re.search(f"Ảnh . chưa gửi lên: {digest(OTHER)}", page)
        shown = [
            browser.get(f"{self.ADDRESS}{pk}/change/photos/{digest(PHOTO)}/{size}/")
            for size in ("small", "large")
        ]
        assert [answer["Content-Type"] for answer in shown] == ["image/jpeg", "image/png"]
        assert all(Image.open(BytesIO(answer.content)).width for answer in shown)

    def test_shows_no_photo_of_anything_else(self, cast: Cast) -> None:
        close()
        first, second = (brought(cast, item("inspection.submit", visit(p))) for p in (PHOTO, OTHER))
        assert bring_photo(cast, PHOTO).status_code == 201
        photo = f"change/photos/{digest(PHOTO)}/small/"

        assert self.enter().get(f"{self.ADDRESS}{second}/{photo}").status_code == 404
        assert self.enter().get(f"{self.ADDRESS}{first}/{photo}"[:-6] + "x/").status_code == 404
        assert Client().get(f"{self.ADDRESS}{first}/{photo}").status_code == 302

    def test_accepts(self, cast: Cast) -> None:
        close()
        sent = a_visit()
        pk = brought(cast, sent)

        answer = self.enter().post(f"{self.ADDRESS}{pk}/decide/", {"accept": "x"}, follow=True)

        assert "Đã nhận" in answer.content.decode()
        assert Inspection.objects.get(pk=sent["id"]).sent_by.username == INSPECTOR
        assert AuditEntry.objects.get(action="quarantine.accepted").actor == DEPARTMENT

    def test_says_why_something_cannot_be_accepted(self, cast: Cast) -> None:
        sent = a_visit()
        del sent["data"]["answers"]["A02"]
        pk = brought(cast, sent)
        odd = brought(cast, item("finding.respond", {}, an_id()))
        browser = self.enter()

        told = [
            browser.post(f"{self.ADDRESS}{name}/decide/", {"accept": "x"}).content.decode()
            for name in (pk, odd)
        ]

        assert "Bản gửi chưa đúng quy định của phiếu" in told[0]
        assert "Nội dung không đúng định dạng" in told[1]
        assert QuarantinedItem.objects.filter(status="waiting").count() == 2

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 1001, "a\u202eb"])
    def test_rejects_for_a_readable_reason_alone(self, cast: Cast, reason: str) -> None:
        pk = brought(cast, a_visit())
        browser = self.enter()

        browser.post(f"{self.ADDRESS}{pk}/decide/", {"reject": "x", "reason": reason})
        assert QuarantinedItem.objects.get().status == "waiting"
        browser.post(f"{self.ADDRESS}{pk}/decide/", {"reject": "x", "reason": "Nhầm"})

        kept = QuarantinedItem.objects.get()
        assert (kept.status, kept.reason) == ("rejected", "Nhầm")

    def test_of_nothing_there_is_no_page(self, cast: Cast) -> None:
        assert self.enter().get(f"{self.ADDRESS}{an_id()}/decide/").status_code == 404
