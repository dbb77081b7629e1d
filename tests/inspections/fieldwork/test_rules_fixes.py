"""The smallest fixes, against trying every set of findings: rules F1 to F4."""

import time
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.checklists.definition import Checklist
from inspections.fieldwork.rules.fixes import Fix, smallest
from inspections.fieldwork.rules.result import Result, evaluate
from inspections.fieldwork.rules.verdict import Verdict, is_at_least
from tests.inspections.fieldwork.builders import (
    DAY,
    all_passing,
    answers,
    checklist,
    item,
    section,
    shipped,
    stall,
)

Case = tuple[Checklist, dict[str, Any], list[dict[str, Any]]]
OUTCOME = st.sampled_from(["pass", "fail", "fail", "na"])
SEVERITY = st.sampled_from(["critical", "major", "major", "minor"])


def asked_item(draw: st.DrawFn, code: str) -> dict[str, Any]:
    """A checklist may give an item another level and other points than its severity has."""
    points, level = draw(st.integers(1, 5)), draw(st.sampled_from("ABB"))
    return item(code, draw(SEVERITY), points=points, level=level)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rule_set = draw(st.sampled_from(["TCVN_AB", "POINTS100"]))
    own = [asked_item(draw, f"A{n}") for n in range(draw(st.integers(1, 6)))]
    of_stalls = [asked_item(draw, f"J{n}") for n in range(draw(st.integers(0, 2)))]
    sections = [section("A", own)]
    if of_stalls:
        sections.append(section("J", of_stalls, "stall"))
    stalls = [
        stall(f"S{n}", "seafood", {i["code"]: draw(OUTCOME) for i in of_stalls})
        for n in range(draw(st.integers(0, 3)))
    ]
    given_answers = answers({i["code"]: draw(OUTCOME) for i in own})
    return checklist(*sections, rule_set=rule_set), given_answers, stalls


def put_right(case: Case, fixes: list[Fix]) -> Result:
    """The result with these findings put right."""
    asked, own, stalls = case
    for_stall = {sheet["stall"]: {**sheet, "answers": dict(sheet["answers"])} for sheet in stalls}
    fixed = dict(own)
    for fix in fixes:
        target = fixed if fix.stall is None else for_stall[fix.stall]["answers"]
        assert target[fix.item]["value"] == "fail", "a fix is a finding"
        target[fix.item] = {"value": "pass"}
    return evaluate(asked, DAY, fixed, list(for_stall.values()))


def smallest_by_trying(case: Case, target: Verdict) -> int | None:
    findings = [Fix(f.item.code, f.stall) for f in evaluate(case[0], DAY, *case[1:]).findings]
    for size in range(len(findings) + 1):
        for chosen in combinations(findings, size):
            if is_at_least(put_right(case, list(chosen)).verdict, target):
                return size
    return None


@pytest.mark.parametrize("target", ["to_complete", "pass"])
@settings(max_examples=300, deadline=None)
@given(cases())
def test_as_small_as_any_set_that_reaches_the_verdict_f2_f3(target, case):
    chosen = evaluate(case[0], DAY, *case[1:]).fixes[target]
    size = smallest_by_trying(case, target)
    if size is None:
        assert chosen is None
    else:
        assert chosen is not None
        assert len(chosen) == len(set(chosen)) == size
        assert is_at_least(put_right(case, chosen).verdict, target)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_the_same_set_each_time_f4(case):
    first, second = (evaluate(case[0], DAY, *case[1:]).fixes for _ in range(2))
    assert first == second


def market(**outcomes: str) -> Case:
    codes = {"A1": "critical", "B1": "major", "B2": "major", "B3": "minor", "B4": "minor"}
    asked = checklist(section("A", [item(code, severity) for code, severity in codes.items()]))
    return asked, answers({**dict.fromkeys(codes, "pass"), **outcomes}), []


def test_nothing_is_to_be_put_right_where_the_verdict_is_there_f4():
    assert evaluate(*_with_day(market())).fixes == {"to_complete": [], "pass": []}


def test_no_fix_helps_where_nothing_is_applicable_f4():
    asked = checklist(section("A", [item("A1")]), rule_set="POINTS100")
    result = evaluate(asked, DAY, answers({"A1": "na"}), [])
    assert result.verdict is None
    assert result.fixes == {"to_complete": None, "pass": None}


def test_every_failed_a_and_as_many_b_as_are_lacking_f2():
    case = market(A1="fail", B1="fail", B2="fail", B3="fail")  # B: 1 of 4
    fixes = evaluate(*_with_day(case)).fixes
    assert fixes["to_complete"] == [Fix("A1", None), Fix("B1", None)]
    assert fixes["pass"] == [Fix("A1", None), Fix("B1", None), Fix("B2", None)]


def test_a_criterion_that_fails_at_few_stalls_comes_first_f1():
    asked = checklist(
        section("J", [item(code) for code in ("J1", "J2")], "stall"),
        rule_set="TCVN_AB",
    )
    sheets = [
        stall("S1", "produce", {"J1": "fail", "J2": "pass"}),
        stall("S2", "produce", {"J1": "fail", "J2": "fail"}),
    ]
    fixes = evaluate(asked, DAY, {}, sheets).fixes
    assert fixes["to_complete"] == [Fix("J2", "S2")]  # 1 of 2 is 50 %
    assert fixes["pass"] == [Fix("J1", "S1"), Fix("J1", "S2"), Fix("J2", "S2")]


@pytest.mark.parametrize("rule_set", ["TCVN_AB", "POINTS100"])
def test_a_whole_market_is_answered_at_once_f2_f3(rule_set):
    """70 items and 200 stalls, every pass_fail item failed everywhere."""
    asked = shipped("market_food_safety")
    own, sheets = all_passing(asked, *[*asked.commodities] * 40)
    for given_answers in (own, *(sheet["answers"] for sheet in sheets)):
        for code in given_answers:
            if asked.items[code].answer.type == "pass_fail":
                given_answers[code] = {"value": "fail", "note": "x"}
    result = evaluate(asked, DAY, own, sheets)

    start = time.process_time()
    chosen = smallest(asked.rule_sets[rule_set], result.criteria, result.tally, "pass")
    seconds = time.process_time() - start

    assert chosen
    assert len(set(chosen)) == len(chosen)
    assert seconds < 0.2


def _with_day(case: Case) -> tuple[Any, ...]:
    asked, own, stalls = case
    return asked, DAY, own, stalls
