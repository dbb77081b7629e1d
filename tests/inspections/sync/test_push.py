"""POST /api/v1/sync/push/: one outcome for each item, whatever becomes of the others."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.accounts.models import Device
from inspections.checklists import lifecycle as checklists
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.models import Finding, Inspection, RefusedSubmission
from inspections.followup.models import Correction
from inspections.plastics.models import BagReturn
from inspections.records.models import Record
from inspections.submission import lifecycle
from tests.cast import DEPARTMENT, INSPECTOR, MANAGER, Cast, a_photo, an_id, next_version
from tests.inspections.evidence.pictures import digest
from tests.live import visit

pytestmark = pytest.mark.django_db

STORE = "manager.sieuthi"


def submit(document: dict[str, Any]) -> dict[str, Any]:
    return {"op": "inspection.submit", "id": document["id"], "data": document}


def push(cast: Cast, *items: Any, who: str = INSPECTOR, **envelope: Any) -> Any:
    answer = cast.ask(who, "POST", "sync/push/", {"items": items, **envelope})
    assert answer.status_code == 200, answer.content
    return answer.json()


def outcomes(told: Any) -> list[str]:
    return [result["status"] for result in told["results"]]


def test_gives_the_receipt_of_the_single_route_and_the_same_again(cast: Cast) -> None:
    document = visit(inspector=INSPECTOR)

    first = push(cast, submit(document))
    again = push(cast, submit(document))
    alone = cast.ask(INSPECTOR, "POST", f"inspections/{document['id']}/submit/", document)

    assert outcomes(first) == ["created"]
    assert outcomes(again) == ["duplicate"]
    assert alone.status_code == 200
    assert first["results"][0]["receipt"] == again["results"][0]["receipt"] == alone.json()
    assert first["results"][0].keys() == {"id", "op", "status", "receipt"}
    assert (first["results"][0]["id"], first["results"][0]["op"]) == (
        document["id"],
        "inspection.submit",
    )


def test_a_bad_item_between_good_ones_is_alone_in_its_trouble(cast: Cast) -> None:
    good, bad, other = (visit(inspector=INSPECTOR) for _ in range(3))
    bad["answers"]["B02"] = {"value": "-1"}

    told = push(cast, submit(good), submit(bad), submit(other))

    assert outcomes(told) == ["created", "invalid", "created"]
    problem = told["results"][1]["problem"]
    alone = cast.ask(INSPECTOR, "POST", f"inspections/{bad['id']}/submit/", bad)
    assert alone.status_code == 422
    for name in ("type", "title", "status", "detail", "code", "errors"):
        assert problem[name] == alone.json()[name]
    assert "/answers/B02/value" in {error["pointer"] for error in problem["errors"]}
    assert not Inspection.objects.filter(pk=bad["id"]).exists()


def test_another_body_under_the_id_is_a_conflict_and_kept_aside(cast: Cast) -> None:
    document = cast.submitted()
    other = {**document, "opinion": "Nội dung khác"}

    told = push(cast, submit(other))

    assert outcomes(told) == ["conflict"]
    assert told["results"][0]["problem"]["code"] == "other_answers_already_submitted"
    [kept] = RefusedSubmission.objects.filter(inspection_id=document["id"])
    assert kept.document["opinion"] == "Nội dung khác"


@pytest.mark.parametrize(
    ("item", "status", "fault"),
    [
        ({"op": "inspection.erase"}, 400, "invalid"),
        ({"id": "7"}, 400, "invalid"),
        ({"id": "0193C1F0-7A52-7C11-9D6E-2F6C1C2B7A01"}, 400, "invalid"),
        ({"data": []}, 400, "wrong_type"),
        ({"data": {"no_such_field": 1}}, 400, "unknown_field"),
    ],
)
def test_an_item_that_cannot_be_read_is_its_own_fault(
    cast: Cast, item: dict[str, Any], status: int, fault: str
) -> None:
    good = visit(inspector=INSPECTOR)
    bad = {**submit(visit(inspector=INSPECTOR)), **item}

    told = push(cast, bad, submit(good))

    assert outcomes(told) == ["invalid", "created"]
    problem = told["results"][0]["problem"]
    assert problem["status"] == status
    assert fault in {error["code"] for error in problem["errors"]}
    assert told["results"][0]["id"] == bad["id"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('"\\u0000"', "text_forbidden_char"),
        ('"a\\u200db"', "text_forbidden_char"),
        ("9007199254740992", "number_too_large"),
        ('{"a":1,"a":2}', "duplicate_key"),
    ],
)
def test_a_text_that_no_body_may_hold_stops_its_own_item_only(
    cast: Cast, text: str, fault: str
) -> None:
    good, bad = visit(inspector=INSPECTOR), an_id()
    body = (
        f'{{"items": [{{"op": "inspection.submit", "id": "{bad}", "data": {{"id": {text}}}}},'
        f"{json.dumps(submit(good))}]}}"
    )

    answer = cast.ask(INSPECTOR, "POST", "sync/push/", body.encode())

    assert answer.status_code == 200, answer.content
    assert outcomes(answer.json()) == ["invalid", "created"]
    assert answer.json()["results"][0]["problem"]["errors"][0]["code"] == fault


def test_problems_are_told_in_the_language_of_the_request(cast: Cast) -> None:
    bad = submit({**visit(inspector=INSPECTOR), "establishment": "KHONG-CO"})

    titles = []
    for language in ("vi", "en"):
        answer = cast.ask(
            INSPECTOR, "POST", "sync/push/", {"items": [bad]}, **{"Accept-Language": language}
        )
        titles.append(answer.json()["results"][0]["problem"]["errors"][0]["detail"])

    assert titles == ["Không có cơ sở này.", "There is no such establishment."]


def test_what_failed_for_no_fault_of_the_item_is_to_be_sent_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bodies = [visit(inspector=INSPECTOR) for _ in range(3)]
    failures: dict[str, Exception] = {
        bodies[0]["id"]: OperationalError("database is locked"),
        bodies[1]["id"]: KeyError(),
    }
    real = lifecycle.submit

    def failing(pk: Any, tree: Any, *, by: Any) -> Any:
        if failure := failures.get(str(pk)):
            raise failure
        return real(pk, tree, by=by)

    monkeypatch.setattr(lifecycle, "submit", failing)
    told = push(cast, *map(submit, bodies))

    assert outcomes(told) == ["retry", "retry", "created"]
    assert [result.get("retry_after") for result in told["results"]] == [2, 60, None]
    assert "an item of a push failed" in caplog.text


def test_a_visit_by_a_version_that_was_retired_meanwhile_is_scored_by_it(cast: Cast) -> None:
    document = visit(inspector=INSPECTOR, fails=["G03"])
    judged = cast.submitted(fails=["G03"])["id"]
    new = checklists.import_draft(next_version().decode(), by=None)
    checklists.publish(new.pk, by=None)
    old = ChecklistVersion.objects.get(code="MARKET-FS", version=1)
    checklists.retire(old.pk, by=None)

    told = push(cast, submit(document))

    assert outcomes(told) == ["created"]
    late, before = (Inspection.objects.get(pk=pk) for pk in (document["id"], judged))
    assert late.checklist == before.checklist == old
    assert (late.verdict, late.score) == (before.verdict, before.score)


def test_a_visit_whose_photos_are_here_is_completed(cast: Cast) -> None:
    photo = a_photo(41)
    cast.photo(INSPECTOR, photo)
    document = visit(photo, inspector=INSPECTOR)

    push(cast, submit(document))

    assert Record.objects.get(pk=document["id"]).issue_note is not None


def test_a_manager_answers_a_finding_and_checks_the_own_market(cast: Cast) -> None:
    cast.submitted(fails=["G03"])
    finding = Finding.objects.get()
    answer: dict[str, Any] = {
        "op": "finding.respond",
        "id": an_id(),
        "data": {
            "finding": str(finding.pk),
            "text": "Đã thay lưới",
            "done_on": timezone.localdate().isoformat(),
            "photos": [digest(a_photo(42))],
        },
    }
    own = visit(inspector=MANAGER, kind="self_check", signatures=[], grounds=None)
    foreign = {**answer, "id": an_id(), "data": {**answer["data"], "finding": an_id()}}
    other = {**answer, "data": {**answer["data"], "text": "Khác"}}

    told = push(cast, answer, submit(own), answer, foreign, other, who=MANAGER)

    assert outcomes(told) == ["created", "created", "duplicate", "invalid", "conflict"]
    assert told["results"][1]["receipt"]["number"] is None
    assert told["results"][3]["problem"]["status"] == 404
    assert told["results"][4]["problem"]["code"] == "id_taken"
    assert Correction.objects.get().text == "Đã thay lưới"


def test_a_supermarket_declares_its_bags(cast: Cast) -> None:
    cast.tokens.setdefault(STORE, token_of(STORE))
    declared: dict[str, Any] = {
        "op": "bag_return.declare",
        "id": an_id(),
        "data": {
            "establishment": "SAMPLE-01",
            "month": "2026-10",
            "measures": {"PM01": "1200"},
            "source": "declared",
        },
    }
    better = {**declared, "id": an_id(), "data": {**declared["data"], "measures": {"PM01": "900"}}}
    bad = {**declared, "id": an_id(), "data": {**declared["data"], "month": "2026-13"}}

    told = push(cast, declared, better, declared, bad, who=STORE)

    assert outcomes(told) == ["created", "created", "duplicate", "invalid"]
    assert BagReturn.objects.current().get().measures == {"PM01": "900"}


def token_of(username: str) -> str:
    from backend.accounts import access_token
    from backend.accounts import lifecycle as accounts
    from backend.accounts.models import User

    return access_token.issue(accounts.open_session(User.objects.get(username=username))[0])


def test_the_report_of_the_phone_is_kept_and_the_present_bundle_told(cast: Cast) -> None:
    told = push(cast, report={"queue": 3, "sent_at": "2026-11-20T08:32:00+07:00", "app": "1.0.0"})

    device = Device.objects.get(pk=cast.device(INSPECTOR).pk)
    assert (device.queue_length, device.app_version) == (3, "1.0.0")
    assert told["results"] == []
    assert told["bundle_etag"] == cast.ask(INSPECTOR, "GET", "sync/bundle/").json()["etag"]
    assert told["server_time"].endswith("+07:00")


def test_twenty_items_are_taken_and_no_more(cast: Cast) -> None:
    items = [{"op": "finding.respond", "id": an_id(), "data": {}} for _ in range(21)]

    assert outcomes(push(cast, *items[:20])) == ["invalid"] * 20
    answer = cast.ask(INSPECTOR, "POST", "sync/push/", {"items": items})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_an_item_costs_what_the_single_route_costs(cast: Cast) -> None:
    def cost(documents: list[dict[str, Any]]) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert set(outcomes(push(cast, *map(submit, documents)))) == {"created"}
        return len(statements)

    cost([visit(inspector=INSPECTOR)])
    one = cost([visit(inspector=INSPECTOR)])
    five = cost([visit(inspector=INSPECTOR) for _ in range(5)])
    document = visit(inspector=INSPECTOR)
    with CaptureQueriesContext(connection) as alone:
        cast.ask(INSPECTOR, "POST", f"inspections/{document['id']}/submit/", document)

    # One statement more for all of them: the ETag of the bundle.
    assert five - one == 4 * (one - 1)
    assert one - 1 == len(alone)


def test_the_department_does_not_push(cast: Cast) -> None:
    answer = cast.ask(DEPARTMENT, "POST", "sync/push/", {"items": []})

    assert answer.status_code == 403
