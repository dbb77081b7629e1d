"""assignments/ over HTTP: the plan, who goes along, what comes round, what speaks against it"""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from inspections.planning.models import Assignment
from tests.inspections.evidence.visits import api_as
from tests.inspections.followup.builders import asked
from tests.inspections.visits import Visits, person

API = "/api/v1/"
ASSIGNMENT = {
    "establishment": "BOC-BO",
    "checklist": "MARKET-FS",
    "inspector": "lan.ht",
    "due_on": "2026-12-31",
}


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def get(who: Person, route: str) -> Any:
    response = api_as(who).get(API + route)
    assert response.status_code == 200, response.content
    return response.json()


def ask(who: Person, **changes: Any) -> Any:
    body = {**ASSIGNMENT, **changes}
    return api_as(who).post(f"{API}assignments/", body, format="json")


def patch(who: Person, pk: Any, **body: Any) -> Any:
    return api_as(who).patch(f"{API}assignments/{pk}/", body, format="json")


def test_a_visit_is_asked_for_and_made(visits: Visits, department: Person) -> None:
    grounds = {"number": "12/QĐ-SCT", "date": "2026-11-02", "issuer": "Giám đốc Sở"}
    made = ask(department, grounds=grounds)
    assert made.status_code == 201, made.content

    visit = visits.submit()

    pk = made.json()["id"]
    assert made.json() == {
        "id": pk,
        **ASSIGNMENT,
        "kind": "planned",
        "grounds": grounds,
        "members": [],
        "overdue": False,
        "follows": None,
        "series": None,
        "status": "open",
        "done_by": None,
        "missed_reason": "",
        "cancelled_reason": "",
        "warnings": [],
    }
    done = get(visits.inspector, f"assignments/{pk}/")
    assert done == {**made.json(), "status": "done", "done_by": str(visit.pk)}


def test_the_follow_up_of_a_visit_is_asked_for(visits: Visits, department: Person) -> None:
    visit = visits.submit(fails=["G03"])

    made = ask(department, kind="follow_up", follows=str(visit.pk))

    assert (made.status_code, made.json()["follows"]) == (201, str(visit.pk))


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"establishment": "KHONG-CO"}, "unknown_establishment", "/establishment"),
        ({"inspector": "khong.co"}, "unknown_inspector", "/inspector"),
        ({"inspector": "mai.tt"}, "unknown_inspector", "/inspector"),
        ({"checklist": "MARKET-FS@1"}, "unknown_checklist", "/checklist"),
        ({"kind": "follow_up", "follows": str(uuid.uuid4())}, "unknown_inspection", "/follows"),
    ],
)
def test_what_names_nothing_is_refused_by_pointer(
    visits: Visits, department: Person, changes: dict[str, Any], code: str, pointer: str
) -> None:
    refused = ask(department, **changes)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_nobody_is_sent_to_a_self_check(visits: Visits, department: Person) -> None:
    assert ask(department, kind="self_check").status_code == 400


def test_an_assignment_is_changed_and_cancelled(visits: Visits, department: Person) -> None:
    grounds = {"number": "12/QĐ-SCT", "date": "2026-11-02", "issuer": "Giám đốc Sở"}
    pk = ask(department, grounds=grounds).json()["id"]

    changed = patch(department, pk, due_on="2026-12-24", grounds=None)
    cancelled = api_as(department).post(
        f"{API}assignments/{pk}/cancel/", {"reason": "Chợ nghỉ"}, format="json"
    )
    too_late = patch(department, pk, due_on="2026-12-25")

    assert (changed.json()["due_on"], changed.json()["grounds"]) == ("2026-12-24", None)
    assert (cancelled.json()["status"], cancelled.json()["cancelled_reason"]) == (
        "cancelled", "Chợ nghỉ",
    )  # fmt: skip
    assert (too_late.status_code, too_late.json()["code"]) == (409, "illegal_move")


def test_a_missed_assignment_says_why(visits: Visits, department: Person) -> None:
    late, coming = asked(visits, due_on=date(2026, 1, 31)), asked(visits, due_on=date(2199, 1, 1))

    missed = patch(department, late.pk, missed_reason="Mưa lũ, đường bị chia cắt")
    refused = patch(department, coming.pk, missed_reason="Mưa lũ")

    assert (missed.status_code, missed.json()["status"]) == (200, "missed")
    assert missed.json()["missed_reason"] == "Mưa lũ, đường bị chia cắt"
    assert (refused.status_code, refused.json()["legal_moves"]) == (409, ["change", "cancel"])


def test_an_inspector_lists_the_own_assignments(visits: Visits, department: Person) -> None:
    own = asked(visits)
    colleague = person("pao.nv", Role.INSPECTOR)

    listed = {
        who.username: [row["id"] for row in get(who, "assignments/")["results"]]
        for who in (visits.inspector, colleague, department)
    }

    assert listed == {"lan.ht": [str(own.pk)], "pao.nv": [], "duc.nm": [str(own.pk)]}
    assert get(department, "assignments/?status=done")["results"] == []
    assert len(get(department, "assignments/?inspector=lan.ht")["results"]) == 1


def test_the_plan_costs_the_same_number_of_queries_for_any_number_of_rows(
    visits: Visits, department: Person
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(department, "assignments/")
        return len(captured)

    asked(visits)
    one = queries()
    for _ in range(5):
        asked(visits)

    assert queries() == one == 2
    assert Assignment.objects.count() == 6


# Who goes along


def test_members_are_named_and_see_what_they_are_asked_for(
    visits: Visits, department: Person
) -> None:
    first, second = person("binh.lv", Role.INSPECTOR), person("cuc.nt", Role.INSPECTOR)
    made = ask(department, members=["cuc.nt", "binh.lv"]).json()
    route = f"assignments/{made['id']}/"

    assert made["members"] == ["cuc.nt", "binh.lv"]
    assert get(first, route)["members"] == get(second, route)["members"] == made["members"]
    patched = patch(department, made["id"], members=["binh.lv"])
    assert patched.json()["members"] == ["binh.lv"]
    assert api_as(second).get(API + route).status_code == 404
    assert get(second, "assignments/")["results"] == []
    entry = AuditEntry.objects.get(action="assignment.changed")
    assert entry.data["changed"] == {"members": [["cuc.nt", "binh.lv"], ["binh.lv"]]}
    assert patch(department, made["id"], due_on="2026-12-30").json()["members"] == ["binh.lv"]


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        (["nobody"], "/members/0", "unknown_inspector"),
        (["binh.lv", "duc.nm"], "/members/1", "unknown_inspector"),
        (["binh.lv", "binh.lv"], "/members/1", "duplicate_member"),
        (["lan.ht"], "/members/0", "duplicate_member"),
    ],
    ids=["unknown", "no inspector", "twice", "the inspector"],
)
def test_who_cannot_go_along_is_refused(
    visits: Visits, department: Person, members: list[str], pointer: str, code: str
) -> None:
    person("binh.lv", Role.INSPECTOR)

    refused = ask(department, members=members)

    assert refused.status_code == 422
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]
    assert not Assignment.objects.exists()


# What speaks against it


def codes(answered: Any) -> list[tuple[str, str]]:
    return [(each["code"], each["on"]) for each in answered.json()["warnings"]]


def test_a_second_visit_in_the_year_is_warned_of(visits: Visits, department: Person) -> None:
    visit = visits.submit(started_at="2026-11-20T06:40:00+07:00")
    visits.submit(
        visits.manager, kind="self_check", signatures=[], grounds=None, inspector="mai.tt"
    )

    made = ask(department)

    assert codes(made) == [("inspected_this_year", "2026-11-20")]
    [warning] = made.json()["warnings"]
    assert (warning["inspection"], warning["assignment"]) == (str(visit.pk), None)
    assert "20/11/2026" in warning["detail"]
    assert codes(ask(department, due_on="2027-01-31")) == []


def test_what_is_asked_already_is_warned_of(visits: Visits, department: Person) -> None:
    first = ask(department).json()
    second = ask(department, due_on="2026-12-30")

    assert codes(second) == [("asked_already", "2026-12-31")]
    assert second.json()["warnings"][0]["assignment"] == first["id"]
    api_as(department).post(
        f"{API}assignments/{first['id']}/cancel/", {"reason": "Trùng"}, format="json"
    )
    assert get(department, f"assignments/{second.json()['id']}/")["warnings"] == []


def test_a_day_without_a_market_is_warned_of(visits: Visits, department: Person) -> None:
    market = visits.market
    market.market_day_cycle_days, market.market_day_anchor = 5, date(2026, 11, 1)
    market.save()

    assert codes(ask(department, due_on="2026-12-30")) == [("not_a_market_day", "2026-12-31")]
    assert codes(ask(department, due_on="2027-01-05")) == []


# What comes round


def come_round(who: Person, **changes: Any) -> Any:
    body = {name: value for name, value in ASSIGNMENT.items() if name != "due_on"}
    body |= {"first_on": "2026-12-29", "rule": "FREQ=MONTHLY;COUNT=3", **changes}
    return api_as(who).post(f"{API}assignments/series/", body, format="json")


def days(series: Any) -> list[str]:
    return [each["due_on"] for each in series["assignments"]]


def test_visits_come_round(visits: Visits, department: Person) -> None:
    person("binh.lv", Role.INSPECTOR)

    made = come_round(department, members=["binh.lv"])

    assert made.status_code == 201, made.content
    series = made.json()
    assert days(series) == ["2026-12-29", "2027-01-29", "2027-03-29"]
    assert {each["series"] for each in series["assignments"]} == {series["id"]}
    assert {tuple(each["members"]) for each in series["assignments"]} == {("binh.lv",)}
    listed = get(department, f"assignments/?series={series['id']}&due_after=2027-01-01")
    assert len(listed["results"]) == 2
    assert AuditEntry.objects.filter(action="assignment.made").count() == 3
    assert get(department, f"assignments/series/{series['id']}/") == series


def test_they_move_to_market_days(visits: Visits, department: Person) -> None:
    market = visits.market
    market.market_day_cycle_days, market.market_day_anchor = 5, date(2026, 11, 1)
    market.save()

    weekly = come_round(department, rule="FREQ=WEEKLY;COUNT=3", on_market_days=True)

    # Tuesdays 29 December, 5 and 12 January.
    assert days(weekly.json()) == ["2026-12-31", "2027-01-05", "2027-01-15"]
    assert all(
        get(department, f"assignments/{each['id']}/")["warnings"] == []
        for each in weekly.json()["assignments"]
    )


def test_what_is_left_of_them_is_cancelled_at_once(visits: Visits, department: Person) -> None:
    series = come_round(department).json()
    visits.submit()
    route = f"{API}assignments/series/{series['id']}/cancel/"

    assert api_as(department).post(route, {}, format="json").status_code == 400
    ended = api_as(department).post(route, {"reason": "Chợ dời chỗ"}, format="json")

    statuses = [each["status"] for each in ended.json()["assignments"]]
    assert statuses == ["done", "cancelled", "cancelled"]
    again = api_as(department).post(route, {"reason": "Chợ dời chỗ"}, format="json")
    assert again.json() == ended.json()


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"rule": "FREQ=DAILY;COUNT=3"}, "/rule", "recurrence_invalid"),
        ({"rule": "FREQ=MONTHLY"}, "/rule", "recurrence_invalid"),
        ({"on_market_days": True}, "/on_market_days", "no_market_days"),
        ({"first_on": "1899-12-31"}, "/first_on", "day_out_of_range"),
        ({"inspector": "nobody"}, "/inspector", "unknown_inspector"),
    ],
    ids=["too often", "for ever", "no market days", "long ago", "nobody"],
)
def test_what_cannot_come_round_is_refused_whole(
    visits: Visits, department: Person, changes: dict[str, Any], pointer: str, code: str
) -> None:
    refused = come_round(department, **changes)

    assert refused.status_code == 422, refused.content
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]
    assert not Assignment.objects.exists()


def test_a_follow_up_does_not_come_round(visits: Visits, department: Person) -> None:
    assert come_round(department, kind="follow_up").status_code == 400


def test_overdue_ones_are_told_apart(visits: Visits, department: Person) -> None:
    late = asked(visits, due_on=date(2026, 1, 31))

    assert [row["id"] for row in get(department, "assignments/?overdue=true")["results"]] == [
        str(late.pk)
    ]
    assert get(department, f"assignments/{late.pk}/")["overdue"]
    assert get(department, "assignments/?overdue=false")["results"] == []
