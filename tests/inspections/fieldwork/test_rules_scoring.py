"""Points, roll-up and the assembled result: rules S1 to S4, N1, R1 to R3."""

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.fieldwork.rules.result import Result, evaluate
from inspections.fieldwork.rules.scoring import Count, score, tally
from tests.inspections.fieldwork.builders import (
    DAY,
    PHOTO,
    all_passing,
    answers,
    checklist,
    item,
    section,
    shipped,
    stall,
)


def test_score_has_two_decimals_half_up_s4():
    assert score(1, 3) == "33.33"
    assert score(2, 3) == "66.67"
    assert score(1, 32) == "3.13"  # 3.125
    assert score(5, 5) == "100.00"
    assert score(0, 5) == "0.00"
    assert score(173, 200) == "86.50"


def test_score_is_null_with_nothing_applicable_s4():
    assert score(0, 0) is None


@given(st.integers(1, 3000), st.integers(0, 3000))
def test_score_rounds_the_exact_share_s4(possible, points):
    points = min(points, possible)
    exact = Fraction(100 * points, possible)
    # 30 digits are enough to tell on which side of a half any of these shares lies
    wanted = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    assert score(points, possible) == str(wanted)


def test_what_is_not_applicable_is_in_neither_number_s1():
    asked = checklist(section("A", [item("A1", "critical"), item("A2"), item("A3", "minor")]))
    a1, a2, a3 = asked.establishment_items
    counts = tally([(a1, "na"), (a2, "pass"), (a3, "fail")])
    assert counts.level_a == Count(0, 0)
    assert counts.level_b == Count(1, 2)
    assert (counts.points, counts.points_possible) == (2, 3)


def stalls_of_j1(*outcomes: str) -> Result:
    asked = checklist(
        section("A", [item("A1")]),
        section("J", [item("J1", "critical")], "stall"),
        section("L", [item("L1")], "stall", "seafood"),
    )
    sheets = [stall(f"S{n}", "produce", {"J1": outcome}) for n, outcome in enumerate(outcomes)]
    return evaluate(asked, DAY, answers({"A1": "pass"}), sheets)


@pytest.mark.parametrize(
    ("outcomes", "market", "failures"),
    [
        ((), "na", ()),
        (("na", "na"), "na", ()),
        (("pass", "na"), "pass", ()),
        (("pass", "pass"), "pass", ()),
        (("pass", "fail", "na"), "fail", ("S1",)),
        (("fail", "pass", "fail"), "fail", ("S0", "S2")),
    ],
)
def test_a_stall_item_passes_when_it_passes_wherever_it_applies_s3(outcomes, market, failures):
    result = stalls_of_j1(*outcomes)
    criterion = next(c for c in result.criteria if c.item.code == "J1")
    assert (criterion.outcome, criterion.failures) == (market, failures)
    assert result.outcomes["L1"] == "na"  # no seafood stall was there


def test_a_stall_item_counts_once_for_the_market_s3():
    result = stalls_of_j1("pass", "pass", "pass")
    assert result.level_a == Count(1, 1)
    assert result.tally.points_possible == 3 + 2


def test_a_failing_stall_blocks_the_market_and_is_named_s3_r2():
    asked = shipped("market_food_safety")
    own, sheets = all_passing(asked, "seafood", "produce", "produce")
    sheets[1]["answers"]["J02"] = {"value": "fail", "note": "Thớt mốc", "photos": [PHOTO]}

    result = evaluate(asked, DAY, own, sheets)

    assert result.verdict == "fail"
    assert [s.verdict for s in result.stalls] == ["pass", "fail", "pass"]
    j02 = next(c for c in result.as_json()["criteria"] if c["item"] == "J02")
    assert j02["failures"] == ["S2"]
    sentences = [t.vi for t in result.explanation({"S2": "27"}.__getitem__)]
    assert "Tiêu chí J02 (mức A) không đạt tại quầy 27." in sentences
    assert result.fixes["pass"] == [("J02", "S2")]


def test_an_absent_stall_is_listed_and_counts_for_nothing():
    asked = checklist(section("J", [item("J1")], "stall"))
    result = evaluate(asked, DAY, {}, [{"stall": "S1", "absent": "Quầy nghỉ hôm nay"}])
    assert result.as_json()["stalls"] == [
        {
            "stall": "S1",
            "verdict": None,
            "level_a": {"passed": 0, "applicable": 0},
            "level_b": {"passed": 0, "applicable": 0},
            "criteria": [],
        }
    ]
    assert result.outcomes == {"J1": "na"}


def test_all_not_applicable_passes_without_a_score_and_says_so_v2():
    asked = checklist(section("A", [item("A1", "critical"), item("B1")]))
    result = evaluate(asked, DAY, answers({"A1": "na", "B1": "na"}), [])
    assert (result.verdict, result.score) == ("pass", None)
    assert result.verdict_by_rule_set == {"TCVN_AB": "pass", "POINTS100": None}
    assert [t.en for t in result.explanation()] == [
        "No level-A criterion is applicable; the condition on level A counts as met.",
        "No level-B criterion is applicable; the condition on level B counts as met.",
    ]


def test_points_explain_themselves_r2():
    asked = checklist(section("A", [item("A1", "critical"), item("B1")]), rule_set="POINTS100")
    failed = evaluate(asked, DAY, answers({"A1": "fail", "B1": "pass"}), [])
    nothing = evaluate(asked, DAY, answers({"A1": "na", "B1": "na"}), [])
    assert [t.vi for t in failed.explanation()] == [
        "Đạt 2/5 điểm.",
        "Đạt khi từ 80 %; chờ hoàn thiện từ 60 %.",
        "Tiêu chí A1 (mức A) không đạt.",
    ]
    assert [t.en for t in nothing.explanation()] == [
        "No criterion is applicable, so there is no verdict."
    ]


def test_before_mandatory_from_an_item_is_minor_throughout_r1():
    asked = checklist(
        section("A", [item("A1", "critical", mandatory_from="2026-01-01"), item("B1", "minor")])
    )
    given_answers = answers({"A1": "fail", "B1": "pass"})

    before = evaluate(asked, date(2025, 12, 31), given_answers, [])
    since = evaluate(asked, date(2026, 1, 1), given_answers, [])

    assert (before.level_a, before.level_b) == (Count(0, 0), Count(1, 2))
    assert (since.level_a, since.level_b) == (Count(0, 1), Count(1, 1))
    assert (before.score, since.score) == ("50.00", "25.00")
    assert (before.verdict, since.verdict) == ("to_complete", "fail")
    early, late = before.findings[0], since.findings[0]
    assert (early.item.severity, early.points_lost) == ("minor", 1)
    assert (late.item.severity, late.points_lost) == ("critical", 3)


def test_the_shipped_supermarket_checklist_turns_stricter_in_2026_r1():
    asked = shipped("supermarket_plastic")
    own, _ = all_passing(asked)
    own["S201"] = {"value": "fail", "note": "Còn phát túi", "photos": [PHOTO]}
    own["S203"]["value"]["expires_on"] = "2026-06-30"
    assert evaluate(asked, date(2025, 12, 31), own, []).verdict == "pass"
    assert evaluate(asked, date(2026, 1, 1), own, []).verdict == "fail"


def test_each_failed_item_is_a_finding_on_its_sheet_n1():
    refs = [
        {"text": "TCVN 11856:2017, 4.2", "status": "verified"},
        {"text": "Ngưỡng: đề xuất", "status": "proposal"},
        {"text": "Nghị định 15/2018/NĐ-CP", "status": "secondary"},
    ]
    asked = checklist(
        section("A", [item("A1", refs=refs), item("A2")]),
        section("J", [item("J1", "critical")], "stall"),
    )
    own = answers({"A1": "fail", "A2": "pass"})
    own["A1"] |= {"photos": [PHOTO], "corrected_on_site": True}
    sheets = [stall("S1", "produce", {"J1": "fail"}), stall("S2", "produce", {"J1": "fail"})]

    findings = evaluate(asked, DAY, own, sheets).as_json()["findings"]

    assert findings == [
        {
            "item": "A1",
            "stall": None,
            "severity": "major",
            "corrected_on_site": True,
            "points_lost": 2,
            "reference": "TCVN 11856:2017, 4.2; Nghị định 15/2018/NĐ-CP",
            "photos": [PHOTO],
        },
        *(
            {
                "item": "J1",
                "stall": name,
                "severity": "critical",
                "corrected_on_site": False,
                "points_lost": 3,
                "reference": None,
                "photos": [],
            }
            for name in ("S1", "S2")
        ),
    ]


def test_the_result_shows_every_step_r3():
    asked = checklist(
        section("A", [item("A1", "critical"), item("A2", "minor")]),
        section("J", [item("J1")], "stall"),
    )
    sheets = [stall("S1", "produce", {"J1": "fail"})]
    result = evaluate(asked, DAY, answers({"A1": "pass", "A2": "na"}), sheets)
    shown = result.as_json(lambda _: {"id": "F1", "due_date": "2026-12-07"})

    assert shown == {
        "verdict": "fail",
        "score": "60.00",
        "rule_set": "TCVN_AB",
        "verdict_by_rule_set": {"TCVN_AB": "fail", "POINTS100": "to_complete"},
        "level_a": {"passed": 1, "applicable": 1},
        "level_b": {"passed": 0, "applicable": 1},
        "sections": [
            {
                "code": "A",
                "title": {"vi": "Phần A", "en": "Part A"},
                "passed": 1,
                "applicable": 1,
                "points": 3,
                "points_possible": 3,
            },
            {
                "code": "J",
                "title": {"vi": "Phần J", "en": "Part J"},
                "passed": 0,
                "applicable": 1,
                "points": 0,
                "points_possible": 2,
            },
        ],
        "criteria": [
            _row("A1", "pass", "A", "critical", 3, failures=[]),
            _row("A2", "na", "B", "minor", 1, failures=[]),
            _row("J1", "fail", "B", "major", 2, failures=["S1"]),
        ],
        "stalls": [
            {
                "stall": "S1",
                "verdict": "fail",
                "level_a": {"passed": 0, "applicable": 0},
                "level_b": {"passed": 0, "applicable": 1},
                "criteria": [_row("J1", "fail", "B", "major", 2)],
            }
        ],
        "findings": [
            {
                "id": "F1",
                "item": "J1",
                "stall": "S1",
                "severity": "major",
                "due_date": "2026-12-07",
                "corrected_on_site": False,
                "points_lost": 2,
                "reference": None,
                "photos": [],
            }
        ],
        "fixes": {
            "to_complete": [{"item": "J1", "stall": "S1"}],
            "pass": [{"item": "J1", "stall": "S1"}],
        },
        "explanation": [
            {
                "vi": "Mức A: đạt 1/1 tiêu chí áp dụng.",
                "en": "Level A: 1 of 1 applicable criteria pass.",
            },
            {
                "vi": "Mức B: đạt 0/1 tiêu chí áp dụng.",
                "en": "Level B: 0 of 1 applicable criteria pass.",
            },
            {
                "vi": "Đạt khi trên 60 %; chờ hoàn thiện từ 40 %.",
                "en": "Pass above 60 %; to complete from 40 %.",
            },
        ],
    }
    assert json.loads(json.dumps(shown)) == shown


def _row(item: str, outcome: str, level: str, severity: str, points: int, **more):
    row = {"item": item, "outcome": outcome, "level": level, "severity": severity}
    return {**row, "points": points, **more}


def test_the_same_answers_give_the_same_result():
    asked = shipped("market_food_safety")
    given_answers = all_passing(asked, *asked.commodities)
    first, second = (evaluate(asked, DAY, *given_answers).as_json() for _ in range(2))
    assert first == second
    assert first["score"] == "100.00"


def test_incomplete_answers_are_not_scored():
    asked = checklist(section("A", [item("A1"), item("A2")]))
    with pytest.raises(KeyError):
        evaluate(asked, DAY, answers({"A1": "pass"}), [])
    with pytest.raises(ValueError, match="A2: wrong_type"):
        evaluate(asked, DAY, {**answers({"A1": "pass"}), "A2": {"value": 1}}, [])
