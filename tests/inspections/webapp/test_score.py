"""The score on the phone is the server's, for any visit of either checklist."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from inspections.checklists.definition import AnswerSpec, Checklist, Item, parse
from inspections.checklists.lifecycle import read
from inspections.fieldwork.rules.outcome import judge
from inspections.fieldwork.rules.result import evaluate
from tests.inspections.webapp.lab import Lab, library

CHECKLISTS = ("market_food_safety", "supermarket_plastic")
# Before and after the days from which items of the second one are mandatory.
DAYS = ("2024-05-05", "2025-12-31", "2026-11-22", "2031-01-01")
VISITS = 300


def content(name: str, rule_set: str = "") -> dict[str, Any]:
    found = read(library(name).read_text(encoding="utf-8"))
    return {**found, "rule_set": rule_set or found["rule_set"]}


def value(spec: AnswerSpec, luck: random.Random, day: str, pass_rate: float) -> Any:
    passes = luck.random() < pass_rate
    if spec.type == "number":
        away = luck.choice(["0", "0.01", "1", "12,5", "000.10"])
        exact = str(spec.threshold)
        beyond = str(spec.threshold + (1 if spec.op in (">=", ">") else -1))
        better = beyond if spec.minimum is None or spec.threshold > spec.minimum else exact
        return luck.choice([exact, better]) if passes else away
    if spec.type == "ratio":
        whole = luck.choice([0, 1, 3, 5, 30, 997])
        return {"numerator": whole if passes else luck.randint(0, whole), "denominator": whole}
    if spec.type == "document":
        if not passes:
            return None
        shown = {"number": "1", "issuer": "UBND xã", "issued_on": "2020-02-29"}
        expiry = luck.choice([day, "2019-12-31", "2032-01-01", None])
        return {**shown, "expires_on": expiry or "2040-01-01"} if spec.expires else shown
    if spec.type == "choice":
        return luck.choice(spec.options)
    return "pass" if passes else "fail"


def answers(items: Any, luck: random.Random, day: str, pass_rate: float) -> dict[str, Any]:
    given: dict[str, Any] = {}
    is_strict = luck.random() < 0.7
    for item in items:
        if item.na_allowed and luck.random() < 0.15:
            given[item.code] = {"not_applicable": True, "note": "Không có"}
        else:
            rate = 1 if is_strict and item.severity == "critical" else pass_rate
            given[item.code] = {"value": value(item.answer, luck, day, rate)}
        if luck.random() < 0.1:
            given[item.code] |= {"corrected_on_site": True, "photos": ["a" * 64]}
    return given


def visit(checklist: Checklist, seed: int) -> dict[str, Any]:
    luck = random.Random(seed)  # noqa: S311 (made-up visits, no secret)
    day = luck.choice(DAYS)
    pass_rate = luck.choice([0.3, 0.6, 0.9, 0.97, 1])
    stalls = []
    for number in range(luck.randint(0, 6) if checklist.commodities else 0):
        commodity = luck.choice(sorted(checklist.commodities))
        named: dict[str, Any] = luck.choice(
            [
                {"stall": f"s{number}", "commodity": commodity},
                {"new": {"id": f"n{number}", "number": "1", "commodity": commodity}},
            ]
        )
        if luck.random() < 0.2:
            stalls.append({**named, "absent": "Nghỉ"})
        else:
            items = checklist.stall_items(commodity)
            stalls.append({**named, "answers": answers(items, luck, day, pass_rate)})
    return {
        "day": day,
        "answers": answers(checklist.establishment_items, luck, day, pass_rate),
        "stalls": stalls,
    }


def on_server(checklist: Checklist, visit: dict[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat(visit["day"])
    result = evaluate(checklist, day, visit["answers"], visit["stalls"]).as_json()
    # What the phone does not work out: sentences, and what to put right first.
    return {key: part for key, part in result.items() if key not in ("explanation", "fixes")}


def on_phone(lab: Lab, shape: dict[str, Any], visits: list[dict[str, Any]]) -> Iterator[Any]:
    script = """
      const [{ parse }, { evaluate }] = [await logic("checklist"), await logic("score")];
      const checklist = parse(arg.shape);
      return arg.visits.map((v) => evaluate(checklist, v.day, v.answers, v.stalls));
    """
    yield from lab.run(script, {"shape": shape, "visits": visits})


@pytest.mark.parametrize("name", CHECKLISTS)
@pytest.mark.parametrize("rule_set", ["TCVN_AB", "POINTS100"])
def test_every_visit_scores_as_on_the_server(desk: Lab, name: str, rule_set: str) -> None:
    shape = content(name, rule_set)
    checklist = parse(shape)
    visits = [visit(checklist, seed) for seed in range(VISITS)]

    verdicts = set()
    for given, scored in zip(visits, on_phone(desk, shape, visits), strict=True):
        assert scored.pop("unanswered") == 0
        assert scored == on_server(checklist, given)
        verdicts.add(scored["verdict"])

    assert verdicts == {"pass", "to_complete", "fail"}


def test_shares_at_a_band_are_exact(desk: Lab) -> None:
    """20 criteria of level B: 12 are 60 % and not above it, 8 are 40 % and still from it on."""
    shape = content("market_food_safety")
    items = [{**item, "severity": "minor", "level": "B", "points": 1, "mandatory_from": None,
              "answer": {"type": "pass_fail"}}
             for section in shape["sections"] for item in section["items"]][:20]  # fmt: skip
    section = {**shape["sections"][0], "items": items}
    small = {**shape, "sections": [section]}
    visits = [
        {
            "day": "2026-11-22",
            "answers": {
                item["code"]: {"value": "pass" if place < passed else "fail"}
                for place, item in enumerate(items)
            },
            "stalls": [],
        }
        for passed in (13, 12, 8, 7)
    ]

    scored = list(on_phone(desk, small, visits))

    assert [result["verdict"] for result in scored] == [
        "pass", "to_complete", "to_complete", "fail",
    ]  # fmt: skip
    assert [result["score"] for result in scored] == ["65.00", "60.00", "40.00", "35.00"]


def test_what_is_not_answered_yet_is_counted_and_left_out(desk: Lab) -> None:
    shape = content("market_food_safety")
    some = {"day": "2026-11-22", "answers": {"A02": {"value": "pass"}, "B02": {"value": ""}},
            "stalls": [{"stall": "s", "commodity": "seafood", "answers": {}}]}  # fmt: skip

    (scored,) = on_phone(desk, shape, [some])

    at_place = len(parse(shape).establishment_items)
    assert scored["unanswered"] == at_place - 1 + len(parse(shape).stall_items("seafood"))
    assert scored["score"] == "100.00"
    assert (scored["level_b"], scored["level_a"]["applicable"]) == (
        {"passed": 1, "applicable": 1}, 0,
    )  # fmt: skip


STRANGE: list[Any] = [
    None, "", " ", "pass", "fail", "PASS", True, False, 0, 3, -1, 3.5, [], {}, ["pass"],
    "3,5", "3.5", "-3", "-0,5", "03.50", "3,", ",5", "1e3", "٣", "3 ", "1" * 18, "1" * 19,
    "0." + "1" * 17, "0." + "1" * 18, "5", "500", "499,99", "none", "charged", "free_default",
    {"numerator": 1}, {"numerator": 1, "denominator": 0}, {"numerator": 0, "denominator": 0},
    {"numerator": -1, "denominator": 2}, {"numerator": 3, "denominator": 2},
    {"numerator": "1", "denominator": 2}, {"numerator": True, "denominator": 2},
    {"numerator": 1.5, "denominator": 2}, {"numerator": 4, "denominator": 5},
    {"numerator": 79, "denominator": 99}, {"numerator": 80, "denominator": 100, "a/b~": 1},
    {"number": "1", "issuer": "x", "issued_on": "2026-01-10"},
    {"number": "1", "issuer": "x", "issued_on": "2026-02-30"},
    {"number": "1", "issuer": "x", "issued_on": "10/01/2026"},
    {"number": "1", "issuer": "x", "issued_on": "0000-01-01"},
    {"number": "", "issuer": "  ", "issued_on": None},
    {"number": 7, "issuer": "đ" * 501, "issued_on": 5, "expires_on": "2026-11-21", "x": 1},
    {"number": "1", "issuer": "đ" * 500, "issued_on": "2026-01-10", "expires_on": "2026-11-22"},
    {"number": "1", "issuer": "x", "issued_on": "2026-01-10", "expires_on": "2026-11-21"},
    {"number": "1", "issuer": "x", "issued_on": "2026-01-10", "expires_on": "soon"},
]  # fmt: skip


def judged_on_server(item: Item, given: Any) -> Any:
    judgement = judge(item.answer, given, date(2026, 11, 22))
    if isinstance(judgement, str):
        return judgement
    return [{"path": flaw.path, "code": flaw.code} for flaw in judgement]


@pytest.mark.parametrize("name", CHECKLISTS)
def test_every_strange_value_is_judged_as_on_the_server(desk: Lab, name: str) -> None:
    shape = content(name)
    items = parse(shape).items
    script = """
      const [{ parse }, { judge }] = [await logic("checklist"), await logic("outcome")];
      const items = parse(arg.shape).items;
      return arg.codes.map((code) =>
        arg.values.map((value) => judge(items.get(code).answer, value, "2026-11-22")));
    """

    judged = desk.run(script, {"shape": shape, "codes": list(items), "values": STRANGE})

    for item, found in zip(items.values(), judged, strict=True):
        for given, judgement in zip(STRANGE, found, strict=True):
            assert judgement == judged_on_server(item, given), (item.code, given)
