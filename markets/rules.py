"""Decisions about places that need no rows: periods, levels, market days."""

from collections.abc import Mapping
from datetime import date, timedelta

from backend.common.text import Bilingual

# The groups of goods by which stalls are told apart; the checklists have a section for each.
COMMODITIES: Mapping[str, Bilingual] = {
    "animal_products": Bilingual("thịt, sản phẩm động vật", "meat and animal products"),
    "seafood": Bilingual("thủy sản tươi sống", "fresh fish and seafood"),
    "produce": Bilingual("rau, củ, quả", "vegetables and fruit"),
    "catering": Bilingual("dịch vụ ăn uống", "food service"),
    "dry_other": Bilingual("hàng khô và thực phẩm khác", "dry goods and other food"),
}

# What a day in a register of places can mean; day arithmetic is safe between the two.
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
REACH = Bilingual(f"Từ {FIRST_DAY} đến {LAST_DAY}", f"Between {FIRST_DAY} and {LAST_DAY}")

_DEPTH: Mapping[str, int] = {"province": 0, "district": 1, "commune": 2}


def overlap(
    first_from: date | None, first_to: date | None, second_from: date | None, second_to: date | None
) -> bool:
    """Whether two periods share a day; None is open on that side, last days are included."""
    return not (
        (first_to is not None and second_from is not None and first_to < second_from)
        or (second_to is not None and first_from is not None and second_to < first_from)
    )


def holds(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether ``day`` lies in the period."""
    return overlap(day, day, valid_from, valid_to)


def may_contain(level: str, child_level: str) -> bool:
    """Whether a unit of ``level`` may be the parent of one of ``child_level``."""
    return _DEPTH[level] < _DEPTH[child_level]


def day_before(day: date) -> date:
    """The last day of a period when another one begins on ``day``."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """The first day of a period when another one ends on ``day``."""
    return day + timedelta(days=1)


def within_reach(day: date) -> date:
    """``day``, or the nearest one of which the register could know anything."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def next_market_day(anchor: date, cycle_days: int, not_before: date) -> date:
    """The first market day on or after ``not_before``.

    Rural markets meet every ``cycle_days`` days, counted from any known market day ``anchor``,
    which may lie before or after ``not_before``.
    """
    return not_before + timedelta(days=(anchor - not_before).days % cycle_days)


def market_days(anchor: date, cycle_days: int, first: date, last: date) -> list[date]:
    """Every market day from ``first`` to ``last``, both included."""
    begin = next_market_day(anchor, cycle_days, first)
    count = max(0, ((last - begin).days // cycle_days) + 1)
    return [begin + timedelta(days=cycle_days * turn) for turn in range(count)]
