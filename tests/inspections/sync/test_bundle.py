"""GET /api/v1/sync/bundle/: what a phone takes along, what it costs, and when it is a new one."""

import gzip
import socket
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

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
from markets.lifecycle import appointments, establishments, stalls, units
from markets.models import AdministrativeUnit, Appointment, Establishment, Stall
from markets.seed.demo import stall_id
from tests import cast as world
from tests.cast import COLLEAGUE, DEPARTMENT, INSPECTOR, MANAGER, Cast, next_version
from tests.inspections.sync.people import current
from tests.live import Live

pytestmark = pytest.mark.django_db

FAMILY = ("Nguyễn", "Lý", "Nông", "Triệu", "Bàn", "Hoàng", "Đặng")
GIVEN = ("Thị Sông", "Văn Páo", "Thị Mai", "Hữu Dũng", "Thị Oanh", "Đức Tâm", "Thị Quế", "Văn Bình")
SOLD = ("produce", "seafood", "animal_products", "cooked_food")
NEXT_WEEK = timedelta(days=7)


def bundle(cast: Cast, who: str = INSPECTOR) -> Any:
    answer = cast.ask(who, "GET", "sync/bundle/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def tag(cast: Cast, who: str = INSPECTOR) -> str:
    answer = cast.ask(who, "GET", "sync/bundle/")
    assert answer["ETag"] == f'"{answer.json()["etag"]}"'
    return str(answer["ETag"])


def place(told: Any, code: str = "BOC-BO") -> Any:
    [found] = [each for each in told["establishments"] if each["code"] == code]
    return found


def market(code: str = "BOC-BO") -> Establishment:
    return Establishment.objects.get(code=code)


def assigned(inspector: str = INSPECTOR, **changes: Any) -> Assignment:
    row = Assignment(
        establishment=market(),
        checklist="MARKET-FS",
        inspector=User.objects.get(username=inspector),
        due_on=timezone.localdate() + NEXT_WEEK,
        **changes,
    )
    return assignments.assign(row, by=None)


def test_holds_the_person_the_checklists_and_the_places(cast: Cast) -> None:
    told = bundle(cast)

    assert told["person"] == {
        "username": "inspector",
        "full_name": User.objects.get(username=INSPECTOR).full_name,
        "title": User.objects.get(username=INSPECTOR).title,
        "role": "inspector",
    }
    assert [row["name"] for row in told["checklists"]] == ["MARKET-FS@1", "SUPERMARKET-PLASTIC@1"]
    whole = cast.ask(INSPECTOR, "GET", "checklists/MARKET-FS@1/").json()
    assert told["checklists"][0]["sha256"] == whole["sha256"]
    for part, content in told["checklists"][0]["content"].items():
        assert content == whole["content"][part]
    assert {"sections", "rule_sets", "severities", "commodities"} <= set(
        told["checklists"][0]["content"]
    )
    codes = [row["code"] for row in told["establishments"]]
    assert codes == sorted(Establishment.objects.values_list("code", flat=True))
    here = place(told)
    assert here["unit"] == "xã Bằng Thành, tỉnh Thái Nguyên"
    assert str(stall_id("BOC-BO", "01")) in {stall["id"] for stall in here["stalls"]}
    assert told["letters"].startswith("a,20-7e,a0-ac,")
    assert told["limits"]["push_items"] == 20
    assert all("PUBLIC KEY" in key["pem"] for key in told["signing_keys"])


def test_a_manager_holds_the_own_places_and_what_is_asked_there(cast: Cast) -> None:
    told = bundle(cast, MANAGER)

    assert [row["code"] for row in told["establishments"]] == ["BOC-BO"]
    assert [row["name"] for row in told["checklists"]] == ["MARKET-FS@1"]


def test_no_clock_that_ran_ahead_keeps_a_visit_the_last_one(cast: Cast) -> None:
    ahead = (timezone.now() + timedelta(days=5)).isoformat()
    cast.submitted(started_at=ahead, ended_at=ahead)
    begun = timezone.now().isoformat()

    visit = cast.submitted(started_at=begun, ended_at=begun)

    assert place(bundle(cast))["last"]["inspection"] == visit["id"]


def test_a_place_tells_its_last_verdict_its_findings_and_lasting_facts(cast: Cast) -> None:
    document = cast.submitted(fails=["G03"])
    visit = Inspection.objects.get(pk=document["id"])

    here = place(bundle(cast))

    assert here["last"] == {
        "inspection": document["id"],
        "number": visit.record.number,
        "year": visit.record.year,
        "on": timezone.localdate(visit.started_at).isoformat(),
        "verdict": visit.verdict,
        "score": f"{visit.score}",
        "kind": "planned",
    }
    [found] = here["findings"]
    row = Finding.objects.get(inspection=visit)
    assert found == {
        "id": str(row.pk),
        "item": "G03",
        "severity": row.severity,
        "due_on": row.due_on.isoformat(),
        "found_on": row.found_on.isoformat(),
        "state": "open",
    }
    # A paper, a share and a distance; not what the day decides, such as lux or degrees.
    assert {"A01", "A05", "B02"} <= set(here["facts"])
    assert here["facts"]["B02"] == {"value": document["answers"]["B02"]["value"]}
    by_item = checklists.definition_of(visit.checklist).items
    assert {by_item[item].answer.unit for item in here["facts"]} <= {"", "m", "m2", "percent"}


def test_a_self_check_a_voided_and_a_closed_place_leave_no_trace(cast: Cast) -> None:
    cast.submitted(MANAGER, kind="self_check", signatures=[], grounds=None)
    voided = cast.submitted(fails=["G03"])
    fieldwork.void(Inspection.objects.get(pk=voided["id"]), reason="Nhầm", by=current(DEPARTMENT))
    establishments.amend_establishment(
        market("PHU-THONG"), {"closed_on": timezone.localdate()}, by=None
    )

    told = bundle(cast)

    assert not {"last", "findings", "facts"} & set(place(told))
    assert "PHU-THONG" not in {row["code"] for row in told["establishments"]}


def test_drafts_and_assignments_are_the_own_ones(cast: Cast) -> None:
    mine, other = cast.draft(), cast.draft(COLLEAGUE)
    asked = assigned()
    assigned(COLLEAGUE)

    told = bundle(cast)

    place = mine["establishment"]
    assert {"id": mine["id"], "version": 1, "establishment": place} in told["drafts"]
    assert other["id"] not in {row["id"] for row in told["drafts"]}
    assert told["assignments"] == [
        {
            "id": str(asked.pk),
            "establishment": "BOC-BO",
            "checklist": "MARKET-FS",
            "due_on": asked.due_on.isoformat(),
            "kind": "planned",
        }
    ]


def test_a_version_that_work_under_way_names_stays_after_it_was_followed(cast: Cast) -> None:
    cast.draft()
    new = checklists.import_draft(next_version().decode(), by=None)
    checklists.publish(new.pk, by=None)
    checklists.retire(ChecklistVersion.objects.get(code="MARKET-FS", version=1).pk, by=None)

    names = [row["name"] for row in bundle(cast)["checklists"]]
    others = [row["name"] for row in bundle(cast, COLLEAGUE)["checklists"]]

    assert names == ["MARKET-FS@1", "MARKET-FS@2", "SUPERMARKET-PLASTIC@1"]
    assert others == ["MARKET-FS@2", "SUPERMARKET-PLASTIC@1"]


def test_what_has_not_changed_costs_one_statement_and_no_body(cast: Cast) -> None:
    known = tag(cast)

    with CaptureQueriesContext(connection) as statements:
        answer = cast.ask(INSPECTOR, "GET", "sync/bundle/", **{"If-None-Match": f"W/{known}"})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == known
    assert len(statements) == 1


def test_who_goes_along_finds_the_visit_and_its_team(cast: Cast) -> None:
    row = assigned()
    assert bundle(cast, COLLEAGUE)["assignments"] == []
    before = cast.ask(COLLEAGUE, "GET", "sync/bundle/")["ETag"]

    colleague = User.objects.get(username=COLLEAGUE)
    assignments.change(row, {}, [colleague], by=None)

    assert cast.ask(COLLEAGUE, "GET", "sync/bundle/")["ETag"] != before
    [told] = bundle(cast, COLLEAGUE)["assignments"]
    assert (told["id"], told["team"]) == (str(row.pk), [INSPECTOR, COLLEAGUE])
    assert [told] == bundle(cast)["assignments"]


def test_takes_as_many_statements_for_many_places_as_for_few(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            bundle(cast)
        return len(statements)

    cast.submitted(fails=["G03"])
    assigned()
    bundle(cast)
    few = cost()
    a_district(cast)
    cast.submitted(fails=["G03", "A02"])

    assert cost() == few <= 15


def a_district(cast: Cast) -> None:
    """70 markets with coordinates, 600 stalls with their traders, 12 assignments."""
    unit = AdministrativeUnit.objects.get(code="01864", valid_from=date(2025, 7, 1))
    present = Establishment.objects.filter(kind="market").count()
    for number in range(70 - present):
        establishments.open_establishment(
            f"CHO-{number:03}", "market", f"Chợ {FAMILY[number % 7]} {GIVEN[number % 8]}",
            unit=unit, by=None, latitude=f"22.{31234 + 173 * number}",
            longitude=f"105.{71234 + 137 * number}",
        )  # fmt: skip
    places = list(Establishment.objects.filter(code__startswith="CHO-"))
    lacking = 600 - Stall.objects.filter(retired_at=None).count()
    for first, home in enumerate(places):
        new = [
            stalls.NewStall(
                number=f"{number // len(places) + 1:02}",
                commodity=SOLD[number * 7 % 4],
                trader=f"{FAMILY[number * 5 % 7]} {GIVEN[number * 3 % 8]}",
            )
            for number in range(first, lacking, len(places))
        ]
        stalls.enter_stalls(home.pk, new, at=timezone.now())
    for number in range(12):
        row = Assignment(
            establishment=places[number],
            checklist="MARKET-FS",
            inspector=User.objects.get(username=INSPECTOR),
            due_on=timezone.localdate() + NEXT_WEEK,
        )
        assignments.assign(row, by=None)


def test_a_whole_district_weighs_at_most_30_kilobytes(cast: Cast) -> None:
    a_district(cast)

    answer = cast.ask(INSPECTOR, "GET", "sync/bundle/", **{"Accept-Encoding": "gzip"})
    told = bundle(cast)

    markets = [row for row in told["establishments"] if row["kind"] == "market"]
    assert (len(markets), len(told["assignments"]), len(told["checklists"])) == (70, 12, 2)
    assert sum(len(row.get("stalls", ())) for row in markets) == 600
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content)
    assert len(answer.content) <= 30 * 1024


Verb = Callable[[Cast], Any]


def _appointed(cast: Cast) -> Appointment:
    return Appointment.objects.get(person__username=MANAGER)


def _answer(cast: Cast) -> Any:
    document = Inspection.objects.exclude(status="draft").latest("received_at")
    return followup.respond(
        document.findings.get().pk, uuid4(), text="Đã thay lưới", done_on=timezone.localdate(),
        photos=[], by=current(MANAGER),
    )  # fmt: skip


def _finding() -> UUID:
    return Finding.objects.latest("inspection__received_at").pk


def _supersede(cast: Cast) -> Any:
    old = Inspection.objects.filter(status="submitted").latest("received_at")
    return cast.submitted(supersedes=str(old.pk), reason="Ghi nhầm")


def _void(cast: Cast) -> Any:
    old = Inspection.objects.filter(status="submitted").latest("received_at")
    return fieldwork.void(old, reason="Nhầm", by=current(DEPARTMENT))


def _mine() -> Assignment:
    return Assignment.objects.filter(inspector__username=INSPECTOR).latest("created_at")


def _other(cast: Cast) -> Any:
    return assignments.change(_mine(), {"inspector": User.objects.get(username=COLLEAGUE)}, by=None)


def _rename_unit(cast: Cast) -> Any:
    unit = AdministrativeUnit.objects.get(code="01864", valid_from=date(2025, 7, 1))
    return units.change_unit(unit, {"name": "xã Bằng Thành Mới"}, by=None)


def _rename(cast: Cast) -> Any:
    user = User.objects.get(username=INSPECTOR)
    return accounts.describe(user, full_name="Hoàng Thị Lan Anh", title="", email="", by=None)


def _publish(cast: Cast) -> Any:
    return checklists.publish(checklists.import_draft(next_version().decode(), by=None).pk, by=None)


def _stall() -> Stall:
    return Stall.objects.get(pk=stall_id("BOC-BO", "01"))


VERBS: dict[str, tuple[Verb, Verb]] = {
    "a place is opened": (
        lambda _: None,
        lambda _: establishments.open_establishment("CHO-MOI", "market", "Chợ Mới", unit=None,
                                                    by=None),
    ),
    "a place is corrected": (
        lambda _: None,
        lambda _: establishments.amend_establishment(market(), {"address": "Tổ 1"}, by=None),
    ),
    "a place is renamed": (
        lambda _: None,
        lambda _: establishments.amend_establishment(market(), {"name": "Chợ mới"}, by=None),
    ),
    "a place is closed": (
        lambda _: None,
        lambda _: establishments.amend_establishment(
            market(), {"closed_on": timezone.localdate()}, by=None
        ),
    ),
    "its unit is renamed": (lambda _: None, _rename_unit),
    "a stall is added": (
        lambda _: None,
        lambda _: stalls.add_stall(market(), stalls.NewStall("99", "produce"), by=None),
    ),
    "a stall is changed": (
        lambda _: None,
        lambda _: stalls.change_stall(_stall(), {"trader": "Lý Thị Sông"}, by=None),
    ),
    "a stall is retired": (lambda _: None, lambda _: stalls.retire_stall(_stall(), by=None)),
    "a checklist is published": (lambda _: None, _publish),
    "a checklist is retired": (
        lambda _: None,
        lambda _: checklists.retire(ChecklistVersion.objects.get(code="MARKET-FS").pk, by=None),
    ),
    "a checklist is approved": (
        lambda _: None,
        lambda _: checklists.approve(
            ChecklistVersion.objects.get(code="MARKET-FS").pk, number="7/QĐ", on=date(2026, 11, 1),
            by=None,
        ),
    ),
    "a visit is assigned": (lambda _: None, lambda _: assigned()),
    "an assignment is moved": (
        lambda _: assigned(),
        lambda _: assignments.change(
            _mine(), {"due_on": timezone.localdate() + 2 * NEXT_WEEK}, by=None
        ),
    ),
    "an assignment goes to another": (lambda _: assigned(), _other),
    "an assignment is cancelled": (
        lambda _: assigned(),
        lambda _: assignments.cancel(_mine(), reason="Mưa lũ", by=None),
    ),
    "a visit opens a finding": (lambda _: None, lambda cast: cast.submitted(fails=["G03"])),
    "a finding is answered": (lambda cast: cast.submitted(fails=["G03"]), _answer),
    "an answer is refused": (
        lambda cast: [cast.submitted(fails=["G03"]), _answer(cast)],
        lambda _: verification.refuse(_finding(), by=current(INSPECTOR), reason="Chưa đạt"),
    ),
    "a finding may stand": (
        lambda cast: cast.submitted(fails=["G03"]),
        lambda _: verification.except_until(
            _finding(), until=timezone.localdate(), reason="Chờ", by=current(DEPARTMENT)
        ),
    ),
    "a visit is superseded": (lambda cast: cast.submitted(), _supersede),
    "a visit is voided": (lambda cast: cast.submitted(), _void),
    "a draft is mirrored": (lambda _: None, lambda cast: cast.draft()),
    "a draft is replaced": (
        lambda cast: cast.draft(),
        lambda cast: cast.ask(
            INSPECTOR, "PUT", f"inspections/{_draft().pk}/",
            {**_draft().document, "opinion": "Khác"}, **{"If-Match": "*"},
        ),
    ),
    "a draft is discarded": (
        lambda cast: cast.draft(),
        lambda _: fieldwork.discard(_draft(), by=current(INSPECTOR)),
    ),
    "the person is renamed": (lambda _: None, _rename),
}  # fmt: skip


def _draft() -> Inspection:
    return Inspection.objects.filter(status="draft", sent_by__username=INSPECTOR).latest(
        "updated_at"
    )


@pytest.mark.parametrize("verb", VERBS)
def test_is_a_new_one_when(cast: Cast, verb: str) -> None:
    before, act = VERBS[verb]
    before(cast)
    known = tag(cast)
    assert tag(cast) == known

    act(cast)

    answer = cast.ask(INSPECTOR, "GET", "sync/bundle/", **{"If-None-Match": known})
    assert answer.status_code == 200
    assert answer["ETag"] != known


def test_is_a_new_one_when_an_appointment_ends(cast: Cast) -> None:
    known = tag(cast, MANAGER)

    appointments.end_appointment(
        _appointed(cast), valid_to=timezone.localdate() - timedelta(days=1), by=None
    )

    assert tag(cast, MANAGER) != known
    assert bundle(cast, MANAGER)["establishments"] == []


def test_is_another_one_tomorrow_and_for_another_person(cast: Cast) -> None:
    today = tag(cast)

    assert tag(cast, COLLEAGUE) != today
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        cast.tokens[INSPECTOR] = access_token.issue(cast.sessions[INSPECTOR])
        assert tag(cast) != today
    cast.tokens[INSPECTOR] = access_token.issue(cast.sessions[INSPECTOR])


def test_stays_the_same_for_what_is_nobodys_business(cast: Cast) -> None:
    known = tag(cast)

    cast.draft(COLLEAGUE)
    cast.photo(COLLEAGUE, world.a_photo(5))
    checklists.import_draft(next_version().decode(), by=None)

    assert tag(cast) == known


def test_stall_ids_that_the_server_makes_are_ordered_by_time(cast: Cast) -> None:
    made = [
        stalls.enter_stalls(market().pk, [stalls.NewStall(str(n), "produce")], at=timezone.now())[
            0
        ].pk
        for n in range(50)
    ]

    assert made == sorted(made)
    assert {UUID(str(pk)).version for pk in made} == {7}


def test_what_has_not_changed_weighs_at_most_400_bytes_on_the_wire(live: Live) -> None:
    phone = live.person(INSPECTOR)
    known = phone.get("sync/bundle/").headers["etag"]

    with socket.create_connection(("127.0.0.1", live.server.port), timeout=10) as wire:
        wire.sendall(
            f"GET /api/v1/sync/bundle/ HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {known}\r\n"
            f"Authorization: Bearer {phone.token}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )
        answer = wire.recv(10_000)

    assert answer.startswith(b"HTTP/1.1 304 ")
    assert answer.endswith(b"\r\n\r\n")
    assert len(answer) <= 400, answer.decode()
