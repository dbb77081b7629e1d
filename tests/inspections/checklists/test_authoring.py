"""Checklists written in YAML: what is read, and every fault with its line and column."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.checklists.authoring import ChecklistUnreadable, parse_yaml
from inspections.checklists.definition import parse
from tests.inspections.fieldwork.builders import LIBRARY

SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ChecklistUnreadable) as refused:
        parse_yaml(text)
    assert all(fault.detail.vi and fault.detail.en for fault in refused.value.faults)
    return [(fault.line, fault.code) for fault in refused.value.faults]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "items", "sections", "measures"),
    [("market_food_safety", 70, 17, 0), ("supermarket_plastic", 22, 6, 15)],
)
def test_the_shipped_checklists_are_read(name, items, sections, measures):
    content = parse_yaml((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))
    checklist = parse(content)
    assert len(checklist.items) == content["item_count"] == items
    assert len(checklist.sections) == sections
    # PM01 to PM14, of which PM10 is a pair
    assert len(checklist.measures) == measures
    assert len({code[:4] for code in checklist.measures}) == (14 if measures else 0)


def test_a_small_checklist_is_read():
    content = parse_yaml(SMALL)
    items = {item["code"]: item for section in content["sections"] for item in section["items"]}
    assert items["A01"]["points"] == 2
    assert items["A01"]["level"] == "B"
    assert items["A02"]["answer"]["threshold"] == "0.6"
    assert items["A02"]["answer"]["minimum"] == "0"
    assert "minimum" not in items["A03"]["answer"]
    assert items["A04"]["mandatory_from"] == "2026-01-01"
    assert content["sections"][0]["scope"] == "establishment"
    assert content["sections"][0]["commodity"] == "all"


def test_a_threshold_is_text_in_one_spelling():
    for written in ("0.60", '"0,6"', "0,60", "00.6"):
        content = parse_yaml(SMALL.replace("threshold: 0.6", f"threshold: {written}"))
        assert content == parse_yaml(SMALL)


def test_texts_are_composed():
    decomposed = unicodedata.normalize("NFD", SMALL)
    assert decomposed != SMALL
    assert parse_yaml(decomposed) == parse_yaml(SMALL)


REPLACED = [
    ("version: 1", "version: one", "out_of_range", "version: one"),
    ("version: 1", "version: 0", "out_of_range", "version: 0"),
    ("version: 1", "version: 1.0", "out_of_range", "version: 1.0"),
    ("version: 1", "version: 1\nversion: 2", "duplicate_key", "version: 2"),
    ("version: 1", "version: 1\ncolour: red", "unknown_key", "colour"),
    ("code: TEST", "code: A/B", "wrong_type", "code: A/B"),
    ("code: TEST", "code: test", "wrong_type", "code: test"),
    ("Phiếu thử", "x" * 301, "too_long", "title: {vi: xx"),
    ("Sạch", "a\ud800", "control_character", "vi: a\ud800"),
    ("kinds: [market]", "kinds: [shop]", "unknown_value", "kinds"),
    ("kinds: [market]", "kinds: market", "wrong_type", "kinds"),
    ("kinds: [market]", "kinds: []", "out_of_range", "kinds"),
    ("rule_set: TCVN_AB", "rule_set: OTHER", "unknown_rule_set", "rule_set: OTHER"),
    ("pass_above: 60", "pass_over: 60", "bad_bands", "pass_over"),
    ("pass_above: 60", "pass_above: 30", "bad_bands", "pass_above: 30"),
    ("pass_above: 60", "pass_above: 101", "bad_bands", "pass_above: 101"),
    ("pass_above: 60", "pass_above: many", "wrong_type", "pass_above: many"),
    ("code: A02", "code: A01", "duplicate_code", "code: A01 # second"),
    ("severity: major", "severity: grave", "unknown_value", "severity: grave"),
    ("severity: major", "severity: [major]", "wrong_type", "severity: [major]"),
    ("severity: major", "severity: major\n    points: 11", "out_of_range", "points: 11"),
    ("severity: major", "severity: major\n    level: C", "unknown_value", "level: C"),
    ("type: pass_fail", "type: yes_no", "unknown_value", "type: yes_no"),
    ("type: pass_fail", "type: pass_fail\n      unit: m", "unknown_key", "unit: m # one"),
    ("photo: always", "photo: sometimes", "unknown_value", "photo: sometimes"),
    ("na_allowed: true", "na_allowed: yes", "wrong_type", "na_allowed: yes"),
    ("commodity: seafood", "commodity: fish", "unknown_commodity", "commodity: fish"),
    ("scope: stall", "scope: establishment", "unknown_commodity", "commodity: seafood"),
    ("scope: stall", "scope: booth", "unknown_value", "scope: booth"),
    ("threshold: 0.6", "threshold: high", "wrong_type", "threshold: high"),
    ("threshold: 0.6", "threshold: 1e3", "wrong_type", "threshold: 1e3"),
    ("threshold: 0.6", "threshold: -1", "bad_threshold", "threshold: -1"),
    ("threshold: 0.6", "threshold: ~", "wrong_type", "threshold: ~"),
    ("threshold: 80", "threshold: 101", "bad_threshold", "threshold: 101"),
    ("op: '>='", "op: '=>'", "unknown_value", "op: '=>'"),
    ("pass_options: [none]", "pass_options: [paid]", "unknown_option", "pass_options: [paid]"),
    ("pass_options: [none]", "pass_options: []", "out_of_range", "pass_options: []"),
    ("options: [none, free]", "options: [none, none, free]", "duplicate_code", "options: [none, n"),
    ("status: verified}", "status: sure}", "unknown_value", "status: sure}"),
    ("mandatory_from: 2026-01-01", "mandatory_from: 2026-02-30", "wrong_type", "2026-02-30"),
    ("item_count: 6", "item_count: 7", "item_count_differs", "item_count: 7"),
    ("Sạch", '"\\x07"', "control_character", "\\x07"),
    ("Sạch", '"a\\nb"', "control_character", "a\\nb"),
    ("Sạch", '"a\\u200Bb"', "control_character", "a\\u200Bb"),
    ("Sạch", "' '", "wrong_type", "vi: ' '"),
    ("Sạch", "x" * 1001, "too_long", "x" * 1001),
    ("title: {vi: Phiếu thử, en: Test}", "title: {vi: Phiếu thử}", "missing_key", "title: {vi"),
    ("title: {vi: Phiếu thử, en: Test}", "title: Test", "wrong_type", "title: Test"),
    ("na_when: {vi: Không có, en: None}", "na_when: {vi: Có}", "missing_key", "na_when: {vi: Có}"),
    ("rule_set: TCVN_AB", "rule_set: &x TCVN_AB", "anchor_not_allowed", "rule_set: &x"),
    ("rule_set: TCVN_AB", "rule_set: *x", "anchor_not_allowed", "rule_set: *x"),
    ("rule_set: TCVN_AB", "rule_set: !!str TCVN_AB", "tag_not_allowed", "rule_set: !!str"),
    ("rule_set: TCVN_AB", "rule_set: ! TCVN_AB", "tag_not_allowed", "rule_set: ! "),
    ("rule_set: TCVN_AB", "? [a]\n: b\nrule_set: TCVN_AB", "wrong_type", "? [a]"),
    ("rule_set: TCVN_AB", "rule_set: " + "[" * 30 + "]" * 30, "too_deep", "rule_set: ["),
    ("sections:", "---\nsections:", "one_document", "---"),
    ("rule_set: TCVN_AB", "rule_set: {a", "not_yaml", "item_count: 6"),
    ("Sạch", "a\x07", "control_character", "vi: a\x07"),
]


@pytest.mark.parametrize(("old", "new", "code", "at"), REPLACED)
def test_each_fault_names_its_line(old, new, code, at):
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    found = faults(text)
    assert code in [fault for _, fault in found], found
    assert (line_of(text, at), code) in found


@pytest.mark.parametrize(
    ("removed", "at"),
    [
        ("    severity: major\n", "code: A01"),
        ("    photo: always\n", "code: A01"),
        ("    na_allowed: true\n    na_when: {vi: Không có, en: None}\n", "code: A01"),
        ("    answer: {type: choice, options: [none, free], pass_options: [none]}\n", "code: A05"),
        (", pass_options: [none]", "{type: choice"),
        ("type: choice, ", "{options:"),
        ("rule_set: TCVN_AB\n", "code: TEST"),
    ],
)
def test_a_missing_key_is_named_where_its_mapping_starts(removed, at):
    assert removed in SMALL
    text = SMALL.replace(removed, "", 1)
    assert faults(text) == [(line_of(text, at), "missing_key")]


def test_every_fault_is_told_at_once_in_file_order():
    text = (
        SMALL.replace("version: 1", "version: x")
        .replace("code: A02", "code: A01")
        .replace("threshold: 80", "threshold: 101")
        .replace("photo: always", "photo: often", 1)
    )
    assert faults(text) == [
        (line_of(text, "version: x"), "out_of_range"),
        (line_of(text, "photo: often"), "unknown_value"),
        (line_of(text, "code: A01 # second"), "duplicate_code"),
        (line_of(text, "threshold: 101"), "bad_threshold"),
    ]


def test_the_column_and_the_pointer_are_told_too():
    with pytest.raises(ChecklistUnreadable) as refused:
        parse_yaml(SMALL.replace("kinds: [market]", "kinds: [market, shop]"))
    (fault,) = refused.value.faults
    assert (fault.line, fault.column) == (line_of(SMALL, "kinds"), 17)
    (error,) = refused.value.errors
    assert error.pointer == "/kinds/1"
    assert error.detail.vi.startswith(f"Dòng {fault.line}, cột 17: ")
    assert error.detail.en.startswith(f"Line {fault.line}, column 17: ")


@pytest.mark.parametrize("text", ["", "   \n", "# nothing\n"])
def test_an_empty_file_is_refused(text):
    assert faults(text) == [(1, "not_yaml")]


@pytest.mark.parametrize("text", ["just words", "[a, b]", "null"])
def test_a_file_that_is_no_mapping_is_refused(text):
    assert faults(text) == [(1, "wrong_type")]


def test_a_huge_file_is_refused_before_it_is_read():
    assert faults("a" * 500_001) == [(1, "too_large")]


def test_an_alias_bomb_is_refused_at_its_first_anchor():
    assert faults("a: &a [x, x]\nb: [*a, *a]\n") == [(1, "anchor_not_allowed")]


BITS = ["", "a", "[", "]", "{", "}", ":", ": ", "- ", "\n", "  ", "null", "-1", "'", "&a ", "0"]


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.sampled_from(BITS))
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(at, cut, bit):
    told: Sequence[object]
    try:
        told = parse(parse_yaml(SMALL[:at] + bit + SMALL[at + cut :])).sections
    except ChecklistUnreadable as refused:
        told = refused.faults
    assert told
