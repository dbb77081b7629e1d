"""What a phone's copy depends on: who asks, and the newest entry of the trail that matters.

Writers hold the head of the trail until they commit, so its numbers become visible in their
order: who has read entry 7 has missed none before it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.common import canonical
from markets.models import Establishment, EstablishmentQuerySet

# Of the bundle; an app that knows another one fetches everything anew.
FORMAT = 1

PLACES = (
    "establishment.opened", "establishment.changed", "establishment.closed",
    "establishment.reopened", "establishment.renamed", "establishment.moved",
    "establishments.imported", "stall.added", "stall.changed", "stall.retired", "stall.restored",
    "stalls.added", "stalls.imported", "unit.created", "unit.changed", "unit.ended",
    "unit.replaced", "units.imported",
)  # fmt: skip
APPOINTMENTS = ("appointment.made", "appointment.ended")
CHECKLISTS = ("checklist.published", "checklist.retired", "checklist.approved")
ASSIGNMENTS = (
    "assignment.made", "assignment.changed", "assignment.missed", "assignment.cancelled",
    "assignment.fulfilled",
)  # fmt: skip
VISITS = (
    "inspection.submitted", "inspection.voided", "inspection.replied", "inspection.appealed",
    "inspection.appeal_decided",
)  # fmt: skip
FINDINGS = (
    "finding.answered", "finding.accepted", "finding.refused", "finding.reopened",
    "finding.excepted",
)  # fmt: skip
# In the bundle of everybody, as far as they may see it. Drafts and names are asked for besides:
# a colleague's draft, saved twice a minute, is no news for others.
SHARED = (*PLACES, *APPOINTMENTS, *CHECKLISTS, *ASSIGNMENTS, *VISITS, *FINDINGS)

# One look into an index for each action, however long the trail is.
_VERSION = f"""
SELECT head.sequence, head.sha256, person.full_name, person.title, (
    SELECT entry.sha256 FROM audit_auditentry entry WHERE entry.sequence = (
        SELECT MAX((SELECT newest.sequence FROM audit_auditentry newest
                    WHERE newest.action = named.column1
                    ORDER BY newest.sequence DESC LIMIT 1))
        FROM (VALUES {", ".join(["(%s)"] * len(SHARED))}) AS named)),
    COUNT(draft.id), MAX(draft.updated_at)
FROM audit_audithead head
JOIN accounts_user person ON person.id = %s
LEFT JOIN inspections_inspection draft ON draft.status = 'draft' AND draft.id IN (
    SELECT inspection_id FROM inspections_inspectionmember WHERE person_id = %s
    UNION SELECT id FROM inspections_inspection WHERE sent_by_id = %s)
WHERE head.id = 1
GROUP BY head.sequence, head.sha256, person.full_name, person.title
"""  # noqa: S608 (nothing but question marks is put in)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, on which local day, and what the trail had come to.

    ``sequence`` and ``head`` are those of its last entry, whatever that tells of.
    """

    by: Person
    day: date
    sequence: int
    head: str
    full_name: str
    title: str
    etag: str

    @property
    def person(self) -> dict[str, str]:
        return {
            "username": self.by.username,
            "full_name": self.full_name,
            "title": self.title,
            "role": self.by.role,
        }


def look(by: Person) -> Scope:
    """One small statement, whatever the size of the bundle.

    The ETag is that of what was committed when it was asked for: what is read afterwards may be
    newer, never older.
    """
    day = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [*SHARED, by.id, by.id, by.id])
        sequence, head, full_name, title, newest, drafts, saved_at = cursor.fetchone()
    parts = [
        FORMAT, by.id, by.username, by.role, full_name, title, day.isoformat(), newest, drafts,
        str(saved_at),
    ]  # fmt: skip
    tag = hashlib.sha256(canonical.dumps(parts)).hexdigest()[:24]
    return Scope(by, day, sequence, head, full_name, title, f"b{FORMAT}-{tag}")


def places_of(by: Person, day: date) -> EstablishmentQuerySet:
    """The places that a phone of this person holds: of an inspector, all that are not closed."""
    places = Establishment.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day))
    return places if by.role == Role.INSPECTOR else places.managed_by(by.id, on=day)


def local(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
