"""Which days a register of places takes."""

from datetime import date

from backend.common.errors import FieldError
from backend.common.text import Bilingual
from markets import rules
from markets.errors import DayOutOfRange, PeriodReversed


def check_day(day: date | None, field: str) -> None:
    """Raise DayOutOfRange, at ``field``, for a day with which one cannot reckon."""
    if day is not None and day != rules.within_reach(day):
        detail = rules.REACH
        raise DayOutOfRange(detail, errors=[FieldError(f"/{field}", "day_out_of_range", detail)])


def check_days(valid_from: date | None, valid_to: date | None) -> None:
    """Raise DayOutOfRange, or PeriodReversed where the last day lies before the first."""
    check_day(valid_from, "valid_from")
    check_day(valid_to, "valid_to")
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        detail = Bilingual("Ngày cuối trước ngày đầu", "The last day lies before the first")
        raise PeriodReversed(detail, errors=[FieldError("/valid_to", "period_reversed", detail)])
