"""GET findings/, POST findings/{id}/respond/ over HTTP; photos of corrections"""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.evidence import lifecycle as evidence
from inspections.fieldwork import lifecycle as fieldwork
from tests.inspections.evidence.pictures import digest, picture
from tests.inspections.evidence.visits import api_as, appoint
from tests.inspections.followup.builders import a_finding, answer
from tests.inspections.visits import Visits, person, photo

API = "/api/v1/"
RESPONSE = {"text": "Đã lắp lưới chắn ruồi.", "done_on": "2026-11-21"}


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
        ({"partly": 1}, "/partly", "invalid"),
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


# One finding, and many at once


def test_a_reviewer_reads_clause_photos_and_history_at_once(
    visits: Visits, department: Person
) -> None:
    before = a_finding(visits)
    finding = a_finding(visits)
    answer(visits, finding)
    decide(visits.inspector, finding, "refuse", reason="Lưới còn rách")
    item = visits.checklist.items["G03"]

    told = get(department, f"findings/{finding.pk}/")

    assert told["note"] == "Chưa đạt yêu cầu, đã nhắc nhở tại chỗ."
    assert told["value"] == "fail"
    assert told["photos"] == ([photo("G03")] if item.photo != "never" else [])
    assert told["references"] == [
        {"text": ref.text, "status": ref.status} for ref in item.references
    ]
    assert [(event["what"], event["by"], event["text"]) for event in told["history"]] == [
        ("found", "lan.ht", ""),
        ("answered", "mai.tt", "Đã lắp lưới chắn ruồi ở khu thịt."),
        ("refused", "lan.ht", "Lưới còn rách"),
    ]
    assert [row["id"] for row in told["repeats"]] == [str(before.pk)]
    assert (told["status"], told["legal_moves"]) == ("reopened", ["respond", "except"])
    [row] = get(department, "findings/?status=reopened")["results"]
    assert {key: told[key] for key in row} == row


def test_a_finding_is_forwarded_in_both_languages_and_names_nobody(visits: Visits) -> None:
    stall = visits.stalls[0]["id"]
    finding = a_finding(visits, fails=[], stall_fails={stall: ["J05"]})
    item = visits.checklist.items["J05"]

    told = get(visits.manager, f"findings/{finding.pk}/")["text_to_forward"]

    due, number = f"{finding.due_on:%d/%m/%Y}", finding.inspection.record.number
    severity = visits.checklist.severities["major"].name
    assert told["vi"].splitlines() == [
        "Chợ Bộc Bố, quầy 01", f"J05: {item.text.vi}", f"Mức độ: {severity.vi}", f"Hạn: {due}",
        f"Biên bản {number}",
    ]  # fmt: skip
    assert told["en"].splitlines()[1:] == [
        f"J05: {item.text.en}", f"Severity: {severity.en}", f"Due: {due}", f"Record {number}",
    ]  # fmt: skip


def test_many_are_accepted_each_by_itself(visits: Visits, department: Person) -> None:
    visit = visits.submit(fails=["B03", "B05", "G03"])
    done, waiting, again = visit.findings.order_by("item")
    for finding in (done, again):
        answer(visits, finding)
    nothing, stale = str(uuid.uuid4()), str(uuid.uuid4())
    body = {
        "findings": [
            {"id": str(done.pk)}, {"id": str(waiting.pk)}, {"id": nothing},
            {"id": str(again.pk), "correction": stale},
        ]
    }  # fmt: skip

    first = api_as(department).post(f"{API}findings/accept/", body, format="json").json()["results"]
    second = api_as(department).post(f"{API}findings/accept/", body, format="json").json()

    assert [(row["id"], row["accepted"]) for row in first] == [
        (str(done.pk), True), (str(waiting.pk), False), (nothing, False), (str(again.pk), False),
    ]  # fmt: skip
    assert [row["problem"] and row["problem"]["code"] for row in first] == [
        None, "illegal_move", "not_found", "answered_meanwhile",
    ]  # fmt: skip
    assert [row["accepted"] for row in second["results"]] == [True, False, False, False]
    [closed] = get(department, "findings/?status=closed")["results"]
    assert closed["id"] == str(done.pk)


@pytest.mark.parametrize(
    "body", [{"findings": []}, {}, {"findings": [{"id": "x"}]}], ids=["none", "nothing", "no id"]
)
def test_of_many_at_least_one_is_named(
    visits: Visits, department: Person, body: dict[str, Any]
) -> None:
    refused = api_as(department).post(f"{API}findings/accept/", body, format="json")

    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")
