"""How urgent a place is, and why: rule Y4 of docs/rules/planning.md."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from backend.common.text import Bilingual

AGE_DAYS = 30


class Weight(NamedTuple):
    """``points`` for each, ``most`` for all of them together."""

    points: int
    most: int
    text: Bilingual


WEIGHTS: Mapping[str, Weight] = {
    "never_inspected": Weight(40, 40, Bilingual("Chưa kiểm tra lần nào", "Never inspected")),
    "last_verdict_fail": Weight(40, 40, Bilingual("Lần trước không đạt", "Failed last time")),
    "last_verdict_to_complete": Weight(
        20, 20, Bilingual("Lần trước chờ hoàn thiện", "Had to complete something last time")
    ),
    "critical_open": Weight(
        15, 45, Bilingual("Tồn tại nghiêm trọng chưa khắc phục", "Critical findings to be done")
    ),
    "overdue": Weight(5, 25, Bilingual("Tồn tại quá hạn", "Overdue findings")),
    "repeated": Weight(5, 20, Bilingual("Tồn tại lặp lại", "Repeated findings")),
    "age": Weight(1, 24, Bilingual("Số lần 30 ngày từ lần trước", "Times 30 days since last time")),
}


class Facts(NamedTuple):
    """``inspected_on``: None where no visit counts; the counts are of findings to be done."""

    inspected_on: date | None
    verdict: str
    critical: int
    overdue: int
    repeated: int


class Reason(NamedTuple):
    code: str
    number: int
    points: int
    text: Bilingual


def reasons(facts: Facts, day: date) -> list[Reason]:
    """What makes the place urgent on ``day``, the weightiest first."""
    began = facts.inspected_on
    counts = {
        "never_inspected": int(began is None),
        "last_verdict_fail": int(facts.verdict == "fail"),
        "last_verdict_to_complete": int(facts.verdict == "to_complete"),
        "critical_open": facts.critical,
        "overdue": facts.overdue,
        "repeated": facts.repeated,
        "age": 0 if began is None else max(0, (day - began).days) // AGE_DAYS,
    }
    found = [
        Reason(code, counts[code], min(weight.most, weight.points * counts[code]), weight.text)
        for code, weight in WEIGHTS.items()
        if counts[code]
    ]
    return sorted(found, key=lambda reason: -reason.points)
