"""When a finding is to be put right. Rules U1 and U2 of docs/rules/due.md."""

from datetime import date, timedelta

from inspections.checklists.definition import Severity


def due_on(severity: Severity, received_on: date, next_market_day: date | None = None) -> date:
    """U1: the days that the checklist gives the severity, counted from ``received_on``.

    ``received_on`` is the local day on which the submission was received. U2: where the
    place has market days, never before ``next_market_day``, the first one after it.
    Source: product contract, section 5.
    """
    due = received_on + timedelta(days=severity.correct_within_days)
    return due if next_market_day is None else max(due, next_market_day)
