"""What one answer comes to: pass, fail or na. Rules O1 to O7 of docs/rules/outcome.md.

``judge`` takes the raw ``value`` of an answer and either gives its outcome or says
what is wrong with it, so that a submission is checked and scored by the same code.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from backend.common.text import Bilingual
from inspections.checklists.decimals import MAX_DIGITS, DecimalError, parse_decimal
from inspections.checklists.definition import AnswerSpec, AnswerType, Item

Outcome = Literal["pass", "fail", "na"]

MAX_TEXT = 500

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
_DOCUMENT_TEXTS = ("number", "issuer")
_DOCUMENT_KEYS = frozenset({"number", "issuer", "issued_on", "expires_on"})
_RATIO_KEYS = ("numerator", "denominator")


class Flaw(NamedTuple):
    """``path``: where below the value, "" is the value itself; ``code`` as in the contract."""

    path: str
    code: str
    detail: Bilingual


Judgement = Outcome | list[Flaw]

_PASS = {"value": "pass"}

_NOT_PASS_FAIL = Flaw("", "wrong_type", Bilingual('Cần "pass" hoặc "fail".', '"pass" or "fail".'))
_NOT_DECIMAL = Flaw(
    "",
    "wrong_type",
    Bilingual(
        'Cần số thập phân dạng văn bản, ví dụ "3,5" hoặc "3.5".',
        'A decimal number as text is needed, such as "3,5" or "3.5".',
    ),
)
_TOO_LONG = Flaw(
    "",
    "out_of_range",
    Bilingual(f"Số có quá {MAX_DIGITS} chữ số.", f"More than {MAX_DIGITS} digits."),
)
_NOT_RATIO = Flaw(
    "", "wrong_type", Bilingual("Cần tử số và mẫu số.", "A numerator and a denominator are needed.")
)
_NOT_DOCUMENT = Flaw(
    "",
    "wrong_type",
    Bilingual(
        "Cần thông tin văn bản, hoặc null nếu không xuất trình.",
        "The details of a document are needed, or null when none was shown.",
    ),
)
_NOT_CODE = Flaw("", "wrong_type", Bilingual("Cần một mã lựa chọn.", "One option code is needed."))


def parse_day(text: object) -> date | None:
    """``YYYY-MM-DD``, else None."""
    if not isinstance(text, str) or _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def compare(left: Any, op: str, right: Any) -> bool:
    """``op`` is one of >=, <=, >, <, ==; exact for int, Decimal and Fraction."""
    return _COMPARE[op](left, right)


def judge(spec: AnswerSpec, value: object, day: date) -> Judgement:
    """Give the outcome of ``value`` on the local day ``day``, or the list of its flaws."""
    return _JUDGES[spec.type](spec, value, day)


def outcome_of(item: Item, answer: Mapping[str, Any], day: date) -> Outcome:
    """The outcome of an answer that passed ``completeness.check``; ``ValueError`` otherwise."""
    if says_pass(item, answer):
        return "pass"
    if answer.get("not_applicable"):
        return "na"
    spec = item.answer
    judgement = _JUDGES[spec.type](spec, answer["value"], day)
    if isinstance(judgement, str):
        return judgement
    raise ValueError(f"{item.code}: {judgement[0].code}")


def says_pass(item: Item, answer: Mapping[str, Any]) -> bool:
    """Whether this is the one answer that most are: *pass*, and nothing besides."""
    return answer == _PASS and item.answer.type == "pass_fail"


def _pass_fail(_spec: AnswerSpec, value: object, _day: date) -> Judgement:
    """O1: as the inspector says."""
    if value == "pass":
        return "pass"
    if value == "fail":
        return "fail"
    return [_NOT_PASS_FAIL]


def _number(spec: AnswerSpec, value: object, _day: date) -> Judgement:
    """O2: passes when ``value op threshold``; below the item's minimum it cannot be."""
    try:
        number = parse_decimal(value)
    except DecimalError as invalid:
        return [_NOT_DECIMAL if invalid.code == "wrong_type" else _TOO_LONG]
    if spec.minimum is not None and number < spec.minimum:
        least = format(spec.minimum, "f")
        return [
            Flaw("", "out_of_range", Bilingual(f"Không nhỏ hơn {least}.", f"At least {least}."))
        ]
    return "pass" if _COMPARE[spec.op](number, spec.threshold) else "fail"


def _ratio(spec: AnswerSpec, value: object, _day: date) -> Judgement:
    """O3: passes when ``100 * numerator / denominator op threshold``, compared as integers.

    O4: a denominator of 0 is na, even where na is not allowed: there is nothing to share.
    Source: product contract, section 10 point 4.
    """
    if not isinstance(value, dict):
        return [_NOT_RATIO]
    flaws = _ratio_flaws(value)
    if flaws:
        return flaws
    numerator, denominator = value["numerator"], value["denominator"]
    if denominator == 0:
        return "na"
    threshold, parts = spec.threshold_fraction
    met = _COMPARE[spec.op](100 * numerator * parts, threshold * denominator)
    return "pass" if met else "fail"


def _ratio_flaws(value: dict[str, Any]) -> list[Flaw]:
    flaws = []
    for key in _RATIO_KEYS:
        if key not in value:
            flaws.append(_missing(key))
        elif type(value[key]) is not int:  # bool is an int to isinstance
            flaws.append(
                Flaw(f"/{key}", "wrong_type", Bilingual("Cần số nguyên.", "An integer is needed."))
            )
        elif not 0 <= value[key] < 10**MAX_DIGITS:
            flaws.append(
                Flaw(f"/{key}", "out_of_range", Bilingual("Không được âm.", "Not negative."))
            )
    flaws += _unknown_keys(value, frozenset(_RATIO_KEYS))
    if not flaws and value["numerator"] > value["denominator"]:
        above = Bilingual("Tử số lớn hơn mẫu số.", "The numerator is above the denominator.")
        flaws.append(Flaw("/numerator", "out_of_range", above))
    return flaws


def _document(spec: AnswerSpec, value: object, day: date) -> Judgement:
    """O5: passes when one was shown that is valid on the day; its last day is a valid one.

    O6: null says that none was shown, and fails.
    Source: product contract, sections 8 and 10 points 3 and 5.
    """
    if value is None:
        return "fail"
    if not isinstance(value, dict):
        return [_NOT_DOCUMENT]
    flaws = _document_flaws(spec, value)
    if flaws:
        return flaws
    expires_on = value.get("expires_on")
    if expires_on is None or date.fromisoformat(expires_on) >= day:
        return "pass"
    return "fail"


def _document_flaws(spec: AnswerSpec, value: dict[str, Any]) -> list[Flaw]:
    flaws = []
    for key in _DOCUMENT_TEXTS:
        text = value.get(key)
        if text is None or text == "":
            flaws.append(_missing(key))
        elif not isinstance(text, str):
            flaws.append(
                Flaw(f"/{key}", "wrong_type", Bilingual("Cần văn bản.", "Text is needed."))
            )
        elif text.isspace():
            flaws.append(_missing(key))
        elif len(text) > MAX_TEXT:
            too_long = Bilingual(f"Dài quá {MAX_TEXT} ký tự.", f"Over {MAX_TEXT} characters.")
            flaws.append(Flaw(f"/{key}", "out_of_range", too_long))
    for key, required in (("issued_on", True), ("expires_on", spec.expires)):
        day = value.get(key)
        if day is None:
            if required:
                flaws.append(_missing(key))
        elif parse_day(day) is None:
            not_a_day = Bilingual("Cần ngày dạng YYYY-MM-DD.", "A date as YYYY-MM-DD is needed.")
            flaws.append(Flaw(f"/{key}", "wrong_type", not_a_day))
    return flaws + _unknown_keys(value, _DOCUMENT_KEYS)


def _choice(spec: AnswerSpec, value: object, _day: date) -> Judgement:
    """O7: passes when the option is one of the item's pass options."""
    if not isinstance(value, str):
        return [_NOT_CODE]
    if value not in spec.options:
        listed = ", ".join(spec.options)
        return [Flaw("", "out_of_range", Bilingual(f"Chỉ nhận: {listed}.", f"One of: {listed}."))]
    return "pass" if value in spec.pass_options else "fail"


def _missing(key: str) -> Flaw:
    return Flaw(f"/{key}", "missing_field", Bilingual("Thiếu thông tin này.", "This is missing."))


def _unknown_keys(value: dict[str, Any], known: frozenset[str]) -> list[Flaw]:
    if value.keys() <= known:
        return []
    unknown = Bilingual("Trường không có trong mẫu.", "No such field here.")
    return [Flaw("/" + escape(key), "wrong_type", unknown) for key in value if key not in known]


def escape(token: str) -> str:
    """One step of a JSON pointer. Source: RFC 6901, section 3."""
    return token.replace("~", "~0").replace("/", "~1")


_JUDGES: dict[AnswerType, Callable[[AnswerSpec, object, date], Judgement]] = {
    "pass_fail": _pass_fail,
    "number": _number,
    "ratio": _ratio,
    "document": _document,
    "choice": _choice,
}
