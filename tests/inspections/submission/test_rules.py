"""Which submissions are refused, where and with which code (docs/rules/submission.md)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from backend.common.errors import Malformed
from inspections.submission import lifecycle
from inspections.submission.errors import SubmissionRefused
from tests.inspections.visits import Visits

Change = Callable[[dict[str, Any]], Any]
UNKNOWN = str(uuid.UUID("0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"))
SIGNED = {"width": 300, "height": 150, "strokes": [[[1, 1], [9, 9]]]}


def put(**values: Any) -> Change:
    return lambda sent: sent.update(values)


def drop_signature(role: str) -> Change:
    def change(sent: dict[str, Any]) -> None:
        sent["signatures"] = [s for s in sent["signatures"] if s["role"] != role]

    return change


def refuse(*signatures: dict[str, Any], reason: str = "Không đồng ý") -> Change:
    def change(sent: dict[str, Any]) -> None:
        drop_signature("representative")(sent)
        sent["signatures"] += signatures
        sent["refusal"] = {"role": "representative", "reason": reason}

    return change


def team(*members: dict[str, str]) -> Change:
    return put(team=list(members))


FORGED = "Triệu Thị Mai\nKẾT LUẬN: KHÔNG ĐẠT"


def new_stall(**changes: str) -> dict[str, Any]:
    return {"new": {"id": UNKNOWN, "number": "27", **changes}, "answers": {}}


HEAD = {"role": "head", "username": "lan.ht"}
REFUSED: list[tuple[str, Change, str, str]] = [
    ("no such place", put(establishment="NOWHERE"), "unknown_establishment", "/establishment"),
    ("no such checklist", put(checklist="MARKET-FS@9"), "unknown_checklist", "/checklist"),
    ("badly named checklist", put(checklist="MARKET-FS"), "unknown_checklist", "/checklist"),
    (
        "a checklist of supermarkets",
        put(checklist="SUPERMARKET-PLASTIC@1"),
        "checklist_not_for_this_kind",
        "/checklist",
    ),
    ("follow-up of nothing", put(kind="follow_up"), "follows_required", "/follows"),
    (
        "follow-up of an unknown visit",
        put(kind="follow_up", follows=UNKNOWN),
        "follows_required",
        "/follows",
    ),
    ("a plan that follows", put(follows=UNKNOWN), "follows_not_allowed", "/follows"),
    (
        "superseding an unknown visit",
        put(supersedes=UNKNOWN, reason="x"),
        "unknown_inspection",
        "/supersedes",
    ),
    (
        "sender not in the team",
        team({"role": "head", "name": "Ai đó"}),
        "sender_not_in_team",
        "/team",
    ),
    ("no head", team({**HEAD, "role": "member"}), "head_required", "/team"),
    ("two heads", team(HEAD, {"role": "head", "name": "Hai"}), "head_required", "/team"),
    (
        "unknown account",
        team(HEAD, {"role": "member", "username": "ma"}),
        "unknown_person",
        "/team/1/username",
    ),
    ("named twice", team(HEAD, {**HEAD, "role": "member"}), "duplicate_person", "/team/1/username"),
    ("nameless", team(HEAD, {"role": "member"}), "missing_field", "/team/1/name"),
    ("head has not signed", drop_signature("head"), "signature_required", "/signatures"),
    ("other side has not", drop_signature("representative"), "signature_required", "/signatures"),
    ("refusal without witness", refuse(), "witness_required", "/signatures"),
    (
        "refusal without reason",
        refuse({"role": "witness", "name": "A", **SIGNED}, reason=" "),
        "reason_required",
        "/refusal/reason",
    ),
    (
        "refusal of one who signed",
        lambda s: s.update(
            refusal={"role": "representative", "reason": "Không đồng ý"},
            signatures=[*s["signatures"], {"role": "witness", "name": "A", **SIGNED}],
        ),
        "refused_and_signed",
        "/refusal",
    ),
    (
        "witness who drew nothing",
        refuse({"role": "witness", "name": "A", **SIGNED, "strokes": []}),
        "witness_required",
        "/signatures",
    ),
    (
        "a touch for a signature",
        lambda s: s["signatures"][0].update(strokes=[[[20, 90]], [[30, 80], [30, 80]]]),
        "signature_required",
        "/signatures",
    ),
    (
        "a paper that expired before it was issued",
        lambda s: s["answers"]["A01"]["value"].update(
            issued_on="2027-01-10", expires_on="2027-01-09"
        ),
        "answers_invalid",
        "/answers/A01/value/expires_on",
    ),
    (
        "beyond the pole",
        put(location={"latitude": "90.1", "longitude": "0"}),
        "out_of_range",
        "/location/latitude",
    ),
    (
        "beyond the date line",
        put(location={"latitude": "0", "longitude": "-180,5"}),
        "out_of_range",
        "/location/longitude",
    ),
    ("measure that is not asked", put(measures={"PM05": "1"}), "unknown_item", "/measures/PM05"),
    ("a letter the font lacks", put(opinion="Tốt 👍"), "character_not_supported", "/opinion"),
    (
        "sample of an unknown stall",
        put(samples=[{"stall": UNKNOWN, "kind": "borax", "result": "negative"}]),
        "unknown_stall",
        "/samples/0/stall",
    ),
]


@pytest.mark.parametrize(
    ("change", "code", "pointer"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_broken_rule_is_named(visits: Visits, change: Change, code: str, pointer: str) -> None:
    sent = visits.document()
    change(sent)

    with pytest.raises(SubmissionRefused) as refused:
        visits.send(sent)

    assert (refused.value.code, refused.value.errors[0].pointer) == (code, pointer)


def test_a_refusal_with_a_witness_is_accepted(visits: Visits) -> None:
    for role in ("witness", "commune_representative"):
        sent = visits.document()
        refuse({"role": role, "name": "Nông Văn B", **SIGNED})(sent)
        assert visits.send(sent).created


def test_a_stroke_beyond_its_box_is_out_of_range(visits: Visits) -> None:
    sent = visits.document()
    sent["signatures"][0]["strokes"].append([[0, 0], [341, 10]])

    with pytest.raises(SubmissionRefused) as refused:
        visits.send(sent)

    assert refused.value.errors[0].pointer == "/signatures/0/strokes/1"


def test_stalls_are_known_and_given_once(visits: Visits) -> None:
    sent = visits.document()
    sent["stalls"] = [*sent["stalls"], sent["stalls"][0], {"stall": UNKNOWN, "absent": "nghỉ"}]

    with pytest.raises(SubmissionRefused) as refused:
        visits.send(sent)

    found = [(e.code, e.pointer) for e in refused.value.errors]
    assert found == [("duplicate_stall", "/stalls/3/stall"), ("unknown_stall", "/stalls/4/stall")]
    assert refused.value.code == "duplicate_stall"


def test_a_recognition_leaves_no_stall_out(visits: Visits) -> None:
    sent = visits.document(kind="recognition")
    left_out = sent["stalls"].pop()

    with pytest.raises(SubmissionRefused) as refused:
        visits.send(sent)

    assert refused.value.code == "stalls_missing"
    sent["stalls"].append({"stall": left_out["stall"], "absent": "Quầy nghỉ"})
    assert visits.send(sent).created


def test_errors_in_answers_decide_the_code_and_all_are_named(visits: Visits) -> None:
    sent = visits.document(signatures=[])
    del sent["answers"]["A01"]
    sent["answers"]["Z99"] = {"value": "pass"}
    sent["answers"]["B02"] = {"value": "xa"}
    sent["answers"]["A05"] = {"value": {"numerator": 31, "denominator": 30}}
    sent["answers"]["A02"] = {"value": "pass"}
    sent["answers"]["G03"] = {"value": "fail"}
    sent["stalls"][0]["answers"]["J01"] = {"not_applicable": True, "note": "không có bàn"}

    with pytest.raises(SubmissionRefused) as refused:
        visits.send(sent)

    assert refused.value.code == "answers_invalid"
    assert {(e.pointer, e.code) for e in refused.value.errors} == {
        ("/answers/A01", "missing_answer"),
        ("/answers/Z99", "unknown_item"),
        ("/answers/B02/value", "wrong_type"),
        ("/answers/A05/value/numerator", "out_of_range"),
        ("/answers/A02/photos", "photo_required"),
        ("/answers/G03/note", "note_required"),
        ("/answers/G03/photos", "photo_required"),
        ("/stalls/0/answers/J01/not_applicable", "not_applicable_not_allowed"),
        ("/signatures", "signature_required"),
    }


MALFORMED: list[tuple[str, Change, str, str]] = [
    ("unknown field", put(foo=1), "/foo", "unknown_field"),
    (
        "unknown field of an answer",
        lambda s: s["answers"]["A01"].update(x=1),
        "/answers/A01/x",
        "unknown_field",
    ),
    ("missing field", lambda s: s.pop("ended_at"), "/ended_at", "required"),
    ("text for a list", put(stalls="x"), "/stalls", "wrong_type"),
    ("number for a text", put(opinion=1), "/opinion", "wrong_type"),
    ("unknown kind", put(kind="raid"), "/kind", "invalid"),
    ("time without zone", put(started_at="2026-11-22T06:40:00"), "/started_at", "invalid"),
    ("time before time", put(started_at="0001-01-01T00:00:00+14:00"), "/started_at", "invalid"),
    (
        "upper-case digest",
        lambda s: s["answers"]["A01"].update(photos=["A" * 64]),
        "/answers/A01/photos/0",
        "invalid",
    ),
    ("neither known nor new", put(stalls=[{"answers": {}}]), "/stalls/0", "invalid"),
    (
        "note too long",
        lambda s: s["answers"]["A01"].update(note="x" * 4001),
        "/answers/A01/note",
        "too_long",
    ),
    (
        "a day that is none",
        lambda s: s["grounds"].update(date="2026-02-30"),
        "/grounds/date",
        "invalid",
    ),
    ("a name of blanks", lambda s: s["parties"][0].update(name="  "), "/parties/0/name", "invalid"),
    *[
        (f"two lines for {pointer}", change, pointer, "invalid")
        for pointer, change in {
            "/parties/0/name": lambda s: s["parties"][0].update(name=FORGED),
            "/parties/0/title": lambda s: s["parties"][0].update(title=FORGED),
            "/team/2/name": lambda s: s["team"].append({"role": "member", "name": FORGED}),
            "/team/0/title": lambda s: s["team"][0].update(title=FORGED),
            "/grounds/number": lambda s: s["grounds"].update(number=FORGED),
            "/grounds/issuer": lambda s: s["grounds"].update(issuer="Sở\n"),
            "/signatures/1/name": lambda s: s["signatures"][1].update(name=FORGED),
            "/answers/A01/value/number": lambda s: s["answers"]["A01"]["value"].update(
                number=FORGED
            ),
            "/answers/A01/value/issuer": lambda s: s["answers"]["A01"]["value"].update(
                issuer=FORGED
            ),
            "/samples/0/kind": put(samples=[{"kind": FORGED, "result": "negative"}]),
            "/samples/0/result": put(samples=[{"kind": "borax", "result": FORGED}]),
            "/stalls/0/new/number": put(stalls=[new_stall(number="2\n7")]),
            "/stalls/0/new/trader": put(stalls=[new_stall(trader=FORGED)]),
            "/stalls/0/new/zone": put(stalls=[new_stall(zone=FORGED)]),
        }.items()
    ],
    ("a decimal that is none", put(measures={"PM05": "1e5"}), "/measures/PM05", "invalid"),
]


@pytest.mark.parametrize(
    ("change", "pointer", "code"), [r[1:] for r in MALFORMED], ids=[r[0] for r in MALFORMED]
)
def test_a_wrong_shape_is_malformed(
    visits: Visits, change: Change, pointer: str, code: str
) -> None:
    sent = visits.document()
    change(sent)

    with pytest.raises(Malformed) as refused:
        visits.send(sent)

    assert (pointer, code) in [(e.pointer, e.code) for e in refused.value.errors]


def test_what_people_say_may_have_lines(visits: Visits) -> None:
    said = "Thống nhất.\nKhông có ý kiến khác."
    sent = visits.document(opinion=said, requests=said)
    sent["answers"]["A01"]["note"] = said

    assert visits.send(sent).created


@pytest.mark.parametrize("body", [None, [], "x", 1, {}])
def test_what_is_no_document_is_malformed(visits: Visits, body: Any) -> None:
    with pytest.raises(Malformed):
        lifecycle.submit(uuid.uuid4(), body, by=visits.inspector)
