"""Checks on content, differences of versions and their life: rules Q1 to Q10."""

import copy
from typing import Any

import pytest

from inspections.checklists.authoring import parse_yaml
from inspections.checklists.rules import MOVES, difference, legal_moves, problems
from tests.inspections.fieldwork.builders import CHOICE, LIBRARY, NUMBER, content, item, section


def found(changed: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in problems(changed)]


def two(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return content(section("A", list(items)), section("J", [item("J1")], "stall"), **changes)


@pytest.mark.parametrize("name", ["market_food_safety", "supermarket_plastic"])
def test_the_shipped_checklists_are_sound(name):
    assert found(parse_yaml((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))) == []


def test_item_codes_are_unique_in_the_whole_checklist_q1():
    assert found(two(item("A1"), item("J1"))) == [("/sections/1/items/0/code", "duplicate_code")]


def test_a_stated_count_must_be_right_q2():
    assert found(two(item("A1"), item_count=2)) == []
    assert found(two(item("A1"), item_count=3)) == [("/item_count", "item_count_differs")]


def test_bands_are_those_of_the_rule_set_q3():
    changed = two(item("A1"))
    changed["rule_sets"][1]["bands"] = {"pass_above": "80", "to_complete_from": "60"}
    assert found(changed) == [("/rule_sets/1/bands", "bad_bands")]


def test_the_rule_set_in_use_is_there_q3():
    assert found(two(item("A1"), rule_set="POINTS1000")) == [("/rule_set", "unknown_rule_set")]


def test_an_unknown_rule_set_cannot_be_defined_q3():
    changed = two(item("A1"))
    changed["rule_sets"][1]["code"] = "STARS"
    assert found(changed) == [("/rule_sets/1/code", "unknown_rule_set")]


def test_only_stall_sections_have_a_commodity_and_a_known_one_q4():
    changed = content(
        section("A", [item("A1")], "establishment", "seafood"),
        section("L", [item("L1")], "stall", "fish"),
        section("M", [item("M1")], "stall", "produce"),
    )
    assert found(changed) == [
        ("/sections/0/commodity", "unknown_commodity"),
        ("/sections/1/commodity", "unknown_commodity"),
    ]


def test_all_is_no_commodity_q4():
    changed = two(item("A1"), commodities={"all": "tất cả"})
    assert found(changed) == [("/commodities/all", "unknown_commodity")]


def test_a_threshold_below_the_smallest_value_can_never_be_missed_q5():
    assert found(two(item("A1", answer={**NUMBER, "threshold": "-1"}))) == [
        ("/sections/0/items/0/answer/threshold", "bad_threshold")
    ]
    assert found(two(item("A1", answer={**NUMBER, "threshold": "-1", "minimum": "-2"}))) == []


def test_options_that_pass_are_options_q6():
    answer = {**CHOICE, "options": ["none", "free"], "pass_options": ["none", "charged"]}
    assert found(two(item("A1", answer=answer))) == [
        ("/sections/0/items/0/answer/pass_options/1", "unknown_option")
    ]


def test_when_an_item_does_not_apply_is_said_only_where_that_is_allowed_q7():
    never = item("A1", na_allowed=False, na_when={"vi": "x", "en": "x"})
    assert found(two(never)) == [("/sections/0/items/0/na_when", "na_not_allowed")]


def test_levels_speak_of_items_measures_and_targets_that_are_there_q8():
    level = {
        "code": "L1",
        "counts_for": ["target_2025"],
        "must_pass": ["A1", "A9"],
        "may_be_na": ["A8"],
        "reported": {"measure": "PM01", "op": "==", "value": "0", "months": 3},
    }
    assert found(two(item("A1"), compliance={"levels": [level]})) == [
        ("/compliance/levels/0/must_pass/1", "unknown_code"),
        ("/compliance/levels/0/counts_for/0", "unknown_code"),
        ("/compliance/levels/0/may_be_na/0", "unknown_code"),
        ("/compliance/levels/0/reported/measure", "unknown_code"),
    ]


def test_a_version_is_published_once_and_retired_once_q9():
    assert legal_moves("draft") == ["publish"]
    assert legal_moves("published") == ["retire"]
    assert legal_moves("retired") == []
    assert MOVES["draft"]["publish"] == "published"
    assert MOVES["published"]["retire"] == "retired"


def test_a_version_does_not_differ_from_itself():
    whole = parse_yaml((LIBRARY / "market_food_safety.yaml").read_text(encoding="utf-8"))
    same = difference(whole, copy.deepcopy({**whole, "version": 2}))
    assert (same.added, same.removed, same.changed, same.other) == ((), (), {}, ())


def test_a_difference_names_items_and_their_fields():
    before = two(item("A1"), item("A2", answer=NUMBER), item("A3"))
    after = content(
        section("A", [item("A2", "critical", answer={**NUMBER, "threshold": "0.7"}), item("A4")]),
        section("J", [item("J1"), item("A3")], "stall", "seafood"),
        rule_set="POINTS100",
    )

    found = difference(before, after)

    assert found.added == ("A4",)
    assert found.removed == ("A1",)
    assert found.changed == {
        "A2": {
            "severity": ("major", "critical"),
            "level": ("B", "A"),
            "points": (2, 3),
            "answer.threshold": ("0.6", "0.7"),
        },
        "J1": {"commodity": ("all", "seafood")},
        "A3": {
            "section": ("A", "J"),
            "scope": ("establishment", "stall"),
            "commodity": ("all", "seafood"),
        },
    }
    assert found.other == ("rule_set",)


def test_order_alone_is_no_difference():
    before, after = two(item("A1"), item("A2")), two(item("A2"), item("A1"))
    assert difference(before, after).changed == {}


def test_every_text_can_be_printed_q10():
    changed = two(item("A1"), title={"vi": "Phiếu 市", "en": "A list"})
    changed["sections"][0]["items"][0]["refs"] = [{"text": "QĐ 🐟", "status": "verified"}]

    assert found(changed) == [
        ("/title/vi", "character_not_supported"),
        ("/sections/0/items/0/refs/0/text", "character_not_supported"),
    ]
