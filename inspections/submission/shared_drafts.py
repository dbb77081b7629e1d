"""A draft that several phones work on: what each changed is merged, path by path.

Nobody's change is lost: what two phones changed to different values is kept twice, until
somebody chooses. Rules M1 to M5 of docs/rules/drafts.md.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.common.errors import NotFound, PermissionDenied, PreconditionFailed
from inspections.checklists.lifecycle import published
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Inspection
from inspections.submission import drafts, lifecycle, merging, normal
from inspections.submission.document import decode_draft
from inspections.submission.merging import ABSENT, Values
from inspections.submission.models import DraftConflict, DraftPath


@dataclass(frozen=True, slots=True)
class Brought:
    """What a phone brings: its document, the version that it had seen last (0: none), the paths
    that it changed since, and those of them by which somebody chose between two values.
    """

    tree: Mapping[str, Any]
    base: int
    changed: Collection[str]
    resolved: Collection[str]

    @property
    def paths(self) -> list[str]:
        return [*self.changed, *self.resolved]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``is_new``: something was stored; ``stands_aside``: some of what came now."""

    draft: Inspection
    is_new: bool
    stands_aside: bool = False


def merge(inspection_id: UUID, brought: Brought, *, by: Person) -> Outcome:
    """Take in what a phone changed; safe to repeat.

    Raises Malformed, SubmissionRefused, PermissionDenied, NotFound, and IllegalMove where the
    visit was submitted already: what it does not say is then kept aside. PreconditionFailed
    where others were faster again and again.
    """
    for _ in range(lifecycle.RACES):
        try:
            return _merge(inspection_id, brought, by)
        except PreconditionFailed:
            continue
    return _merge(inspection_id, brought, by)


def open_conflicts(draft: Inspection) -> list[dict[str, Any]]:
    """What waits for somebody to choose, as ``[{path, here, other}]``; two statements."""
    waiting = DraftConflict.objects.filter(inspection=draft, resolved_at=None)
    rows = list(waiting.select_related("by"))
    if not rows:
        return []
    values = merging.values_of(draft.document)
    stamps = {
        stamp.path: stamp
        for stamp in DraftPath.objects.filter(inspection=draft, path__in={row.path for row in rows})
        .select_related("by")
        .order_by("version")  # the last one stays
    }
    return [
        {
            "path": row.path,
            "here": _side(values.get(row.path), stamps.get(row.path)),
            "other": _side(row.value, row),
        }
        for row in rows
    ]


def _merge(inspection_id: UUID, brought: Brought, by: Person) -> Outcome:
    document = decode_draft(brought.tree)
    drafts.check_id(document, inspection_id)
    known = Inspection.objects.filter(pk=inspection_id).first()
    visible = Inspection.objects.visible_to(by.id, by.role)
    if known and not visible.filter(pk=inspection_id).exists():
        raise NotFound
    if by.role != Role.INSPECTOR:
        raise PermissionDenied
    if known is None:
        return Outcome(drafts.mirror(inspection_id, brought.tree, version=None, by=by), True)
    checklist = published(document.checklist)
    tree = normal.normalise(brought.tree, checklist.definition if checklist else None)
    sent, here = merging.values_of(tree), merging.values_of(known.document)
    if known.status != Inspection.Status.DRAFT:
        _keep_what_is_new(known, brought, here, sent, by)
        fieldwork.check_is_draft(known)
    since = DraftPath.objects.filter(inspection=known, version__gt=brought.base)
    # No phone disagrees with itself: it goes on from what it sent, answered or not.
    others = since.exclude(session=by.session_id)
    stamps = dict(others.order_by("version").values_list("path", "version"))
    merged = merging.merge(
        here, stamps, sent, brought.base, brought.paths, _past(known, since, brought.base)
    )
    aside = _not_yet_aside(known, merged)
    settled = _settled(known, merged, brought)
    if not (merged.applied or aside or settled):
        return Outcome(known, is_new=False, stands_aside=bool(merged.conflicts))
    tree = {"id": str(known.pk), **merging.document_of(merged.values), "device": tree.get("device")}
    now = timezone.now()

    def also(version: int) -> None:
        DraftConflict.objects.filter(pk__in=settled, resolved_at=None).update(
            resolved_at=now, resolved_by=by.id
        )
        DraftConflict.objects.bulk_create(
            DraftConflict(
                inspection=known,
                path=path,
                value=None if value is ABSENT else value,
                is_removal=value is ABSENT,
                version=version,
                by_id=by.id,
                at=now,
            )
            for path, value in aside.items()
        )

    draft = drafts.prepare(known.pk, tree, by=by)
    saved = drafts.save(draft, merged.applied, version=known.version, by=by, also=also)
    return Outcome(saved, is_new=True, stands_aside=bool(merged.conflicts))


def _keep_what_is_new(
    known: Inspection, brought: Brought, here: Values, sent: Values, by: Person
) -> None:
    """Of a draft that comes after the submission."""
    if merging.differing(here, sent) & set(brought.paths):
        document = {name: value for name, value in brought.tree.items() if name != "device"}
        lifecycle.keep_aside(known, document, normal.sha256(normal.spell(document)), by)


def _past(
    known: Inspection, since: QuerySet[DraftPath], base: int
) -> Mapping[str, Collection[str]]:
    """Values of paths, by digest, that came after ``base`` and that somebody has replaced: in the
    document, or by choosing. They come once more where the answer to a phone was lost.
    """
    found = defaultdict(set)
    for path, value in since.values_list("path", "value"):
        found[path].add(value)
    chosen = DraftConflict.objects.filter(
        inspection=known, version__gt=base, resolved_at__isnull=False
    )
    for row in chosen:
        found[row.path].add(merging.digest(ABSENT if row.is_removal else row.value))
    return found


def _not_yet_aside(known: Inspection, merged: merging.Merged) -> dict[str, Any]:
    """Conflicts without those that an earlier copy of this has brought."""
    waiting = DraftConflict.objects.filter(
        inspection=known, resolved_at=None, path__in=merged.conflicts
    )
    aside = [(row.path, ABSENT if row.is_removal else row.value) for row in waiting]
    return {path: v for path, v in merged.conflicts.items() if (path, v) not in aside}


def _settled(known: Inspection, merged: merging.Merged, brought: Brought) -> Sequence[int]:
    """Conflicts that somebody has chosen about, having seen them, or that say what is here now."""
    chosen = set(brought.resolved) - merged.conflicts.keys()
    waiting = DraftConflict.objects.filter(
        Q(path__in=chosen) | Q(path__in=merged.applied), inspection=known, resolved_at=None
    )
    return [
        row.pk
        for row in waiting
        if (row.path in chosen and row.version <= brought.base)
        or merged.values.get(row.path, ABSENT) == (ABSENT if row.is_removal else row.value)
    ]


def _side(value: Any, said: DraftPath | DraftConflict | None) -> dict[str, Any]:
    return {
        "value": value,
        "by": said.by.username if said else "",
        "at": timezone.localtime(said.at).isoformat(timespec="seconds") if said else "",
    }
