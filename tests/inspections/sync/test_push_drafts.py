"""``inspection.draft`` of POST /api/v1/sync/push/: two phones, one draft."""

from typing import Any

import pytest

from inspections.fieldwork.models import Inspection, RefusedSubmission
from inspections.submission.models import DraftConflict
from tests.cast import COLLEAGUE, INSPECTOR, MANAGER, Cast, an_id
from tests.live import visit

pytestmark = pytest.mark.django_db

TEAM = [
    {"role": "head", "username": INSPECTOR},
    {"role": "member", "username": COLLEAGUE},
]
NOTE = {"value": "fail", "note": "Có ruồi"}


def shared(**changes: Any) -> dict[str, Any]:
    """A draft of two inspectors, with few answers."""
    document = visit(inspector=INSPECTOR)
    few = {"A02": document["answers"]["A02"], "B02": {"value": "620"}}
    return {**document, "team": TEAM, "answers": few, "signatures": [], **changes}


def bring(
    cast: Cast,
    document: dict[str, Any],
    version: int | None,
    *changed: str,
    who: str = INSPECTOR,
    resolved: tuple[str, ...] = (),
) -> Any:
    data = {
        "document": document, "version": version, "changed": changed, "resolved": resolved
    }  # fmt: skip
    item = {"op": "inspection.draft", "id": document["id"], "data": data}
    answer = cast.ask(who, "POST", "sync/push/", {"items": [item]})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"][0]


def read(cast: Cast, document: dict[str, Any], who: str = INSPECTOR) -> Any:
    return cast.ask(who, "GET", f"inspections/{document['id']}/").json()


def answered(document: dict[str, Any], **answers: Any) -> dict[str, Any]:
    return {**document, "answers": {**document["answers"], **answers}}


def test_a_new_draft_is_kept_whole_whatever_is_called_changed(cast: Cast) -> None:
    document = shared()

    told = bring(cast, document, None, "establishment")
    again = bring(cast, document, None, "establishment")

    assert told == {"id": document["id"], "op": "inspection.draft", "status": "created",
                    "version": 1}  # fmt: skip
    assert again == {**told, "status": "duplicate"}
    assert read(cast, document)["answers"] == document["answers"]


def test_different_answers_of_two_phones_are_both_there(cast: Cast) -> None:
    document = shared()
    bring(cast, document, None)

    mine = bring(cast, answered(document, G03=NOTE), 1, "answers.G03")
    theirs = bring(cast, answered(document, E01={"value": "pass"}), 1, "answers.E01", who=COLLEAGUE)

    assert (mine["status"], mine["version"], "document" in mine) == ("created", 2, False)
    assert (theirs["status"], theirs["version"]) == ("created", 3)
    assert theirs["document"]["answers"] == {
        **document["answers"], "G03": NOTE, "E01": {"value": "pass"}
    }  # fmt: skip
    assert read(cast, document)["answers"] == theirs["document"]["answers"]


def test_one_answer_changed_on_two_phones_keeps_both_and_asks(cast: Cast) -> None:
    document = shared()
    bring(cast, document, None)
    bring(cast, answered(document, B02={"value": "600"}), 1, "answers.B02")
    other = answered(document, B02={"value": "650"}, E01={"value": "pass"})

    told = bring(cast, other, 1, "answers.B02", "answers.E01", who=COLLEAGUE)
    again = bring(cast, other, 1, "answers.B02", "answers.E01", who=COLLEAGUE)

    assert told["status"] == "conflict"
    assert told["document"]["answers"]["B02"] == {"value": "600"}
    assert told["document"]["answers"]["E01"] == {"value": "pass"}
    [conflict] = told["conflicts"]
    assert conflict["path"] == "answers.B02"
    assert (conflict["here"]["value"], conflict["here"]["by"]) == ({"value": "600"}, INSPECTOR)
    assert (conflict["other"]["value"], conflict["other"]["by"]) == ({"value": "650"}, COLLEAGUE)
    assert (again["status"], again["version"]) == ("conflict", told["version"])
    seen = read(cast, document)
    assert seen["conflicts"] == told["conflicts"] == again["conflicts"]
    assert seen["version"] == told["version"]


@pytest.mark.parametrize("chosen", ["600", "650", "640"])
def test_choosing_ends_the_question_and_deletes_nothing(cast: Cast, chosen: str) -> None:
    document = shared()
    bring(cast, document, None)
    bring(cast, answered(document, B02={"value": "600"}), 1, "answers.B02")
    asked = bring(cast, answered(document, B02={"value": "650"}), 1, "answers.B02", who=COLLEAGUE)

    told = bring(
        cast, answered(document, B02={"value": chosen}), asked["version"], "answers.B02",
        resolved=("answers.B02",),
    )  # fmt: skip

    assert told["status"] == "created"
    assert "conflicts" not in told
    seen = read(cast, document)
    assert seen["answers"]["B02"] == {"value": chosen}
    assert "conflicts" not in seen
    kept = DraftConflict.objects.get()
    assert (kept.value, kept.resolved_by.username) == ({"value": "650"}, INSPECTOR)


def test_who_has_not_seen_a_question_does_not_answer_it(cast: Cast) -> None:
    document = shared()
    bring(cast, document, None)
    bring(cast, answered(document, B02={"value": "600"}), 1, "answers.B02")
    bring(cast, answered(document, B02={"value": "650"}), 1, "answers.B02", who=COLLEAGUE)

    bring(cast, document, 2, resolved=("answers.B02",))

    assert len(read(cast, document)["conflicts"]) == 1


def test_what_comes_again_asks_nothing_about_what_was_changed_in_between(cast: Cast) -> None:
    """The answer to the first phone was lost; the second one has seen what it brought."""
    document = shared()
    bring(cast, document, None)
    mine = answered(document, B02={"value": "600"})
    bring(cast, mine, 1, "answers.B02")
    bring(cast, answered(document, B02={"value": "650"}), 2, "answers.B02", who=COLLEAGUE)

    again = bring(cast, mine, 1, "answers.B02")

    assert (again["status"], again["version"]) == ("duplicate", 3)
    assert again["document"]["answers"]["B02"] == {"value": "650"}
    assert "conflicts" not in read(cast, document)


def test_what_comes_again_asks_nothing_that_somebody_has_decided(cast: Cast) -> None:
    document = shared()
    bring(cast, document, None)
    bring(cast, answered(document, B02={"value": "600"}), 1, "answers.B02")
    theirs = answered(document, B02={"value": "650"})
    asked = bring(cast, theirs, 1, "answers.B02", who=COLLEAGUE)
    mine = answered(document, B02={"value": "600"})
    bring(cast, mine, asked["version"], resolved=("answers.B02",))

    again = bring(cast, theirs, 1, "answers.B02", who=COLLEAGUE)

    assert again["status"] == "duplicate"
    assert again["document"]["answers"]["B02"] == {"value": "600"}
    assert "conflicts" not in read(cast, document)


def test_a_phone_goes_on_from_what_it_sent_although_the_answer_was_lost(cast: Cast) -> None:
    document = shared()
    bring(cast, document, None)

    for value in ("600", "650", "600"):
        told = bring(cast, answered(document, B02={"value": value}), 1, "answers.B02")
        assert told["status"] == "created"
        assert read(cast, document)["answers"]["B02"] == {"value": value}
    assert "conflicts" not in read(cast, document)


def test_a_draft_that_was_put_whole_is_merged_with_like_any_other(cast: Cast) -> None:
    document = shared()
    path = f"inspections/{document['id']}/"
    cast.ask(INSPECTOR, "PUT", path, document)
    put = answered(document, B02={"value": "600"})
    cast.ask(INSPECTOR, "PUT", path, put, **{"If-Match": '"1"'})

    told = bring(
        cast, answered(document, B02={"value": "650"}, A02={"value": "pass"}), 1,
        "answers.B02", "answers.A02", who=COLLEAGUE,
    )  # fmt: skip

    assert [conflict["path"] for conflict in told["conflicts"]] == ["answers.B02"]
    assert told["document"]["answers"]["A02"] == {"value": "pass"}


def test_numbers_are_compared_in_their_one_spelling(cast: Cast) -> None:
    document = shared()
    bring(cast, document, None)
    bring(cast, answered(document, B02={"value": "600,50"}), 1, "answers.B02")

    told = bring(cast, answered(document, B02={"value": "600.5"}), 1, "answers.B02", who=COLLEAGUE)

    assert told["status"] == "duplicate"


def test_after_the_submission_what_is_new_is_kept_aside(cast: Cast) -> None:
    document = visit(inspector=INSPECTOR)
    bring(cast, {**document, "signatures": []}, None)
    cast.ask(INSPECTOR, "POST", f"inspections/{document['id']}/submit/", document)

    echo = bring(cast, document, 1, "answers.B02")
    late = bring(cast, answered(document, B02={"value": "1"}), 1, "answers.B02")

    assert [told["status"] for told in (echo, late)] == ["invalid", "invalid"]
    assert {told["problem"]["code"] for told in (echo, late)} == {"illegal_move"}
    [kept] = RefusedSubmission.objects.all()
    assert kept.document["answers"]["B02"] == {"value": "1"}


def test_a_draft_of_others_looks_like_none(cast: Cast) -> None:
    document = {**shared(), "team": TEAM[:1]}
    bring(cast, document, None)

    told = bring(cast, {**document, "team": [{"role": "head", "username": COLLEAGUE}]}, None,
                 "team", who=COLLEAGUE)  # fmt: skip
    manager = bring(cast, shared(), None, who=MANAGER)

    assert told["problem"]["status"] == 404
    assert manager["problem"]["status"] == 403


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"document": {}, "version": 1},
        {"document": [], "version": 1, "changed": []},
        {"document": {}, "version": "1", "changed": []},
        {"document": {}, "version": -1, "changed": []},
        {"document": {}, "version": 1, "changed": "opinion"},
        {"document": {}, "version": 1, "changed": [7]},
        {"document": {}, "version": 1, "changed": [], "force": True},
        {"document": {}, "version": None, "changed": []},
    ],
)
def test_a_body_of_another_shape_is_malformed(cast: Cast, data: Any) -> None:
    item = {"op": "inspection.draft", "id": an_id(), "data": data}

    answer = cast.ask(INSPECTOR, "POST", "sync/push/", {"items": [item]})

    [told] = answer.json()["results"]
    assert (told["status"], told["problem"]["code"]) == ("invalid", "malformed")


def test_a_draft_without_its_place_or_team_breaks_a_rule(cast: Cast) -> None:
    told = bring(cast, shared(establishment="KHONG-CO"), None)

    assert (told["status"], told["problem"]["code"]) == ("invalid", "unknown_establishment")


def test_submitting_with_an_open_question_keeps_the_other_answer(cast: Cast) -> None:
    document = visit(inspector=INSPECTOR)
    team = [*document["team"], TEAM[1]] if TEAM[1] not in document["team"] else document["team"]
    document = {**document, "team": team}
    bring(cast, {**document, "signatures": []}, None)
    bring(cast, answered(document, B02={"value": "600"}), 1, "answers.B02")
    bring(cast, answered(document, B02={"value": "650"}), 1, "answers.B02", who=COLLEAGUE)

    answer = cast.ask(INSPECTOR, "POST", f"inspections/{document['id']}/submit/", document)

    assert answer.status_code == 201, answer.content
    assert Inspection.objects.get(pk=document["id"]).status == "submitted"
    assert DraftConflict.objects.get().value == {"value": "650"}
