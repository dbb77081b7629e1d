"""Where a place stands: its last visit, those before it, and what they have left open.

What does not count for the authority (self-checks, drafts, visits that were superseded or voided)
is nowhere in here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from inspections.fieldwork.models import BEGUN, Finding, Inspection, InspectionQuerySet
from inspections.followup.models import Correction
from inspections.followup.queries import CLOSED, TO_DO, with_status
from inspections.planning.assignments import STANDING

TREND = 24
# Of the result; its stalls would be most of it.
PARTS = ("level_a", "level_b", "sections", "criteria", "fixes")


def visits(establishment_id: int) -> InspectionQuerySet:
    """The visits that count, the last one first: no clock keeps a visit the last for years."""
    counting = Inspection.objects.filter(establishment=establishment_id, status__in=STANDING)
    official = counting.exclude(kind=Inspection.Kind.SELF_CHECK)
    return official.order_by(BEGUN.desc(), "-id")


def last_visit(establishment_id: int) -> Inspection | None:
    """With its checklist and record, and the ``PARTS`` of its result as ``held_<part>``."""
    return (
        visits(establishment_id)
        .with_dispute()
        .select_related("checklist", "record")
        .only(
            "kind", "status", "started_at", "received_at", "verdict", "score", "establishment_id",
            "sent_by_id",
            "checklist__code", "checklist__version", "checklist__sha256", "checklist__title_vi",
            "checklist__title_en", "checklist__approved_on",
            "record__number", "record__year", "record__token", "record__file_sha256",
            "appeal__state",
        )
        .annotate(**{f"held_{part}": KeyTransform(part, "result") for part in PARTS})
        .first()
    )  # fmt: skip


def trend(last: Inspection) -> Sequence[Inspection]:
    """Up to ``TREND`` visits with the same checklist, whatever its version, the last one first."""
    rows = visits(last.establishment_id).filter(checklist__code=last.checklist.code)
    told = ("started_at", "kind", "verdict", "score", "record__number", "appeal__state")
    return list(rows.select_related("record", "appeal").only(*told)[:TREND])


def sections(inspection_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Of the result of a visit."""
    held = Inspection.objects.filter(pk=inspection_id).values_list(
        KeyTransform("sections", "result"), flat=True
    )
    return cast("Sequence[Mapping[str, Any]]", held.get())


def findings(last: Inspection, day: date) -> list[Finding]:
    """All that the last visit found, and what older ones left open or answered, by due date.

    Each with its ``status`` on ``day`` and ``late``. Two statements.
    """
    older = list(_left_open(last).values_list("pk", flat=True))
    rows = Finding.objects.filter(Q(inspection=last) | Q(pk__in=older))
    return [
        row
        for row in _with_status(rows, day).order_by("due_on", "pk")
        if row.inspection_id == last.pk or status_of(row) != CLOSED
    ]


def status_of(row: Finding) -> str:
    return str(cast("Any", row).status)


def is_overdue(row: Finding) -> bool:
    """A4, of a row of ``findings``."""
    return is_to_do(row) and bool(cast("Any", row).late)


def is_to_do(row: Finding) -> bool:
    """Whether the manager has something to do, of a row of ``findings``."""
    return status_of(row) in TO_DO


def _with_status(rows: QuerySet[Finding], day: date) -> QuerySet[Finding]:
    return with_status(rows, day).select_related("stall", "inspection__checklist").only(
        "item", "severity", "due_on", "corrected_on_site", "repeat_of_id", "found_on",
        "inspection_id", "stall__number", "inspection__checklist__code",
        "inspection__checklist__version", "inspection__checklist__sha256",
    )  # fmt: skip


def _left_open(last: Inspection) -> QuerySet[Finding]:
    """Older findings without most of what A2 and A3 close, for ``with_status`` to judge.

    It looks at each finding on its own, which takes long where there are thousands; this looks at
    all of the place together. A finding at no stall is closed once a visit with its checklist came
    later and began later; the last visit is one unless the finding's own came after it. (Not for
    who has answered the finding, A9.)
    """
    place = last.establishment_id
    before = Q(inspection__received_at__lt=last.received_at) & Q(
        inspection__started_at__lt=last.started_at
    )
    looked_at_again = Q(stall=None, inspection__checklist__code=last.checklist.code) & before
    own = Correction.objects.filter(finding__establishment=place, by=last.sent_by_id)
    # A visit is at the place of its findings; said again, its index is used.
    here = Q(establishment=place, inspection__establishment=place)
    standing = Q(inspection__status__in=STANDING)
    again = Finding.objects.filter(here, standing, repeat_of=OuterRef("pk"))
    return Finding.objects.filter(
        here, standing, ~looked_at_again | Q(pk__in=own.values("finding")), ~Exists(again)
    ).exclude(Q(inspection=last) | Q(inspection__kind=Inspection.Kind.SELF_CHECK))
