"""How long each side has, by the day on which a visit was received. Rules W1 to W4 of
docs/rules/periods.md."""

from datetime import date
from typing import NamedTuple


class Periods(NamedTuple):
    """``*_days`` of follow-up and reply are working days, those of the appeal calendar days."""

    valid_from: date
    follow_up_days: int
    reply_days: int
    appeal_days: int


# Findings that are looked at again when their due date has passed.
FOLLOWED_UP = ("critical", "major")
# The newest first; a change is a new row, so that what has begun keeps its days.
PERIODS = (Periods(date.min, follow_up_days=10, reply_days=10, appeal_days=21),)


def periods_on(day: date) -> Periods:
    """Those in force on ``day``."""
    return next(row for row in PERIODS if row.valid_from <= day)
