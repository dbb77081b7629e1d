"""What a past visit comes to under another version: rules E1 to E5."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from inspections.checklists.definition import parse
from inspections.fieldwork.rules.effect import Rescoring, change
from inspections.fieldwork.rules.result import Result, evaluate
from tests.inspections.fieldwork.builders import (
    CHOICE,
    DAY,
    DOCUMENT,
    NUMBER,
    all_passing,
    answers,
    content,
    item,
    section,
    stall,
)


def between(before: Any, after: Any) -> Rescoring:
    return Rescoring(parse(before), parse(after))


def one(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return content(section("A", list(items)), **changes)


def come_out(
    before: Any, after: Any, given: Any, stalls: Any = (), day: date = DAY
) -> list[tuple[str | None, str | None]]:
    """Verdict and score, lowest and highest."""
    outlook = between(before, after).outlook(day, given, stalls)
    return [(result.verdict, result.score) for result in outlook]


def _exact(result: Result) -> Decimal:
    assert result.score
    return Decimal(result.score)


def test_the_same_version_gives_the_same_result():
    same = content(
        section("A", [item("A01"), item("A02", "critical")]),
        section("J", [item("J01")], "stall", "seafood"),
    )
    given = answers({"A01": "fail", "A02": "pass"})
    sheets = [stall("S1", "seafood", {"J01": "pass"}), {"stall": "S2", "absent": "nghỉ"}]
    stored = evaluate(parse(same), DAY, given, sheets)

    outlook = between(same, {**same, "version": 2}).outlook(DAY, given, sheets)

    assert outlook.lowest is outlook.highest
    assert outlook.lowest.as_json() == stored.as_json()


def test_a_stricter_threshold_judges_the_old_measurement():
    before = one(item("A01", answer=NUMBER), item("A02"))
    after = one(item("A01", answer={**NUMBER, "threshold": "0.8"}), item("A02"))
    given = {"A01": {"value": "0.7"}, "A02": {"value": "pass"}}

    # B 1 of 2 is 50 percent, 2 of 4 points
    assert come_out(before, after, given) == [("to_complete", "50.00")] * 2


def test_answers_of_items_that_are_gone_fall_away():
    before, after = one(item("A01"), item("A02", "critical")), one(item("A01"))

    # the failed critical item was all that stood in the way
    assert (
        come_out(before, after, answers({"A01": "pass", "A02": "fail"})) == [("pass", "100.00")] * 2
    )


def test_a_new_item_leaves_the_result_between_all_failed_and_all_passed():
    before, after = one(item("A01")), one(item("A01"), item("A02", "critical"))

    # 2 of 5 points, and A fails; all of it
    assert come_out(before, after, answers({"A01": "pass"})) == [
        ("fail", "40.00"),
        ("pass", "100.00"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ({"type": "pass_fail"}, NUMBER, "pass"),
        ({"type": "pass_fail"}, {**CHOICE, "options": ["pass"], "pass_options": ["pass"]}, "pass"),
        (NUMBER, {**NUMBER, "unit": "cm"}, "0.7"),
        (CHOICE, {**CHOICE, "options": ["charged"], "pass_options": ["charged"]}, "none"),
        (
            {**DOCUMENT, "expires": False},
            DOCUMENT,
            {"number": "1", "issuer": "UBND", "issued_on": "2026-01-01"},
        ),
        (NUMBER, {**NUMBER, "minimum": "0.8", "threshold": "0.9"}, "0.7"),
    ],
    ids=["type", "type of the same spelling", "unit", "option gone", "expiry asked", "minimum"],
)
def test_an_answer_to_another_question_is_none(old, new, value):
    before, after = one(item("A01", answer=old)), one(item("A01", answer=new))

    assert come_out(before, after, {"A01": {"value": value}}) == [
        ("fail", "0.00"),
        ("pass", "100.00"),
    ]


def test_not_applicable_is_no_answer_where_it_is_no_longer_allowed():
    before, after = one(item("A01"), item("A02")), one(item("A01"), item("A02", na_allowed=False))
    given = answers({"A01": "pass", "A02": "na"})

    assert come_out(before, before, given) == [("pass", "100.00")] * 2
    assert come_out(before, after, given) == [("to_complete", "50.00"), ("pass", "100.00")]


def test_a_new_stall_item_is_open_at_assessed_stalls_only():
    before = content(section("A", [item("A01")]), section("J", [item("J01")], "stall"))
    after = content(section("A", [item("A01")]), section("J", [item("J01"), item("J02")], "stall"))
    given = answers({"A01": "pass"})
    absent = [{"stall": "S1", "absent": "nghỉ"}]
    seen = [stall("S1", "seafood", {"J01": "pass"})]

    assert come_out(before, after, given, absent) == [("pass", "100.00")] * 2
    # B 2 of 3 is more than 60 percent
    assert come_out(before, after, given, seen) == [("pass", "66.67"), ("pass", "100.00")]


def test_an_item_that_moved_to_stalls_has_no_answer_there():
    before = content(section("A", [item("A01")]), section("J", [item("J01")], "stall"))
    after = content(section("J", [item("J01"), item("A01")], "stall"))
    seen = [stall("S1", "seafood", {"J01": "pass"})]

    lowest, highest = between(before, after).outlook(DAY, answers({"A01": "pass"}), seen)

    assert (lowest.outcomes["A01"], highest.outcomes["A01"]) == ("fail", "pass")


def test_a_stall_whose_commodity_is_gone_is_asked_what_all_are_asked():
    before = content(
        section("J", [item("J01", "critical")], "stall"),
        section("K", [item("K01", "critical")], "stall", "seafood"),
    )
    after = {
        **content(section("J", [item("J01", "critical")], "stall")),
        "commodities": {"produce": "rau"},
    }
    sheets = [stall("S1", "seafood", {"J01": "fail", "K01": "pass"})]

    assert come_out(before, after, {}, sheets) == [("fail", "0.00")] * 2


def test_the_day_of_the_visit_decides_what_counts():
    before = one(item("A01", "critical"))
    after = one(item("A01", "critical", mandatory_from="2026-12-01"))
    given = answers({"A01": "fail"})

    # a minor item of level B until then: 0 of 1
    assert come_out(before, after, given)[0] == ("fail", "0.00")
    outlook = between(before, after).outlook(DAY, given, ())
    assert outlook.lowest.level_b == (0, 1)
    assert between(before, after).outlook(date(2026, 12, 1), given, ()).lowest.level_a == (0, 1)


@pytest.mark.parametrize("rule_set", ["TCVN_AB", "POINTS100"])
def test_whatever_would_have_been_answered_lies_between(rule_set):
    """All 27 answers of three new items, with each outcome of a known one."""
    new = [item("A02", "critical"), item("A03", "minor"), item("A04")]
    before, after = one(item("A01"), rule_set=rule_set), one(item("A01"), *new, rule_set=rule_set)
    order = [None, "fail", "to_complete", "pass"]
    for known in ("pass", "fail"):
        outlook = between(before, after).outlook(DAY, answers({"A01": known}), ())
        for outcomes in product(("pass", "fail", "na"), repeat=3):
            codes = dict(zip(("A01", "A02", "A03", "A04"), (known, *outcomes), strict=True))
            real = evaluate(parse(after), DAY, answers(codes), ())
            lowest, highest = (order.index(result.verdict) for result in outlook)
            assert lowest <= order.index(real.verdict) <= highest
            assert _exact(outlook.lowest) <= _exact(real) <= _exact(outlook.highest)


def test_an_item_without_answer_is_no_finding():
    before, after = one(item("A01")), one(item("A01"), item("A02"))

    lowest, _ = between(before, after).outlook(DAY, answers({"A01": "fail"}), ())

    assert [finding.item.code for finding in lowest.findings] == ["A01"]


def test_a_whole_visit_of_every_answer_type_is_kept():
    whole = content(
        section("A", [item("A01", answer=NUMBER), item("A02", answer=DOCUMENT)]),
        section("J", [item("J01", answer=CHOICE)], "stall"),
    )
    given, sheets = all_passing(parse(whole), "seafood", "produce")

    assert come_out(whole, whole, given, sheets) == [("pass", "100.00")] * 2


@pytest.mark.parametrize(
    ("before", "lowest", "highest", "expected"),
    [
        ("pass", "pass", "pass", "kept"),
        ("fail", "to_complete", "to_complete", "raised"),
        ("pass", "fail", "fail", "lowered"),
        ("fail", "fail", "pass", "uncertain"),
        (None, None, None, "kept"),
        (None, "fail", "fail", "raised"),
        ("fail", None, None, "lowered"),
    ],
)
def test_a_verdict_is_kept_raised_lowered_or_uncertain(before, lowest, highest, expected):
    assert change(before, lowest, highest) == expected
