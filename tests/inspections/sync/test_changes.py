"""GET /api/v1/sync/changes/: what has changed since, in an order that nothing is missing from."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.accounts import access_token
from backend.accounts import lifecycle as accounts
from backend.accounts.models import User
from inspections.checklists import lifecycle as checklists
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup import lifecycle as followup
from inspections.followup import verification
from inspections.planning import assignments
from inspections.planning.models import Assignment
from markets.lifecycle import appointments, establishments, stalls
from markets.models import Appointment, Stall
from markets.seed.demo import stall_id
from tests.cast import COLLEAGUE, DEPARTMENT, INSPECTOR, MANAGER, OTHER_MANAGER, Cast, next_version
from tests.inspections.sync.people import current
from tests.inspections.sync.test_bundle import assigned, bundle, market, place

pytestmark = pytest.mark.django_db


def ask(cast: Cast, cursor: str, who: str = INSPECTOR, **query: Any) -> Any:
    text = "".join(f"&{name}={value}" for name, value in query.items())
    answer = cast.ask(who, "GET", f"sync/changes/?cursor={cursor}{text}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def news(cast: Cast, cursor: str, who: str = INSPECTOR) -> dict[tuple[str, str], Any]:
    told = ask(cast, cursor, who)
    assert not told["more"]
    return {(row["type"], row["id"]): row.get("data") for row in told["changes"]}


def here(cast: Cast, who: str = INSPECTOR) -> str:
    return str(bundle(cast, who)["cursor"])


def test_nothing_new_is_an_empty_page_and_the_same_cursor(cast: Cast) -> None:
    cursor = here(cast)

    told = ask(cast, cursor)

    assert (told["changes"], told["more"], told["cursor"]) == ([], False, cursor)


def test_a_place_is_told_as_the_bundle_has_it(cast: Cast) -> None:
    cursor = here(cast)
    establishments.amend_establishment(market(), {"address": "Tổ 1"}, by=None)
    stalls.retire_stall(Stall.objects.get(pk=stall_id("BOC-BO", "01")), by=None)

    found = news(cast, cursor)

    assert found == {("establishment", "BOC-BO"): place(bundle(cast))}
    assert str(stall_id("BOC-BO", "01")) not in str(found)
    assert news(cast, here(cast)) == {}


def test_a_closed_place_is_gone(cast: Cast) -> None:
    cursor = here(cast)
    establishments.amend_establishment(market(), {"closed_on": timezone.localdate()}, by=None)

    assert news(cast, cursor) == {("establishment", "BOC-BO"): None}
    [row] = ask(cast, cursor)["changes"]
    assert row["op"] == "delete"


def test_a_visit_tells_itself_its_place_and_that_it_is_no_draft(cast: Cast) -> None:
    draft = cast.draft()
    cursor, other = here(cast), here(cast, COLLEAGUE)
    manager = here(cast, MANAGER)
    document = {**draft, "answers": {**draft["answers"]}}
    answer = cast.ask(INSPECTOR, "POST", f"inspections/{draft['id']}/submit/", document)
    assert answer.status_code == 201, answer.content

    found = news(cast, cursor)

    assert found["inspection", draft["id"]]["status"] == "submitted"
    assert found["establishment", "BOC-BO"]["last"]["inspection"] == draft["id"]
    assert found["draft", draft["id"]] is None
    assert ("draft", draft["id"]) not in news(cast, other, COLLEAGUE)
    assert ("inspection", draft["id"]) in news(cast, manager, MANAGER)


def test_a_voided_visit_gives_its_place_back_what_was_before(cast: Cast) -> None:
    document = cast.submitted(fails=["G03"])
    cursor = here(cast)
    fieldwork.void(Inspection.objects.get(pk=document["id"]), reason="Nhầm", by=current(DEPARTMENT))

    found = news(cast, cursor)

    assert found["inspection", document["id"]]["status"] == "voided"
    assert "findings" not in found["establishment", "BOC-BO"]


def test_an_assignment_comes_and_goes_with_whose_it_is(cast: Cast) -> None:
    cursor, other = here(cast), here(cast, COLLEAGUE)
    row = assigned()
    assert news(cast, cursor)["assignment", str(row.pk)]["establishment"] == "BOC-BO"
    assert news(cast, other, COLLEAGUE) == {}

    assignments.change(row, {"inspector": User.objects.get(username=COLLEAGUE)}, by=None)
    assert news(cast, cursor) == {("assignment", str(row.pk)): None}
    assert list(news(cast, other, COLLEAGUE)) == [("assignment", str(row.pk))]

    assignments.cancel(row, reason="Mưa lũ", by=None)
    assert news(cast, other, COLLEAGUE) == {("assignment", str(row.pk)): None}


def test_an_assignment_that_was_taken_away_is_gone_whatever_came_after(cast: Cast) -> None:
    row = assigned()
    cursor = here(cast)
    assignments.change(row, {"inspector": User.objects.get(username=COLLEAGUE)}, by=None)
    row.refresh_from_db()
    assignments.change(row, {"due_on": timezone.localdate() + timedelta(days=30)}, by=None)

    assert news(cast, cursor) == {("assignment", str(row.pk)): None}


def test_an_assignment_comes_and_goes_with_who_goes_along(cast: Cast) -> None:
    row = assigned()
    other = here(cast, COLLEAGUE)
    colleague = User.objects.get(username=COLLEAGUE)

    assignments.change(row, {}, [colleague], by=None)
    [(_, told)] = news(cast, other, COLLEAGUE).items()
    assert told["team"] == [INSPECTOR, COLLEAGUE]
    other = here(cast, COLLEAGUE)
    assignments.change(Assignment.objects.get(pk=row.pk), {}, [], by=None)
    assert news(cast, other, COLLEAGUE) == {("assignment", str(row.pk)): None}


def test_a_new_version_ends_the_one_before_it(cast: Cast) -> None:
    cursor = here(cast)
    new = checklists.import_draft(next_version().decode(), by=None)
    checklists.publish(new.pk, by=None)

    found = news(cast, cursor)

    assert found["checklist", "MARKET-FS@1"] is None
    assert found["checklist", "MARKET-FS@2"]["content"]["version"] == 2
    checklists.retire(new.pk, by=None)
    assert news(cast, cursor)["checklist", "MARKET-FS@2"] is None
    assert ChecklistVersion.objects.count() == 3


def test_an_answered_finding_is_told_to_whom_it_concerns(cast: Cast) -> None:
    cast.submitted(fails=["G03"])
    cursors = {who: here(cast, who) for who in (INSPECTOR, MANAGER, OTHER_MANAGER)}
    finding = Finding.objects.get()
    followup.respond(
        finding.pk, uuid4(), text="Đã thay", done_on=timezone.localdate(), photos=[],
        by=current(MANAGER),
    )  # fmt: skip

    for who in (INSPECTOR, MANAGER):
        assert news(cast, cursors[who], who)["finding", str(finding.pk)]["state"] == "answered"
    assert news(cast, cursors[OTHER_MANAGER], OTHER_MANAGER) == {}


def test_a_refused_answer_is_told_with_its_reason_and_an_exception_with_its_end(
    cast: Cast,
) -> None:
    cast.submitted(fails=["G03"])
    finding, cursor = Finding.objects.get(), here(cast, MANAGER)

    def told() -> Any:
        return news(cast, cursor, MANAGER)["finding", str(finding.pk)]

    followup.respond(
        finding.pk, uuid4(), text="Đã thay", done_on=timezone.localdate(), photos=[],
        by=current(MANAGER),
    )  # fmt: skip
    verification.refuse(finding.pk, by=current(INSPECTOR), reason="Lưới còn rách")
    assert (told()["state"], told()["reason"]) == ("reopened", "Lưới còn rách")
    today = timezone.localdate()
    verification.except_until(finding.pk, until=today, reason="Chờ vật tư", by=current(DEPARTMENT))
    assert (told()["state"], told()["until"]) == ("excepted", today.isoformat())
    assert "reason" not in told()
    followup.respond(
        finding.pk, uuid4(), text="Xong", done_on=today, photos=[], by=current(MANAGER)
    )
    verification.accept(finding.pk, by=current(INSPECTOR))
    assert told() is None


def test_drafts_are_told_to_their_team(cast: Cast) -> None:
    cursor, other = here(cast), here(cast, COLLEAGUE)
    document = cast.draft()
    told = {"id": document["id"], "version": 1, "establishment": document["establishment"]}

    assert news(cast, cursor) == {("draft", document["id"]): told}
    assert news(cast, other, COLLEAGUE) == {}
    fieldwork.discard(Inspection.objects.get(pk=document["id"]), by=current(INSPECTOR))
    assert news(cast, cursor) == {("draft", document["id"]): None}


def test_who_left_the_team_of_a_draft_loses_it(cast: Cast) -> None:
    alone = [{"role": "head", "username": INSPECTOR}]
    both = [*alone, {"role": "member", "username": COLLEAGUE}]
    document = cast.draft(team=both)
    path = f"inspections/{document['id']}/"
    cursor, stranger = here(cast, COLLEAGUE), here(cast, MANAGER)
    cast.ask(INSPECTOR, "PUT", path, {**document, "team": alone}, **{"If-Match": '"1"'})
    changed = {**document, "team": alone, "opinion": "Đồng ý"}
    assert cast.ask(INSPECTOR, "PUT", path, changed, **{"If-Match": '"2"'}).status_code == 200

    assert news(cast, cursor, COLLEAGUE) == {("draft", document["id"]): None}
    assert news(cast, stranger, MANAGER) == {}

    cast.ask(INSPECTOR, "PUT", path, document, **{"If-Match": '"3"'})
    assert news(cast, cursor, COLLEAGUE)["draft", document["id"]]["version"] == 4


def test_a_person_hears_of_the_own_name(cast: Cast) -> None:
    cursor, other = here(cast), here(cast, COLLEAGUE)
    user = User.objects.get(username=INSPECTOR)
    accounts.describe(user, full_name="Hoàng Thị Lan Anh", title="", email="", by=None)

    assert news(cast, cursor)["person", str(user.pk)]["full_name"] == "Hoàng Thị Lan Anh"
    assert news(cast, other, COLLEAGUE) == {}


def test_pages_add_up_to_the_whole_in_order(cast: Cast) -> None:
    cursor = here(cast)
    for number in range(7):
        establishments.open_establishment(
            f"CHO-{number}", "market", f"Chợ {number}", unit=None, by=None
        )
    assigned()

    found, pages = [], 0
    while True:
        told = ask(cast, cursor, page_size=3)
        assert len(told["changes"]) <= 3
        found += told["changes"]
        cursor, pages = told["cursor"], pages + 1
        if not told["more"]:
            break

    assert [row["id"] for row in found[:7]] == [f"CHO-{number}" for number in range(7)]
    assert found[7]["type"] == "assignment"
    assert pages == 3
    sequences = [row["sequence"] for row in found]
    assert sequences == sorted(sequences)
    assert cursor == here(cast)


def test_costs_the_same_for_many_changes_as_for_few(cast: Cast) -> None:
    cursor = here(cast)

    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            ask(cast, cursor)
        return len(statements)

    establishments.open_establishment("CHO-X", "market", "Chợ X", unit=None, by=None)
    few = cost()
    for number in range(20):
        establishments.open_establishment(
            f"CHO-{number}", "market", f"Chợ {number}", unit=None, by=None
        )

    assert cost() == few


def test_a_cursor_of_half_a_year_ago_has_expired(cast: Cast) -> None:
    cursor = here(cast)

    with time_machine.travel(timezone.now() + timedelta(days=181), tick=False):
        cast.tokens[INSPECTOR] = access_token.issue(cast.sessions[INSPECTOR])
        answer = cast.ask(INSPECTOR, "GET", f"sync/changes/?cursor={cursor}")
    cast.tokens[INSPECTOR] = access_token.issue(cast.sessions[INSPECTOR])

    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")


def test_a_cursor_of_another_history_has_expired(cast: Cast) -> None:
    form, sequence, _, rights = here(cast).split(".")

    for other in (f"{form}.{sequence}.00000000.{rights}", f"{form}.999999.00000000.{rights}"):
        answer = cast.ask(INSPECTOR, "GET", f"sync/changes/?cursor={other}")
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")


def test_other_rights_make_the_phone_begin_anew(cast: Cast) -> None:
    cursor = here(cast, MANAGER)
    appointments.end_appointment(
        Appointment.objects.get(person__username=MANAGER),
        valid_to=timezone.localdate() - timedelta(days=1),
        by=None,
    )

    for who in (MANAGER, OTHER_MANAGER):
        answer = cast.ask(who, "GET", f"sync/changes/?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (410, "scope_changed")


@pytest.mark.parametrize("cursor", ["", "x", "1.2.3", "1.1.0000000g.00000000", "%00", "1.1.١"])
def test_a_cursor_that_is_none_is_malformed(cast: Cast, cursor: str) -> None:
    answer = cast.ask(INSPECTOR, "GET", f"sync/changes/?cursor={cursor}")

    assert answer.status_code == 400
    assert cast.ask(INSPECTOR, "GET", "sync/changes/").status_code == 400
