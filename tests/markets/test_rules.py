"""Periods, levels and market days."""

from datetime import date

import pytest

from markets import rules

JUNE = date(2025, 6, 1), date(2025, 6, 30)
JULY = date(2025, 7, 1), date(2025, 7, 31)


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        (JUNE, JULY, False),
        (JUNE, (date(2025, 6, 30), None), True),
        (JUNE, (None, date(2025, 6, 1)), True),
        (JUNE, (None, date(2025, 5, 31)), False),
        ((None, None), JULY, True),
        ((None, date(2025, 6, 30)), (date(2025, 7, 1), None), False),
    ],
)
def test_two_periods_overlap_when_they_share_a_day(first, second, shared):
    assert rules.overlap(*first, *second) is shared
    assert rules.overlap(*second, *first) is shared


@pytest.mark.parametrize(
    ("not_before", "expected"),
    [
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 11, 2), date(2026, 11, 6)),
        (date(2026, 11, 6), date(2026, 11, 6)),
        (date(2026, 10, 31), date(2026, 11, 1)),
        (date(2026, 10, 27), date(2026, 10, 27)),
        (date(2026, 10, 25), date(2026, 10, 27)),
    ],
)
def test_market_days_come_round_every_five_days_before_and_after_a_known_one(not_before, expected):
    assert rules.next_market_day(date(2026, 11, 1), 5, not_before) == expected


def test_a_market_that_meets_daily_meets_on_the_day_itself():
    assert rules.next_market_day(date(2020, 1, 1), 1, date(2026, 11, 22)) == date(2026, 11, 22)


def test_units_contain_only_smaller_ones():
    assert rules.may_contain("province", "commune")
    assert rules.may_contain("district", "commune")
    assert not rules.may_contain("commune", "commune")
    assert not rules.may_contain("commune", "province")


def test_a_day_without_meaning_becomes_the_nearest_that_has_one():
    assert rules.within_reach(date.min) == rules.FIRST_DAY
    assert rules.within_reach(date.max) == rules.LAST_DAY
    assert rules.within_reach(date(2026, 1, 1)) == date(2026, 1, 1)


def test_market_days_go_on_over_the_new_year_as_listed_by_hand():
    listed = ["2026-12-21", "2026-12-26", "2026-12-31", "2027-01-05", "2027-01-10"]
    first, last = date(2026, 12, 20), date(2027, 1, 14)

    found = rules.market_days(date(2026, 11, 1), 5, first, last)

    assert [day.isoformat() for day in found] == listed
    assert rules.market_days(date(2026, 11, 1), 5, first, first) == []
