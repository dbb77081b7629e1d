"""From which day to which, and the period before. Rule H8 of docs/rules/figures.md."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

DAY = timedelta(days=1)


class Period(NamedTuple):
    """Local days, both included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment, and the first one after it."""
        zone = timezone.get_current_timezone()
        ends = self.first, self.last + DAY
        begun, ended = (datetime.combine(day, time.min, zone) for day in ends)
        return begun, ended

    @property
    def before(self) -> "Period":
        last = self.first - DAY
        if self._is_whole_months:
            months = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month
            year, month = divmod(12 * last.year + last.month - 1 - months, 12)
            return Period(date(year, month + 1, 1), last)
        return Period(self.first - (self.last - self.first) - DAY, last)

    @property
    def _is_whole_months(self) -> bool:
        return self.first.day == 1 and self.last.day == monthrange(*self.last.timetuple()[:2])[1]
