"""planning.recurrence: the days of a rule, compared with calendars made by hand."""

from datetime import date

import pytest

from inspections.planning.recurrence import MOST, RuleError, occurrences


def spelled(rule: str, first: date) -> list[str]:
    return [day.isoformat() for day in occurrences(rule, first)]


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        ("FREQ=MONTHLY;COUNT=3", date(2026, 12, 15), ["2026-12-15", "2027-01-15", "2027-02-15"]),
        (
            "FREQ=MONTHLY;INTERVAL=3;UNTIL=20270831",
            date(2026, 11, 30),
            ["2026-11-30", "2027-05-30", "2027-08-30"],  # February has no 30th
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO;COUNT=2",
            date(2026, 11, 22),
            ["2026-12-07", "2027-01-04"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;COUNT=4",
            date(2026, 11, 24),
            ["2026-11-24", "2026-11-27", "2026-12-08", "2026-12-11"],
        ),
        ("FREQ=YEARLY;COUNT=2", date(2027, 2, 28), ["2027-02-28", "2028-02-28"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", date(2027, 1, 5), ["2027-01-31", "2027-02-28"]),
        ("COUNT=1;FREQ=WEEKLY", date(2026, 11, 22), ["2026-11-22"]),
    ],
)
def test_the_days_of_a_rule(rule: str, first: date, expected: list[str]) -> None:
    assert spelled(rule, first) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=MONTHLY",  # never ends
        "FREQ=MONTHLY;COUNT=3;UNTIL=20270101",
        "FREQ=DAILY;COUNT=3",
        "FREQ=SECONDLY;COUNT=3",
        "FREQ=MONTHLY;COUNT=0",
        "FREQ=MONTHLY;COUNT=3;INTERVAL=0",
        "FREQ=MONTHLY;COUNT=61",
        "FREQ=YEARLY;COUNT=5",  # longer than three years
        "FREQ=WEEKLY;UNTIL=20281201",  # more than 60
        "FREQ=MONTHLY;UNTIL=20261101",  # before the first day
        "FREQ=MONTHLY;UNTIL=20269999",
        "FREQ=MONTHLY;UNTIL=20270101T000000Z",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",  # never comes
        "FREQ=MONTHLY;BYDAY=XX;COUNT=1",
        "FREQ=MONTHLY;BYDAY=;COUNT=1",
        "FREQ=MONTHLY;BYMONTH=13;COUNT=1",
        "FREQ=MONTHLY;BYHOUR=1;COUNT=1",
        "FREQ=MONTHLY;COUNT=1;COUNT=2",
        "freq=monthly;count=1",
        "RRULE:FREQ=MONTHLY;COUNT=1",
        "FREQ=MONTHLY;COUNT=1\nEXDATE:20260101",
    ],
)
def test_a_rule_that_does_not_end_or_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(RuleError):
        occurrences(rule, date(2026, 11, 22))


def test_sixty_are_taken() -> None:
    assert len(occurrences(f"FREQ=WEEKLY;COUNT={MOST}", date(2026, 11, 22))) == MOST
