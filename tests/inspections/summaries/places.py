"""A market whose visits can be scored by hand, and its score card.

Its checklist has five items. At the place E1 (critical: level A, 3 points, due after 3 days),
E2 and E3 (major: B, 2 points, 15 days) and E4 (minor: B, 1 point, 30 days); at each stall T1
(critical). So 11 points in all, and levels of 2 and 3 criteria.
"""

import dataclasses
from datetime import datetime
from typing import Any

import time_machine
from django.utils import timezone

from backend.accounts.current import Person
from backend.common import canonical
from inspections.checklists.definition import parse
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.models import Finding, Inspection
from tests.inspections.evidence.visits import api_as
from tests.inspections.fieldwork.builders import content, item, section
from tests.inspections.followup.builders import answer
from tests.inspections.visits import Visits

ROUTE = "/api/v1/establishments/BOC-BO/scorecard/"


def five_items(version: int = 1) -> dict[str, Any]:
    place = [item("E1", "critical"), item("E2"), item("E3"), item("E4", "minor")]
    stall = [item("T1", "critical")]
    return content(section("P", place), section("S", stall, "stall"), version=version)


def with_this(visits: Visits, tree: dict[str, Any]) -> Visits:
    """Two stalls, 02 and 03, no market days, and the checklist ``tree``, published."""
    ChecklistVersion.objects.create(
        code=tree["code"],
        version=tree["version"],
        status=ChecklistVersion.Status.PUBLISHED,
        title_vi="Phiếu thử",
        content=tree,
        sha256=canonical.sha256(tree),
    )
    visits.market.market_day_cycle_days = visits.market.market_day_anchor = None
    visits.market.save()
    return dataclasses.replace(visits, checklist=parse(tree), stalls=visits.stalls[-2:])


def visited(visits: Visits, on: str, *fails: str, at: Any = None, **changes: Any) -> Inspection:
    """A visit of the morning of ``on`` that arrives at noon. ``at``: failed items by stall id."""
    with time_machine.travel(datetime.fromisoformat(f"{on}T12:00:00+07:00"), tick=False):
        return visits.submit(
            started_at=f"{on}T06:40:00+07:00",
            ended_at=f"{on}T08:00:00+07:00",
            location=None,
            fails=fails,
            stall_fails=at or {},
            **changes,
        )


def answered(visits: Visits, visit: Inspection, item: str, stall: Any = None) -> Finding:
    finding = visit.findings.get(item=item, stall=stall)
    answer(visits, finding, photos=(), done_on=timezone.localdate())
    return finding


def card(visits: Visits, who: Person | None = None, route: str = ROUTE) -> Any:
    response = api_as(who or visits.manager).get(route)
    assert response.status_code == 200, response.content
    return response.json()
