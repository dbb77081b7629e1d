"""Figures that can be, and that somebody should look at twice: rules G1 to G4 of
docs/rules/bags.md. They warn and refuse nothing.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from backend.common.text import Bilingual

# Status: proposal.
MOST_BAGS_PER_TRANSACTION = 10
MOST_CHANGE = 5

Figures = Mapping[str, Fraction]


class Doubt(NamedTuple):
    """``measure``: the figure to look at."""

    code: str
    measure: str
    detail: Bilingual


_PARTS = (
    ("PM06", "PM05", Bilingual("Nhiều giao dịch không lấy túi hơn tổng số giao dịch.",
                               "More transactions without a bag than transactions.")),
    ("PM10B", "PM10A", Bilingual("Số người được hướng dẫn nhiều hơn số nhân viên.",
                                 "More people briefed than there are.")),
)  # fmt: skip
_MANY = Bilingual(
    f"Hơn {MOST_BAGS_PER_TRANSACTION} túi cho mỗi giao dịch.",
    f"More than {MOST_BAGS_PER_TRANSACTION} bags for each transaction.",
)
_JUMP = Bilingual(
    f"Tăng hoặc giảm hơn {MOST_CHANGE} lần so với tháng trước.",
    f"More than {MOST_CHANGE} times, or less than a {MOST_CHANGE}th, of the month before.",
)
_COUNTED = ("PM01", "PM02", "PM03", "PM04", "PM05", "PM06")


def doubts(figures: Figures, before: Figures | None) -> Iterator[Doubt]:
    """``before``: of the month before; None where it was not reported."""
    for part, whole, detail in _PARTS:  # G1
        if part in figures and whole in figures and figures[part] > figures[whole]:
            yield Doubt("part_above_whole", part, detail)
    handed_out = [figures[code] for code in ("PM01", "PM03") if code in figures]
    if "PM05" in figures and sum(handed_out) > MOST_BAGS_PER_TRANSACTION * figures["PM05"]:
        yield Doubt("many_bags", "PM01" if "PM01" in figures else "PM03", _MANY)  # G2
    for code in _COUNTED:  # G3
        now, then = figures.get(code), (before or {}).get(code)
        if now and then and not then <= now * MOST_CHANGE <= then * MOST_CHANGE**2:
            yield Doubt("jump", code, _JUMP)
