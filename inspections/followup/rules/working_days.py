"""Working days of offices in Vietnam. Rule W1 of docs/rules/periods.md.

Source: Labour Code 45/2019/QH14, articles 111 and 112; yearly notices about Tết and about days
that are worked in exchange, as the library ``holidays`` keeps them.
"""

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

A_DAY = timedelta(days=1)
SATURDAY = 5


class _Year(NamedTuple):
    off: frozenset[date]
    worked: frozenset[date]  # on a weekend, in exchange for another day


def is_working_day(day: date) -> bool:
    year = _year(day.year)
    return day in year.worked or (day.weekday() < SATURDAY and day not in year.off)


def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, which itself does not count."""
    while count:
        day += A_DAY
        count -= is_working_day(day)
    return day


@cache
def _year(year: int) -> _Year:
    """A table of its own for each year: the library's grows while it is asked, also by others."""
    from holidays import country_holidays  # costs more than a start may wait for

    table = country_holidays("VN", years=year, expand=False)
    return _Year(frozenset(table), frozenset(getattr(table, "weekend_workdays", ())))
