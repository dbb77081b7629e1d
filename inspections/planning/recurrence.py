"""On which days a visit comes round, by a recurrence rule of RFC 5545, section 3.3.10."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from backend.common.text import Bilingual

MOST = 60
REACH = timedelta(days=3 * 366)

_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]{1,60}(;[A-Z]+=[A-Z0-9,+-]{1,60}){0,7}")
_FREQUENCIES = frozenset({"WEEKLY", "MONTHLY", "YEARLY"})
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}
)
_NUMBER = re.compile(r"[1-9][0-9]?")


class RuleError(ValueError):
    """What is wrong with a rule."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.detail = Bilingual(vi, en)


def occurrences(rule: str, first: date) -> list[date]:
    """The days of ``rule``, counted from ``first`` (which need not be one), in order.

    Takes weekly, monthly and yearly rules that end, by COUNT or UNTIL (a day), within three
    years and 60 occurrences. Raises RuleError.
    """
    parts = _parts(rule)
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if (count is None) == (until is None):
        raise RuleError("cần một trong hai: COUNT hoặc UNTIL", "either COUNT or UNTIL")
    last = first + REACH if until is None else _day(until)
    if last > first + REACH:
        raise RuleError("không quá ba năm", "at most three years")
    # Bounded by a day even where it is counted: some rules never come round.
    bounded = ";".join(f"{name}={value}" for name, value in parts.items())
    begin = datetime.combine(first, time())
    try:
        found = rrulestr(f"{bounded};UNTIL={last:%Y%m%d}", dtstart=begin)
        days = [moment.date() for moment in islice(found, int(count or MOST) + 1)]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise RuleError("không phải quy tắc lặp", "not a recurrence rule") from error
    if count is not None:
        if len(days) < int(count):
            raise RuleError("không quá ba năm", "at most three years")
        days = days[: int(count)]
    if not days:
        raise RuleError("không có ngày nào", "no day at all")
    if len(days) > MOST:
        raise RuleError(f"không quá {MOST} ngày", f"at most {MOST} days")
    return days


def _parts(rule: str) -> dict[str, str]:
    if not _RULE.fullmatch(rule):
        raise RuleError(
            "các phần dạng TÊN=GIÁ TRỊ, cách nhau bằng dấu chấm phẩy",
            "parts as NAME=VALUE with semicolons between them",
        )
    pairs = [part.split("=") for part in rule.split(";")]
    parts: Mapping[str, str] = dict(pairs)
    if len(parts) < len(pairs) or not parts.keys() <= _PARTS:
        names = ", ".join(sorted(_PARTS))
        raise RuleError(f"chỉ gồm {names}, mỗi phần một lần", f"each of {names} once at most")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RuleError("FREQ là WEEKLY, MONTHLY hoặc YEARLY", "FREQ is WEEKLY, MONTHLY or YEARLY")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not _NUMBER.fullmatch(parts[name]):
            raise RuleError(f"{name} là số từ 1 đến 99", f"{name} is a number from 1 to 99")
    return dict(parts)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise RuleError("UNTIL là một ngày dạng 20271231", "UNTIL is a day as 20271231") from error
