"""Completeness of a submission, with codes and pointers of the contract: rules C1 to C8."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.checklists.definition import Checklist
from inspections.fieldwork.rules.completeness import check
from inspections.fieldwork.rules.result import evaluate
from tests.inspections.fieldwork.builders import (
    CHOICE,
    DAY,
    DOCUMENT,
    NUMBER,
    PHOTO,
    RATIO,
    all_passing,
    checklist,
    item,
    section,
    shipped,
)

PAPER = {"number": "1", "issuer": "UBND", "issued_on": "2026-01-10", "expires_on": "2027-01-10"}


def small() -> Checklist:
    return checklist(
        section(
            "A",
            [
                item("YES", photo="on_fail"),
                item("SHOW", photo="always"),
                item("NEED", na_allowed=False),
                item("NUM", answer=NUMBER),
                item("RAT", answer=RATIO, photo="always", na_allowed=False),
                item("DOC", answer=DOCUMENT, photo="always"),
                item("CHO", answer=CHOICE),
            ],
        ),
        section("J", [item("J/1", answer=NUMBER)], "stall"),
        section("L", [item("L1", photo="on_fail")], "stall", "seafood"),
        section("M", [item("M1")], "stall", "produce"),
    )


def broken(
    changes: dict[str, Any] | None = None, stalls: list[Any] | None = None
) -> list[tuple[str, str]]:
    """Pointers and codes where ``changes`` replace (None: remove) answers that all pass."""
    answers, _ = all_passing(small())
    answers = {k: v for k, v in {**answers, **(changes or {})}.items() if v is not None}
    return [(error.pointer, error.code) for error in check(small(), DAY, answers, stalls or [])]


def test_complete_answers_break_no_rule():
    checklist = small()
    assert check(checklist, DAY, *all_passing(checklist, "seafood", "produce")) == []


@pytest.mark.parametrize("name", ["market_food_safety", "supermarket_plastic"])
def test_the_shipped_checklists_can_be_answered(name):
    shipped_one = shipped(name)
    assert check(shipped_one, DAY, *all_passing(shipped_one, *shipped_one.commodities)) == []


NA = {"not_applicable": True, "note": "Không có"}


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        pytest.param("YES", None, [("", "missing_answer")], id="C1 no answer"),
        pytest.param("YES", {"note": "x"}, [("", "missing_answer")], id="C1 no value"),
        pytest.param("XXX", {"value": "pass"}, [("", "unknown_item")], id="C2 unknown"),
        pytest.param("L1", {"value": "pass"}, [("", "unknown_item")], id="C2 an item of stalls"),
        pytest.param("a~/b", {"value": "pass"}, [("", "unknown_item")], id="C2 escaped"),
        pytest.param("NUM", {"value": 620}, [("/value", "wrong_type")], id="C3 JSON number"),
        pytest.param("NUM", {"value": None}, [("/value", "wrong_type")], id="C3 null"),
        pytest.param("NUM", {"value": "-1"}, [("/value", "out_of_range")], id="C3 negative"),
        pytest.param("YES", {"value": "ok"}, [("/value", "wrong_type")], id="C3 no such word"),
        pytest.param("CHO", {"value": "ok"}, [("/value", "out_of_range")], id="C3 no such option"),
        pytest.param(
            "RAT",
            {"value": {"numerator": 3, "denominator": 2}, "photos": [PHOTO]},
            [("/value/numerator", "out_of_range")],
            id="C3 ratio above one",
        ),
        pytest.param(
            "DOC",
            {"value": {**PAPER, "expires_on": None}, "photos": [PHOTO]},
            [("/value/expires_on", "missing_field")],
            id="C3 expiry asked for",
        ),
        pytest.param(
            "NEED", NA, [("/not_applicable", "not_applicable_not_allowed")], id="C4 must apply"
        ),
        pytest.param(
            "YES", {**NA, "value": "pass"}, [("/value", "wrong_type")], id="C5 both at once"
        ),
        pytest.param("YES", {**NA, "value": None}, [], id="C5 null beside not applicable"),
        pytest.param(
            "YES", {"not_applicable": True}, [("/note", "note_required")], id="C6 na without note"
        ),
        pytest.param(
            "YES",
            {"not_applicable": True, "note": "  "},
            [("/note", "note_required")],
            id="C6 blank note",
        ),
        pytest.param(
            "YES",
            {"value": "fail", "photos": [PHOTO]},
            [("/note", "note_required")],
            id="C6 fail without note",
        ),
        pytest.param("DOC", {"value": None}, [("/note", "note_required")], id="C6 none shown"),
        pytest.param("NUM", {"value": "0.1"}, [], id="C6 a number speaks for itself"),
        pytest.param("CHO", {"value": "free"}, [], id="C6 so does a choice"),
        pytest.param(
            "YES",
            {"value": "fail", "note": "bẩn", "photos": []},
            [("/photos", "photo_required")],
            id="C7 on fail",
        ),
        pytest.param("YES", {"value": "pass"}, [], id="C7 not when it passes"),
        pytest.param("SHOW", {"value": "pass"}, [("/photos", "photo_required")], id="C7 always"),
        pytest.param("SHOW", NA, [], id="C7 not where it does not apply"),
        pytest.param(
            "DOC", {"value": None, "note": "Không có"}, [], id="C7 not of what was not shown"
        ),
        pytest.param(
            "RAT", {"value": {"numerator": 0, "denominator": 0}}, [], id="C7 O4 a ratio of nothing"
        ),
        pytest.param(
            "SHOW",
            {"value": "maybe"},
            [("/value", "wrong_type"), ("/photos", "photo_required")],
            id="C3 and C7 together",
        ),
        pytest.param(
            "YES",
            {"value": "fail"},
            [("/note", "note_required"), ("/photos", "photo_required")],
            id="C6 and C7 together",
        ),
    ],
)
def test_each_broken_rule_is_named_at_its_pointer(code, answer, expected):
    at = "/answers/" + code.replace("~", "~0").replace("/", "~1")
    assert broken({code: answer}) == [(at + path, error) for path, error in expected]


def test_every_broken_rule_stands_in_document_order():
    sheet = {"stall": "S1", "commodity": "seafood", "answers": {"ZZZ": {"value": "pass"}}}
    assert broken(
        {"CHO": None, "YES": None, "ZZZ": {"value": 1}, "NUM": {"value": 1}}, [sheet]
    ) == [
        ("/answers/YES", "missing_answer"),
        ("/answers/NUM/value", "wrong_type"),
        ("/answers/CHO", "missing_answer"),
        ("/answers/ZZZ", "unknown_item"),
        ("/stalls/0/answers/J~11", "missing_answer"),
        ("/stalls/0/answers/L1", "missing_answer"),
        ("/stalls/0/answers/ZZZ", "unknown_item"),
    ]


def test_a_stall_answers_the_common_sections_and_those_of_its_commodity_c2():
    sheets = [
        {"stall": "S1", "commodity": "produce", "answers": {"J/1": {"value": "1"}}},
        {
            "stall": "S2",
            "commodity": "produce",
            "answers": {c: {"value": "pass"} for c in ("L1", "M1")} | {"J/1": {"value": "0,75"}},
        },
        {
            "new": {"id": "S3", "number": "27", "commodity": "seafood"},
            "answers": {"J/1": {"value": "1"}, "L1": {"value": "fail", "note": "thiếu đá"}},
        },
    ]
    assert broken(stalls=sheets) == [
        ("/stalls/0/answers/M1", "missing_answer"),
        ("/stalls/1/answers/L1", "unknown_item"),
        ("/stalls/2/answers/L1/photos", "photo_required"),
    ]


def test_an_absent_stall_has_no_answers_c2():
    sheets = [
        {"stall": "S1", "absent": "Quầy nghỉ hôm nay"},
        {"stall": "S2", "absent": "Nghỉ", "commodity": "seafood", "answers": {"J/1": {}}},
    ]
    assert broken(stalls=sheets) == [("/stalls/1/answers/J~11", "unknown_item")]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ({"stall": "S1"}, ("/stalls/0/commodity", "missing_field")),
        ({"stall": "S1", "commodity": "fish"}, ("/stalls/0/commodity", "out_of_range")),
        ({"stall": "S1", "commodity": "all"}, ("/stalls/0/commodity", "out_of_range")),
        ({"new": {"id": "S1"}}, ("/stalls/0/new/commodity", "missing_field")),
        (
            {"new": {"id": "S1", "commodity": "fish"}},
            ("/stalls/0/new/commodity", "out_of_range"),
        ),
    ],
)
def test_the_commodity_says_which_items_are_asked_c8(sheet, expected):
    assert broken(stalls=[{**sheet, "answers": {}}]) == [expected]


def test_a_carried_answer_was_checked_when_it_was_given():
    assert broken({"YES": {"value": "fail", "carried": True}}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["numerator", "denominator", "number", "issuer", "issued_on", "x"]),
            inner,
        )
    ),
    max_leaves=5,
)
VALUE = JSON | st.sampled_from(["pass", "fail", "0,6", "none", "free"])


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_is_sent_is_named_or_can_be_scored(data):
    asked = small()
    answers, stalls = all_passing(asked, "seafood")
    changed = data.draw(st.sampled_from(sorted(answers)))
    answers[changed] = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "value": VALUE,
                "not_applicable": st.booleans(),
                "note": st.text(max_size=3),
                "photos": st.just([PHOTO]),
            },
        )
    )
    errors = check(asked, DAY, answers, stalls)
    assert all(error.pointer.startswith(f"/answers/{changed}") for error in errors)
    if not errors:
        assert evaluate(asked, DAY, answers, stalls).verdict in ("pass", "to_complete", "fail")
