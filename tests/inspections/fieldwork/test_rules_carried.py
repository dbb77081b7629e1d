"""Follow-up visits: rules K1 to K4."""

from datetime import date
from typing import Any

from inspections.fieldwork.rules.carried import Merged, merge
from inspections.fieldwork.rules.completeness import check
from inspections.fieldwork.rules.result import evaluate
from tests.inspections.fieldwork.builders import DAY, answers, checklist, item, section, stall

ASKED = checklist(
    section("A", [item("A1", "critical"), item("B1"), item("B2")]),
    section("J", [item("J1", "critical"), item("J2"), item("J3")], "stall"),
    section("L", [item("L1")], "stall", "seafood"),
)
FIRST = (
    answers({"A1": "pass", "B1": "fail", "B2": "pass"}),
    [
        stall("S1", "produce", {"J1": "pass", "J2": "fail", "J3": "pass"}),
        stall("S2", "produce", {"J1": "pass", "J2": "pass", "J3": "na"}),
    ],
)
OPEN = {("B1", None), ("J2", "S1")}


def follow_up(own: dict[str, str], *sheets: dict[str, Any], first: Any = FIRST) -> Merged:
    return merge(ASKED, DAY, first, (answers(own), sheets), OPEN)


def errors(merged: Merged) -> list[tuple[str, str]]:
    found = merged.errors + check(ASKED, DAY, merged.answers, merged.stalls)
    return [(error.pointer, error.code) for error in found]


def test_open_findings_and_critical_items_are_enough_k1_k2():
    merged = follow_up(
        {"A1": "pass", "B1": "pass"}, stall("S1", "produce", {"J1": "pass", "J2": "pass"})
    )
    assert errors(merged) == []
    assert merged.answers["B2"] == {"value": "pass", "carried": True}
    assert "carried" not in merged.answers["B1"]
    assert [sheet["stall"] for sheet in merged.stalls] == ["S1", "S2"]
    assert merged.stalls[0]["answers"]["J3"]["carried"]
    assert all(answer["carried"] for answer in merged.stalls[1]["answers"].values())


def test_the_verdict_covers_the_merged_set():
    merged = follow_up(
        {"A1": "pass", "B1": "pass"}, stall("S1", "produce", {"J1": "pass", "J2": "fail"})
    )
    result = evaluate(ASKED, DAY, merged.answers, merged.stalls)
    assert result.level_a == (2, 2)
    assert result.level_b == (3, 4)  # B1, B2 and J3 of S1 pass, J2 fails, L1 is na
    assert [(f.item.code, f.stall, f.carried) for f in result.findings] == [("J2", "S1", False)]


def test_what_must_be_answered_and_is_not_is_named_k1():
    merged = follow_up({"B1": "pass"}, stall("S1", "produce", {"J3": "pass"}))
    assert errors(merged) == [
        ("/answers/A1", "missing_answer"),
        ("/stalls/0/answers/J1", "missing_answer"),
        ("/stalls/0/answers/J2", "missing_answer"),
    ]


def test_critical_items_of_stalls_that_are_not_visited_carry_over_k1():
    merged = follow_up(
        {"A1": "pass", "B1": "pass"}, stall("S1", "produce", {"J1": "pass", "J2": "pass"})
    )
    assert merged.stalls[1]["carried"]
    assert merged.stalls[1]["answers"]["J1"] == {"value": "pass", "carried": True}


def test_a_stall_with_an_open_finding_must_be_visited_k3():
    merged = follow_up({"A1": "pass", "B1": "pass"})
    assert errors(merged) == [("/stalls", "missing_answer")]


def test_a_closed_stall_keeps_what_was_found_before_k3_k4():
    merged = follow_up({"A1": "pass", "B1": "pass"}, {"stall": "S1", "absent": "Nghỉ"})
    assert errors(merged) == []
    sheet = merged.stalls[0]
    assert (sheet["stall"], sheet["carried"], sheet["absent_now"]) == ("S1", True, "Nghỉ")
    findings = evaluate(ASKED, DAY, merged.answers, merged.stalls).findings
    assert [(f.item.code, f.stall, f.carried) for f in findings] == [("J2", "S1", True)]


def test_a_stall_absent_before_or_new_now_is_answered_whole():
    first = (FIRST[0], [FIRST[1][0], {"stall": "S2", "absent": "Nghỉ"}])
    merged = follow_up(
        {"A1": "pass", "B1": "pass"},
        stall("S1", "produce", {"J1": "pass", "J2": "pass"}),
        stall("S2", "produce", {"J1": "pass", "J2": "pass"}),
        {"new": {"id": "S9", "commodity": "produce"}, "answers": answers({"J1": "pass"})},
        first=first,
    )
    assert errors(merged) == [
        ("/stalls/1/answers/J3", "missing_answer"),
        ("/stalls/2/answers/J2", "missing_answer"),
        ("/stalls/2/answers/J3", "missing_answer"),
    ]


def test_a_changed_commodity_asks_for_its_own_items():
    merged = follow_up(
        {"A1": "pass", "B1": "pass"}, stall("S1", "seafood", {"J1": "pass", "J2": "pass"})
    )
    assert errors(merged) == [("/stalls/0/answers/L1", "missing_answer")]


def test_an_item_is_critical_by_the_day_of_the_follow_up_k1():
    asked = checklist(section("A", [item("A1", "critical", mandatory_from="2026-12-01")]))
    first: tuple[dict[str, Any], list[Any]] = (answers({"A1": "pass"}), [])
    before = merge(asked, date(2026, 11, 30), first, ({}, []), set())
    since = merge(asked, date(2026, 12, 1), first, ({}, []), set())
    assert before.answers["A1"]["carried"]
    assert since.answers == {}


def test_merging_changes_neither_visit():
    given_answers = answers({"A1": "pass", "B1": "pass"})
    before = repr((FIRST, given_answers))
    merge(ASKED, DAY, FIRST, (given_answers, []), OPEN)
    assert repr((FIRST, given_answers)) == before


def test_an_item_that_is_asked_otherwise_now_is_not_carried_k5():
    asked = checklist(
        section("A", [item("A1", "critical"), item("B1", answer={"type": "document"})]),
        section("J", [item("J1", "critical"), item("J2", answer={"type": "document"})], "stall"),
    )
    first: tuple[dict[str, Any], list[Any]] = (
        answers({"A1": "pass", "B1": "pass"}),
        [stall("S1", "produce", {"J1": "pass", "J2": "pass"})],
    )

    merged = merge(asked, DAY, first, (answers({"A1": "pass"}), []), set())

    assert "B1" not in merged.answers
    assert [(e.pointer, e.code) for e in merged.errors] == [("/stalls", "missing_answer")]
