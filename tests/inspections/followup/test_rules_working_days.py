"""followup.rules.working_days against calendars that were written down by hand (W1)."""

from datetime import date, timedelta

import pytest

from inspections.followup.rules.periods import periods_on
from inspections.followup.rules.working_days import is_working_day, working_days_after

# Notice of the Ministry of Home Affairs on Tết Bính Ngọ: off from Saturday 14 to Sunday 22
# February 2026. By hand from a wall calendar:
WORKED_AROUND_TET_2026 = [
    date(2026, 2, day) for day in (9, 10, 11, 12, 13, 23, 24, 25, 26, 27)
]  # fmt: skip
# Hùng Kings' day is Sunday 26 April 2026, so Monday is off; then 30 April and 1 May.
WORKED_IN_SPRING_2026 = [
    date(2026, 4, 20), date(2026, 4, 21), date(2026, 4, 22), date(2026, 4, 23), date(2026, 4, 24),
    date(2026, 4, 28), date(2026, 4, 29), date(2026, 5, 4), date(2026, 5, 5),
]  # fmt: skip
# National Day: Monday 31 August is off for Saturday 22 August, which is worked.
WORKED_AROUND_NATIONAL_DAY_2026 = [
    date(2026, 8, 20), date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 24), date(2026, 8, 25),
    date(2026, 8, 26), date(2026, 8, 27), date(2026, 8, 28), date(2026, 9, 3), date(2026, 9, 4),
]  # fmt: skip
WORKED_OVER_NEW_YEAR_2027 = [
    date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31),
    date(2027, 1, 4), date(2027, 1, 5),
]  # fmt: skip


@pytest.mark.parametrize(
    "by_hand",
    [
        WORKED_AROUND_TET_2026,
        WORKED_IN_SPRING_2026,
        WORKED_AROUND_NATIONAL_DAY_2026,
        WORKED_OVER_NEW_YEAR_2027,
    ],
    ids=["tet", "spring", "national day", "new year"],
)
def test_days_are_worked_as_the_calendar_on_the_wall_says(by_hand: list[date]) -> None:
    days = (by_hand[-1] - by_hand[0]).days + 1
    all_days = [by_hand[0] + timedelta(days=n) for n in range(days)]

    assert [day for day in all_days if is_working_day(day)] == by_hand


@pytest.mark.parametrize(
    ("day", "tenth"),
    [
        # 9, 10, 11, 12, 13 February, then 23 to 27
        (date(2026, 2, 8), date(2026, 2, 27)),
        # in the middle of Tết: 23 to 27 February, 2 to 6 March
        (date(2026, 2, 17), date(2026, 3, 6)),
        # 23, 25, 26, 27, 30 November, 1 to 4 and 7 December; 24 November is Culture Day
        (date(2026, 11, 22), date(2026, 12, 7)),
        # 29, 30, 31 December, 4 to 8, 11 and 12 January
        (date(2026, 12, 28), date(2027, 1, 12)),
    ],
)
def test_the_tenth_working_day_is_the_one_counted_by_hand(day: date, tenth: date) -> None:
    assert working_days_after(day, 10) == tenth


def test_nothing_to_count_is_the_day_itself() -> None:
    assert working_days_after(date(2026, 2, 17), 0) == date(2026, 2, 17)


def test_a_visit_keeps_the_days_that_were_in_force() -> None:
    row = periods_on(date(2026, 11, 22))

    assert (row.follow_up_days, row.reply_days, row.appeal_days) == (10, 10, 21)
