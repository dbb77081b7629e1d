"""A visit to chợ Bộc Bố with one finding, and what is said to it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import time_machine

from backend.accounts.current import Person
from inspections.disputes import lifecycle
from inspections.disputes.models import Appeal, Reply
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Inspection
from inspections.records import lifecycle as records
from tests.inspections.visits import Visits

# Received on Sunday, 22 November. Ten working days: 23, 25 to 27, 30, 1 to 4 and 7 December (24
# November is a holiday); 21 days: 13 December.
RECEIVED, REPLY_UNTIL, APPEAL_UNTIL = date(2026, 11, 22), date(2026, 12, 7), date(2026, 12, 13)


@contextmanager
def on(day: date) -> Iterator[None]:
    with time_machine.travel(f"{day.isoformat()}T02:00:00Z"):
        yield


def a_visit(visits: Visits, **changes: Any) -> Inspection:
    with on(RECEIVED):
        return visits.submit(**{"fails": ["G03"], **changes})


def issued(visits: Visits, by: Person, **changes: Any) -> Inspection:
    """A visit whose record is signed; no photo of it ever came."""
    visit = a_visit(visits, **changes)
    with on(RECEIVED):
        fieldwork.close_evidence(visit, reason="Mất máy", by=by)
        records.complete_if_all_is_here(visit.pk)
        records.issue_waiting()
    return Inspection.objects.get(pk=visit.pk)


def reply(visits: Visits, visit: Inspection, **changes: Any) -> tuple[Reply, bool]:
    given: dict[str, Any] = {"text": "Hôm đó lưới đang được giặt.", "by": visits.manager, **changes}
    pk = given.pop("pk", None) or uuid.uuid4()
    return lifecycle.reply(visit.pk, pk, **given)


def appeal(visits: Visits, visit: Inspection, **changes: Any) -> tuple[Appeal, bool]:
    given: dict[str, Any] = {"text": "Đề nghị xem lại.", "by": visits.manager, **changes}
    pk = given.pop("pk", None) or uuid.uuid4()
    return lifecycle.appeal(visit.pk, pk, **given)
