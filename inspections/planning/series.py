"""Visits that come round: all are asked for at once, and each lives its own life afterwards."""

from collections.abc import Sequence
from copy import copy
from datetime import date
from uuid import uuid4

from django.db import transaction

from backend.accounts.models import User
from backend.audit import trail
from backend.common.errors import FieldError, at
from inspections.planning import assignments, errors
from inspections.planning.models import Assignment, AssignmentSeries
from inspections.planning.recurrence import RuleError, occurrences
from markets.lifecycle.days import check_day
from markets.lifecycle.locks import lock_all
from markets.models import Establishment
from markets.rules import next_market_day


@transaction.atomic
def assign(
    series: AssignmentSeries,
    asked: Assignment,
    members: Sequence[User] = (),
    *,
    on_market_days: bool = False,
    by: trail.Actor | None,
) -> AssignmentSeries:
    """Ask for a visit like ``asked``, not saved, on each day of the rule of ``series``.

    ``on_market_days`` moves each to the next market day; two that come to lie on one are one.
    Raises RecurrenceInvalid, NoMarketDays and what ``assignments.assign`` raises.
    """
    check_day(series.first_on, "first_on")
    days = _days(series)
    if on_market_days:
        days = _market_days(asked.establishment, days)
    series.save(force_insert=True)
    for day in days:
        one = copy(asked)
        one.pk, one.due_on, one.series = uuid4(), day, series
        assignments.assign(one, members, by=by)
    return series


@transaction.atomic
def cancel(series: AssignmentSeries, *, reason: str, by: trail.Actor | None) -> list[Assignment]:
    """Ask no longer for what is still open of it. Raises ReasonRequired."""
    still_open = series.assignments.filter(status=Assignment.Status.OPEN)
    lock_all(still_open)
    rows = list(still_open.select_related("establishment", "inspector").order_by("pk"))
    return [assignments.cancel(row, reason=reason, by=by) for row in rows]


def _days(series: AssignmentSeries) -> list[date]:
    try:
        return occurrences(series.rule, series.first_on)
    except RuleError as error:
        wrong = [FieldError("/rule", errors.RecurrenceInvalid.code, error.detail)]
        raise errors.RecurrenceInvalid(error.detail, errors=wrong) from error


def _market_days(place: Establishment, days: Sequence[date]) -> list[date]:
    anchor, cycle = place.market_day_anchor, place.market_day_cycle_days
    if anchor is None or cycle is None:
        raise at("/on_market_days", errors.NoMarketDays)
    return sorted({next_market_day(anchor, cycle, day) for day in days})
