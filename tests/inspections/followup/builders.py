"""Findings and assignments at chợ Bộc Bố."""

import uuid
from datetime import date
from typing import Any

from backend.accounts.current import Person
from backend.accounts.models import User
from inspections.fieldwork.models import Finding
from inspections.followup import lifecycle
from inspections.followup.models import Correction
from inspections.planning import assignments
from inspections.planning.models import Assignment
from tests.inspections.visits import Visits, photo


def a_finding(visits: Visits, **changes: Any) -> Finding:
    """Of a visit that found one thing: flies in the meat hall."""
    visit = visits.submit(**{"fails": ["G03"], **changes})
    return visit.findings.get()


def answer(
    visits: Visits, finding: Finding, pk: uuid.UUID | None = None, by: Person | None = None,
    **changes: Any,
) -> tuple[Correction, bool]:  # fmt: skip
    given: dict[str, Any] = {
        "text": "Đã lắp lưới chắn ruồi ở khu thịt.",
        "done_on": date(2026, 11, 21),
        "photos": [photo("after"), photo("again")],
        **changes,
    }
    return lifecycle.respond(finding.pk, pk or uuid.uuid4(), by=by or visits.manager, **given)


def asked(visits: Visits, **changes: Any) -> Assignment:
    """Asked of the inspector of ``visits``, until the end of 2026."""
    columns: dict[str, Any] = {
        "establishment": visits.market,
        "checklist": "MARKET-FS",
        "inspector": User.objects.get(pk=visits.inspector.id),
        "due_on": date(2026, 12, 31),
        **changes,
    }
    return assignments.assign(Assignment(**columns), by=None)
