"""A draft on the server: a mirror of the phone's, seen by the team."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.common.errors import FieldError, Malformed, PreconditionFailed
from backend.common.text import Bilingual
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Inspection
from inspections.submission import merging, normal, rules
from inspections.submission.document import Draft, decode_draft
from inspections.submission.errors import SubmissionRefused
from inspections.submission.facts import Facts, gather
from inspections.submission.models import DraftPath

# Rows of one statement: SQLite takes so many parameters.
AT_ONCE = 1_000

_OTHER_ID = Bilingual(
    vi="Mã trong nội dung khác với mã trong địa chỉ.",
    en="The id in the body differs from the one in the address.",
)


def check_id(document: Draft, inspection_id: UUID) -> None:
    """Raise Malformed where the body names another inspection than the address."""
    if document.id != str(inspection_id):
        raise Malformed(_OTHER_ID, errors=[FieldError("/id", "id_differs", _OTHER_ID)])


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that may be stored; ``members``: (person id, role)."""

    row: Inspection
    members: Sequence[tuple[int, str]]


def mirror(inspection_id: UUID, tree: Any, *, version: int | None, by: Person) -> Inspection:
    """Keep the draft that a phone sent, in place of ``version`` of it, None for a new one.

    Only the place, the checklist and the team must exist; everything else may be unfinished.
    Raises Malformed, SubmissionRefused, PreconditionFailed.
    """
    draft = prepare(inspection_id, tree, by=by)
    known = None if version is None else Inspection.objects.filter(pk=inspection_id).first()
    before = merging.values_of(known.document) if known else {}
    changed = merging.differing(before, merging.values_of(draft.row.document))
    return save(draft, changed, version=version, by=by)


def prepare(inspection_id: UUID, tree: Any, *, by: Person) -> Prepared:
    """Check a draft. Raises Malformed, SubmissionRefused."""
    document = decode_draft(tree)
    facts, _ = gather(document)
    errors = list(_check(document, facts, by))
    if errors or facts.place is None or facts.checklist is None:
        raise SubmissionRefused(errors)
    check_id(document, inspection_id)
    normalised = normal.normalise(tree, facts.checklist.definition)
    row = Inspection(
        id=inspection_id,
        establishment_id=facts.place.id,
        checklist_id=facts.checklist.id,
        kind=document.kind,
        sent_by_id=by.id,
        document={key: value for key, value in normalised.items() if key != "device"},
        device=normalised.get("device"),
        started_at=document.started_at,
        ended_at=document.ended_at,
        updated_at=timezone.now(),
        search_text=fieldwork.search_text(facts.place.name, facts.place.code),
    )
    members = [(facts.people[m.username].pk, m.role) for m in document.team if m.username]
    return Prepared(row, members)


def save(
    draft: Prepared,
    changed: Collection[str],
    *,
    version: int | None,
    by: Person,
    also: Callable[[int], object] = lambda _: None,
) -> Inspection:
    """Store a draft over its ``version``, and note which paths it changed.

    ``also`` writes what else belongs to it, with its new version. Raises IllegalMove,
    PreconditionFailed.
    """
    row, new = draft.row, 1 if version is None else version + 1
    values = merging.values_of(row.document)
    stamps = [
        DraftPath(
            inspection=row,
            path=path,
            version=new,
            value=merging.digest(values.get(path, merging.ABSENT)),
            session=by.session_id,
            by_id=by.id,
            at=row.updated_at,
        )
        for path in sorted(changed)
    ]
    try:
        with transaction.atomic():
            if version is not None:
                # Ahead of all that hangs on it, as everywhere.
                fieldwork.hold(Inspection(pk=row.pk, version=version))
            DraftPath.objects.bulk_create(stamps, batch_size=AT_ONCE)
            also(new)
            return fieldwork.save_draft(row, version=version, members=draft.members, by=by)
    except IntegrityError:
        known = Inspection.objects.filter(pk=row.pk).first()
        if known is None:  # discarded just now
            raise PreconditionFailed from None
        fieldwork.check_is_draft(known)
        raise PreconditionFailed(version=known.version) from None


def _check(document: Draft, facts: Facts, by: Person) -> Any:
    if facts.place is None:
        yield rules.UNKNOWN_ESTABLISHMENT.at("/establishment")
    if facts.checklist is None:
        yield rules.UNKNOWN_CHECKLIST.at("/checklist")
    yield from rules.check_team(document, by.username, facts.people)
