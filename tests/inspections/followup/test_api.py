"""GET findings/, POST findings/{id}/respond/, assignments/ over HTTP; photos of corrections"""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.evidence import lifecycle as evidence
from inspections.fieldwork import lifecycle as fieldwork
from inspections.planning.models import Assignment
from tests.inspections.evidence.pictures import digest, picture
from tests.inspections.evidence.visits import api_as, appoint
from tests.inspections.followup.builders import a_finding, answer, asked
from tests.inspections.visits import Visits, person, photo

API = "/api/v1/"
RESPONSE = {"text": "Đã lắp lưới chắn ruồi.", "done_on": "2026-11-21"}
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


def respond(who: Person, finding: Any, **body: Any) -> Any:
    sent = {"id": str(uuid.uuid4()), **RESPONSE, **body}
    return api_as(who).post(f"{API}findings/{finding.pk}/respond/", sent, format="json")


# Findings


def test_a_finding_says_what_was_found_and_what_was_done(visits: Visits) -> None:
    stall = visits.stalls[0]["id"]
    finding = a_finding(visits, fails=[], stall_fails={stall: ["J05"]})
    correction, _ = answer(visits, finding)

    [row] = get(visits.inspector, "findings/")["results"]

    at = row["corrections"][0].pop("at")
    assert at.endswith("+07:00")
    assert row == {
        "id": str(finding.pk),
        "inspection": str(finding.inspection_id),
        "establishment": "BOC-BO",
        "item": "J05",
        "text": {
            "vi": visits.checklist.items["J05"].text.vi,
            "en": visits.checklist.items["J05"].text.en,
        },
        "stall": {"id": stall, "number": "01"},
        "severity": "major",
        "due_on": finding.due_on.isoformat(),
        "found_on": "2026-11-22",
        "overdue": False,
        "status": "answered",
        "corrected_on_site": False,
        "repeat_of": None,
        "corrections": [
            {
                "id": str(correction.pk),
                "text": "Đã lắp lưới chắn ruồi ở khu thịt.",
                "done_on": "2026-11-21",
                "photos": [photo("after"), photo("again")],
                "by": "mai.tt",
                "partly": False,
                "state": "waiting",
                "decided_by": None,
                "decided_at": None,
                "reason": "",
                "reopened_by": None,
                "reopened_at": None,
                "reopened_reason": "",
            }
        ],
        "exceptions": [],
    }


def test_findings_are_narrowed(visits: Visits) -> None:
    visit = visits.submit(fails=["B03", "B05", "G03"])
    answer(visits, visit.findings.get(item="B05"))
    voided = a_finding(visits, fails=["B06"]).inspection
    fieldwork.void(voided, reason="Ghi nhầm", by=visits.inspector)

    def items(query: str) -> list[str]:
        rows = get(visits.inspector, f"findings/?{query}")["results"]
        return sorted(row["item"] for row in rows)

    assert items("status=open") == ["B03", "G03"]
    assert items("status=answered") == ["B05"]
    assert items("status=closed") == ["B06"]
    assert items("severity=critical") == ["B03"]
    assert items("overdue=true") == []
    assert api_as(visits.inspector).get(f"{API}findings/?severity=x").status_code == 400
    assert items("overdue=false") == items("establishment=BOC-BO") == ["B03", "B05", "B06", "G03"]
    assert items("establishment=PHU-THONG") == []


def test_a_manager_sees_the_own_places_and_nobody_a_self_check(visits: Visits) -> None:
    a_finding(visits)
    own = visits.document(
        kind="self_check", inspector="mai.tt", fails=["B05"], signatures=[], grounds=None
    )
    visits.send(own, visits.manager)

    seen = {
        who.username: [row["item"] for row in get(who, "findings/")["results"]]
        for who in (visits.manager, visits.inspector, person("stranger", Role.MANAGER))
    }

    assert seen == {"mai.tt": ["G03"], "lan.ht": ["G03"], "stranger": []}


def test_the_list_costs_the_same_number_of_queries_for_any_number_of_findings(
    visits: Visits,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(visits.inspector, "findings/")
        return len(captured)

    answer(visits, a_finding(visits))
    get(visits.inspector, "findings/")  # reads the checklist, once per process
    one = queries()
    stalls = {stall["id"]: ["J05"] for stall in visits.stalls}
    for _ in range(3):
        for finding in visits.submit(fails=["B03", "B05"], stall_fails=stalls).findings.all():
            answer(visits, finding)
            answer(visits, finding, text="Lần nữa")

    assert queries() == one == 4


# Responding


def test_an_answer_may_be_sent_again(visits: Visits) -> None:
    finding, pk = a_finding(visits), str(uuid.uuid4())

    first = respond(visits.manager, finding, id=pk, photos=[photo("after")])
    again = respond(visits.manager, finding, id=pk, photos=[photo("after")])
    other = respond(visits.manager, finding, id=pk, text="Nội dung khác")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert first.json()["photos"] == [photo("after")]
    assert other.json()["code"] == "id_taken"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"id": 7}, "/id", "invalid"),
        ({"id": str(uuid.UUID(int=5)).upper()}, "/id", "invalid"),
        ({"id": "0193C1F0-7A52-7C11-9D6E-2F6C1C2B7A01"}, "/id", "invalid"),
        ({"text": "  "}, "/text", "blank"),
        ({"text": "x" * 2001}, "/text", "max_length"),
        ({"done_on": "21/11/2026"}, "/done_on", "invalid"),
        ({"photos": ["0" * 63]}, "/photos/0", "invalid"),
        ({"photos": [photo(str(n)) for n in range(21)]}, "/photos", "max_length"),
        ({"state": "accepted"}, "/state", "unknown_field"),
    ],
)
def test_a_malformed_answer_is_refused_by_pointer(
    visits: Visits, body: dict[str, Any], pointer: str, code: str
) -> None:
    refused = respond(visits.manager, a_finding(visits), **body)

    assert refused.status_code == 400
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]


# Deciding


def decide(who: Person, finding: Any, verb: str, **body: Any) -> Any:
    return api_as(who).post(f"{API}findings/{finding.pk}/{verb}/", body, format="json")


def test_the_answer_of_a_decision_is_the_finding_as_it_is_now(
    visits: Visits, department: Person
) -> None:
    finding = a_finding(visits)
    correction, _ = answer(visits, finding)

    refused = decide(visits.inspector, finding, "refuse", reason="Lưới còn rách")
    granted = decide(department, finding, "except", until="2199-12-31", reason="Chờ vật tư")
    answer(visits, finding, text="Đã thay")
    accepted = decide(department, finding, "accept")
    opened = decide(visits.inspector, finding, "reopen", reason="Lại rách")

    [first] = refused.json()["corrections"]
    assert (refused.status_code, refused.json()["status"]) == (200, "reopened")
    assert (first["id"], first["state"], first["decided_by"], first["reason"]) == (
        str(correction.pk), "refused", "lan.ht", "Lưới còn rách",
    )  # fmt: skip
    [exception] = granted.json()["exceptions"]
    assert (granted.status_code, granted.json()["status"]) == (200, "excepted")
    assert exception.pop("granted_at").endswith("+07:00")
    assert exception == {
        "until": "2199-12-31", "reason": "Chờ vật tư", "granted_by": "duc.nm",
        "ended_by": None, "ended_at": None, "ended_reason": "",
    }  # fmt: skip
    assert (accepted.status_code, accepted.json()["status"]) == (200, "closed")
    assert (opened.status_code, opened.json()["status"]) == (200, "reopened")
    assert opened.json()["corrections"][1]["reopened_by"] == "lan.ht"
    [row] = get(visits.manager, "findings/?status=reopened")["results"]
    assert row == opened.json()


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        (
            "accept",
            {"correction": "0193c1f0-7a52-4c11-9d6e-2f6c1c2b7a01"},
            409,
            "answered_meanwhile",
        ),
        ("accept", {"correction": "x"}, 400, "malformed"),
        ("accept", {"verdict": "pass"}, 400, "malformed"),
        ("refuse", {}, 400, "malformed"),
        ("refuse", {"reason": " "}, 422, "reason_required"),
        ("reopen", {"reason": "Chưa đạt"}, 409, "illegal_move"),
        ("except", {"reason": "Chờ"}, 400, "malformed"),
        ("except", {"until": "2020-01-01", "reason": "Chờ"}, 422, "day_out_of_range"),
        ("except", {"until": "2199-12-31", "reason": ""}, 422, "reason_required"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    visits: Visits, department: Person, verb: str, body: dict[str, Any], status: int, code: str
) -> None:
    finding = a_finding(visits)
    answer(visits, finding)

    refused = decide(department, finding, verb, **body)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert get(department, "findings/?status=answered")["results"] != []


@pytest.mark.usefixtures("photos")
def test_who_names_a_photo_of_another_place_does_not_see_it(
    visits: Visits, department: Person
) -> None:
    data = picture()
    sha256 = evidence.receive([data], digest(data), person("stranger", Role.MANAGER))[0].sha256
    sent = visits.document(kind="self_check", inspector="mai.tt", signatures=[], grounds=None)
    sent["answers"]["A02"]["photos"] = [sha256]

    answer(visits, a_finding(visits), photos=[sha256])
    visits.send(sent, visits.manager)
    url = f"{API}evidence/{sha256}/"
    assert api_as(visits.manager).get(url).status_code == 404

    # A colleague of the same board sends it, now or later: it is theirs to show.
    colleague = person("colleague", Role.MANAGER)
    appoint(colleague, visits.market)
    evidence.receive([data], sha256, colleague)
    assert api_as(visits.manager).get(url).status_code == 200


def test_a_photo_of_a_correction_is_shown_to_who_sees_the_finding(
    visits: Visits, department: Person
) -> None:
    data = picture()
    sha256 = evidence.receive([data], digest(data), visits.manager)[0].sha256
    stranger = person("stranger", Role.MANAGER)
    everybody = (visits.manager, visits.inspector, department, stranger)
    finding = a_finding(visits)

    def reading() -> list[int]:
        return [api_as(who).get(f"{API}evidence/{sha256}/").status_code for who in everybody]

    before = reading()
    answer(visits, finding, photos=[sha256])

    assert (before, reading()) == ([200, 404, 404, 404], [200, 200, 200, 404])
    for who, lacking in ((department, []), (stranger, [sha256])):
        body = {"sha256": [sha256]}
        missing = api_as(who).post(f"{API}evidence/missing/", body, format="json")
        assert missing.json() == {"missing": lacking}


@pytest.fixture
def photos(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


# Assignments


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
        "follows": None,
        "status": "open",
        "done_by": None,
        "missed_reason": "",
        "cancelled_reason": "",
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

    assert queries() == one == 1
    assert Assignment.objects.count() == 6
