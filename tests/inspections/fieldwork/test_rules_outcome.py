"""Outcomes of single answers: rules O1 to O7."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.checklists.decimals import DecimalError, normal_decimal, parse_decimal
from inspections.checklists.definition import AnswerSpec
from inspections.fieldwork.rules.outcome import judge
from tests.inspections.fieldwork.builders import DAY

PASS_FAIL = AnswerSpec("pass_fail")
METRES = AnswerSpec("number", "m", ">=", Decimal("0.6"), minimum=Decimal(0))
CELSIUS = AnswerSpec("number", "celsius", "<=", Decimal(-18))
SHARE = AnswerSpec("ratio", "percent", ">=", Decimal(80), (80, 1))
DOCUMENT = AnswerSpec("document")
EXPIRING = AnswerSpec("document", expires=True)
CHOICE = AnswerSpec("choice", options=("none", "free"), pass_options=frozenset({"none"}))
PAPER = {"number": "15/QĐ", "issuer": "UBND xã", "issued_on": "2026-01-10"}


def flaws(spec: AnswerSpec, value: object) -> list[tuple[str, str]]:
    judgement = judge(spec, value, DAY)
    assert isinstance(judgement, list), judgement
    return [(flaw.path, flaw.code) for flaw in judgement]


@pytest.mark.parametrize("value", ["pass", "fail"])
def test_pass_fail_is_what_the_inspector_says_o1(value):
    assert judge(PASS_FAIL, value, DAY) == value


@pytest.mark.parametrize("value", ["na", "PASS", "", None, True, 1, ["pass"], {"value": "pass"}])
def test_pass_fail_takes_nothing_else_o1(value):
    assert flaws(PASS_FAIL, value) == [("", "wrong_type")]


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("0.6", "pass"),
        ("0,6", "pass"),
        ("0.60", "pass"),
        ("00,6", "pass"),
        ("0.59999999999999999", "fail"),
        ("0,75", "pass"),
        ("620", "pass"),
        ("0", "fail"),
        ("-0", "fail"),
    ],
)
def test_a_number_is_compared_exactly_with_its_threshold_o2(value, outcome):
    assert judge(METRES, value, DAY) == outcome


@pytest.mark.parametrize(
    ("value", "outcome"), [("-18", "pass"), ("-17,9", "fail"), ("-20", "pass")]
)
def test_a_temperature_may_be_below_zero_o2(value, outcome):
    assert judge(CELSIUS, value, DAY) == outcome


@pytest.mark.parametrize(
    "value",
    [
        620,
        0.6,
        True,
        None,
        "",
        " 1",
        "1 ",
        "1.",
        ".5",
        "+1",
        "--1",
        "1.2.3",
        "1.000,5",
        "1e3",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "٣",
        "１",
        "1\n",
        ["1"],
        {},
    ],
)
def test_a_number_is_text_in_ascii_digits_o2(value):
    assert flaws(METRES, value) == [("", "wrong_type")]


@pytest.mark.parametrize("value", ["-1", "-0,01", "1234567890123456789", "1" * 10 + "." + "1" * 9])
def test_a_number_that_cannot_be_is_out_of_range_o2(value):
    assert flaws(METRES, value) == [("", "out_of_range")]


def test_eighteen_digits_are_read_o2():
    assert judge(METRES, "123456789012345678", DAY) == "pass"
    assert judge(CELSIUS, "-12345678901234.5678", DAY) == "pass"


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
    )
)
def test_both_decimal_signs_mean_the_same_o2(number):
    text = format(number, "f")
    assert parse_decimal(text) == parse_decimal(text.replace(".", ",")) == number
    assert Decimal(normal_decimal(text)) == number
    assert normal_decimal(normal_decimal(text)) == normal_decimal(text)


@pytest.mark.parametrize(
    ("written", "normal"),
    [("3,5", "3.5"), ("3.50", "3.5"), ("-03,50", "-3.5"), ("100", "100"), ("-0.0", "0")],
)
def test_a_decimal_has_one_normal_spelling_o2(written, normal):
    assert normal_decimal(written) == normal


def test_a_normal_spelling_of_no_decimal_is_refused_o2():
    with pytest.raises(DecimalError):
        normal_decimal("1e3")


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([80, 100, 0]))
def test_a_ratio_is_compared_as_a_fraction_o3(numerator, denominator, threshold):
    numerator = min(numerator, denominator)
    spec = AnswerSpec("ratio", "percent", ">=", Decimal(threshold), (threshold, 1))
    met = Fraction(numerator, denominator) >= Fraction(threshold, 100)
    value = {"numerator": numerator, "denominator": denominator}
    assert judge(spec, value, DAY) == ("pass" if met else "fail")


def test_a_ratio_may_have_a_broken_threshold_o3():
    two_thirds = AnswerSpec("ratio", "percent", ">", Decimal("66.6"), (333, 5))
    assert judge(two_thirds, {"numerator": 333, "denominator": 500}, DAY) == "fail"
    assert judge(two_thirds, {"numerator": 334, "denominator": 500}, DAY) == "pass"


def test_a_ratio_of_nothing_is_not_applicable_o4():
    assert judge(SHARE, {"numerator": 0, "denominator": 0}, DAY) == "na"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("28/30", [("", "wrong_type")]),
        (None, [("", "wrong_type")]),
        ({}, [("/numerator", "missing_field"), ("/denominator", "missing_field")]),
        ({"numerator": 1}, [("/denominator", "missing_field")]),
        ({"numerator": "1", "denominator": 2}, [("/numerator", "wrong_type")]),
        ({"numerator": 1.0, "denominator": 2}, [("/numerator", "wrong_type")]),
        ({"numerator": True, "denominator": 2}, [("/numerator", "wrong_type")]),
        ({"numerator": None, "denominator": 2}, [("/numerator", "wrong_type")]),
        ({"numerator": 3, "denominator": 2}, [("/numerator", "out_of_range")]),
        ({"numerator": 1, "denominator": 0}, [("/numerator", "out_of_range")]),
        ({"numerator": -1, "denominator": 2}, [("/numerator", "out_of_range")]),
        ({"numerator": 0, "denominator": -2}, [("/denominator", "out_of_range")]),
        ({"numerator": 0, "denominator": 10**18}, [("/denominator", "out_of_range")]),
        ({"numerator": 1, "denominator": 2, "a/b": 0}, [("/a~1b", "wrong_type")]),
    ],
)
def test_what_is_wrong_with_a_ratio_is_named_o3(value, expected):
    assert flaws(SHARE, value) == expected


def test_a_document_that_was_not_shown_fails_o6():
    assert judge(DOCUMENT, None, DAY) == "fail"
    assert judge(EXPIRING, None, DAY) == "fail"


@pytest.mark.parametrize(
    ("days", "outcome"), [(-400, "fail"), (-1, "fail"), (0, "pass"), (1, "pass")]
)
def test_a_document_is_valid_on_its_day_of_expiry_o5(days, outcome):
    expires_on = (DAY + timedelta(days=days)).isoformat()
    assert judge(EXPIRING, {**PAPER, "expires_on": expires_on}, DAY) == outcome
    assert judge(DOCUMENT, {**PAPER, "expires_on": expires_on}, DAY) == outcome


def test_the_day_that_decides_is_the_one_given_o5():
    paper = {**PAPER, "expires_on": "2026-12-31"}
    assert judge(EXPIRING, paper, date(2026, 12, 31)) == "pass"
    assert judge(EXPIRING, paper, date(2027, 1, 1)) == "fail"


def test_a_document_without_an_end_passes_where_none_is_asked_o5():
    assert judge(DOCUMENT, PAPER, DAY) == "pass"
    assert judge(DOCUMENT, {**PAPER, "expires_on": None}, DAY) == "pass"
    assert flaws(EXPIRING, PAPER) == [("/expires_on", "missing_field")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("15/QĐ", [("", "wrong_type")]),
        (
            {},
            [
                ("/number", "missing_field"),
                ("/issuer", "missing_field"),
                ("/issued_on", "missing_field"),
            ],
        ),
        ({**PAPER, "number": " "}, [("/number", "missing_field")]),
        ({**PAPER, "issuer": 5}, [("/issuer", "wrong_type")]),
        ({**PAPER, "issuer": "x" * 501}, [("/issuer", "out_of_range")]),
        ({**PAPER, "issued_on": "10/01/2026"}, [("/issued_on", "wrong_type")]),
        ({**PAPER, "issued_on": "2026-02-30"}, [("/issued_on", "wrong_type")]),
        ({**PAPER, "issued_on": "20260110"}, [("/issued_on", "wrong_type")]),
        ({**PAPER, "issued_on": 20260110}, [("/issued_on", "wrong_type")]),
        ({**PAPER, "expires_on": "never"}, [("/expires_on", "wrong_type")]),
        ({**PAPER, "file": "x"}, [("/file", "wrong_type")]),
    ],
)
def test_what_is_wrong_with_a_document_is_named_o5(value, expected):
    assert flaws(DOCUMENT, value) == expected


def test_a_choice_passes_by_its_pass_options_o7():
    assert judge(CHOICE, "none", DAY) == "pass"
    assert judge(CHOICE, "free", DAY) == "fail"


@pytest.mark.parametrize(
    ("value", "code"),
    [("sold", "out_of_range"), (None, "wrong_type"), (1, "wrong_type"), (["none"], "wrong_type")],
)
def test_a_choice_takes_only_its_options_o7(value, code):
    assert flaws(CHOICE, value) == [("", code)]
