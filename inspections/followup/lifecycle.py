"""What managers answer to findings, and what the department asks of inspectors.

Each function is one transaction with its audit entries, and knows no HTTP: phones push the
same things through ``sync``.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit import trail
from backend.common import rows
from backend.common.errors import NotFound, PermissionDenied
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.errors import IdTaken, IllegalMove, ReasonRequired
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup import errors
from inspections.followup.models import Assignment, Correction, CorrectionPhoto
from inspections.followup.queries import CLOSED, with_status
from markets.lifecycle.days import check_day
from markets.lifecycle.establishments import check_open
from markets.lifecycle.locks import lock

FOLLOW_UP = Assignment.Kind.FOLLOW_UP
STANDING = (Inspection.Status.SUBMITTED, Inspection.Status.ISSUED)


def respond(
    finding_id: UUID,
    correction_id: UUID,
    *,
    text: str,
    done_on: date,
    photos: Sequence[str],
    by: Person,
) -> tuple[Correction, bool]:
    """Answer a finding of the own place; the flag says whether the answer was new.

    ``photos``: SHA-256 digests, which may arrive later. Safe to repeat: the same answer under
    the same id is kept once, whoever of the place sends it. Raises NotFound, PermissionDenied,
    IdTaken, CharacterNotSupported, DayOutOfRange, and IllegalMove where the finding is closed.
    """
    found = Finding.objects.visible_to(by.id, by.role).select_related("establishment")
    finding = with_status(found, timezone.localdate()).filter(pk=finding_id).first()
    if finding is None:
        raise NotFound
    if by.role != Role.MANAGER:
        raise PermissionDenied
    named = list(dict.fromkeys(photos))
    answer = Correction(id=correction_id, finding=finding, text=text, done_on=done_on, by_id=by.id)
    if known := _known(answer, named):
        return known, False
    if getattr(finding, "status", None) == CLOSED:
        raise _closed(finding)
    check_day(done_on, "done_on")
    check_printable({"text": text})
    try:
        with transaction.atomic():
            _keep(answer, named, finding.establishment.code, by)
    except IntegrityError:
        # Another copy of this answer was faster: its row decides.
        if known := _known(answer, named):
            return known, False
        raise
    return answer, True


def _known(answer: Correction, photos: list[str]) -> Correction | None:
    """What lies under the id. Raises IdTaken where it is not this answer."""
    known = Correction.objects.filter(pk=answer.pk).first()
    if known is None:
        return None
    fields = ("finding_id", "text", "done_on")
    same = all(getattr(known, field) == getattr(answer, field) for field in fields)
    if not same or [photo.sha256 for photo in known.photos.all()] != photos:
        raise IdTaken
    return known


def _keep(answer: Correction, photos: list[str], place: str, by: Person) -> None:
    rows.insert([answer])
    rows.insert([CorrectionPhoto(correction=answer, sha256=sha256) for sha256 in photos])
    trail.record(
        "finding.answered",
        f"finding:{answer.finding_id}",
        actor=by,
        data={
            "correction": str(answer.pk),
            "establishment": place,
            "done_on": answer.done_on.isoformat(),
            "photos": photos,
        },
    )


def _closed(finding: Finding) -> IllegalMove:
    return IllegalMove(
        Bilingual("Tồn tại này đã khép lại.", "The finding is closed."),
        finding=str(finding.pk),
        state=CLOSED,
        legal_moves=[],
    )


@transaction.atomic
def assign(assignment: Assignment, *, by: trail.Actor | None) -> Assignment:
    """Ask for the visit that ``assignment``, not saved yet, describes.

    Raises EstablishmentClosed, CharacterNotSupported, DayOutOfRange and what stands in
    ``errors``.
    """
    check_open(assignment.establishment, "establishment")
    _check(assignment)
    assignment.save(force_insert=True)
    _tell("assignment.made", assignment, by, **_particulars(assignment))
    return assignment


@transaction.atomic
def change(
    assignment: Assignment, values: Mapping[str, Any], *, by: trail.Actor | None
) -> Assignment:
    """Set columns of an open assignment, but neither place nor checklist.

    Raises IllegalMove and what ``assign`` raises.
    """
    _lock(assignment, "change")
    before = _particulars(assignment)
    for column, value in values.items():
        setattr(assignment, column, value)
    after = _particulars(assignment)
    if changed := {key: [before[key], after[key]] for key in after if before[key] != after[key]}:
        _check(assignment)
        _save(assignment)
        _tell("assignment.changed", assignment, by, changed=changed)
    return assignment


@transaction.atomic
def miss(assignment: Assignment, *, reason: str, by: trail.Actor | None) -> Assignment:
    """Note why a visit was not made in time. Raises IllegalMove, also before it was due."""
    _lock(assignment, "miss")
    assignment.missed_reason = _reason(reason)
    return _end(assignment, "missed", assignment.missed_reason, by)


@transaction.atomic
def cancel(assignment: Assignment, *, reason: str, by: trail.Actor | None) -> Assignment:
    """Ask no longer for an open visit. Raises IllegalMove, ReasonRequired."""
    _lock(assignment, "cancel")
    assignment.cancelled_reason = _reason(reason)
    return _end(assignment, "cancelled", assignment.cancelled_reason, by)


def fulfil(
    visit_id: UUID,
    *,
    establishment: tuple[int, str],
    checklist: str,
    kind: str,
    team: Collection[int],
    by: Person,
) -> None:
    """Close what the visit was asked for by: of each person of the ``team`` the first that is due.

    Runs in the transaction that writes the visit: one statement, and more only where there is
    something to close. ``establishment``: id and code; ``checklist``: the code. A follow-up is
    made by follow-ups alone, everything else by everything else (A5). Self-checks do nothing.
    """
    if kind == Inspection.Kind.SELF_CHECK:
        return
    place, code = establishment
    asked = Assignment.objects.filter(
        (Q(kind=FOLLOW_UP) if kind == FOLLOW_UP else ~Q(kind=FOLLOW_UP)),
        establishment_id=place,
        checklist=checklist,
        status__in=Assignment.TO_DO,
    )
    exact_first = Case(When(kind=kind, then=Value(0)), default=Value(1))
    first = asked.filter(inspector=OuterRef("inspector")).order_by(exact_first, "due_on", "pk")
    made = asked.filter(inspector__in=team, pk=Subquery(first.values("pk")[:1])).update(
        status=Assignment.Status.DONE, done_by=visit_id, updated_at=timezone.now()
    )
    for pk in Assignment.objects.filter(done_by=visit_id).values_list("pk", flat=True)[:made]:
        trail.record(
            "assignment.fulfilled",
            f"assignment:{pk}",
            actor=by,
            data={"establishment": code, "inspection": str(visit_id)},
        )


def _lock(assignment: Assignment, move: str) -> None:
    """Serialise the changes of one assignment, and see whether ``move`` is legal now."""
    lock(assignment)
    legal = _legal_moves(assignment)
    if move not in legal:
        status = Assignment.Status(assignment.status)
        raise IllegalMove(
            Bilingual(
                f"Việc được giao: {status.label}, hạn {assignment.due_on:%d/%m/%Y}.",
                f"The assignment is {status}, due on {assignment.due_on}.",
            ),
            assignment=str(assignment.pk),
            state=assignment.status,
            legal_moves=legal,
        )


def _legal_moves(assignment: Assignment) -> list[str]:
    if assignment.status != Assignment.Status.OPEN:
        return []
    past = assignment.due_on < timezone.localdate()
    return ["change", "miss", "cancel"] if past else ["change", "cancel"]


def _check(assignment: Assignment) -> None:
    check_day(assignment.due_on, "due_on")
    check_day(assignment.grounds_on, "grounds/date")
    check_printable(
        {"grounds": {"number": assignment.grounds_number, "issuer": assignment.grounds_issuer}}
    )
    inspector = assignment.inspector
    if inspector.role != Role.INSPECTOR or not inspector.is_active:
        raise errors.at("/inspector", errors.UnknownInspector)
    newest = (
        ChecklistVersion.objects.filter(
            code=assignment.checklist, status=ChecklistVersion.Status.PUBLISHED
        )
        .defer("content")
        .order_by("-version")
        .first()
    )
    if newest is None:
        raise errors.at("/checklist", errors.UnknownChecklist)
    if assignment.establishment.kind not in definition_of(newest).kinds:
        raise errors.at("/checklist", errors.ChecklistNotForThisKind)
    _check_follows(assignment)


def _check_follows(assignment: Assignment) -> None:
    if assignment.follows is None:
        if assignment.kind == FOLLOW_UP:
            raise errors.at("/follows", errors.FollowsRequired)
        return
    if assignment.kind != FOLLOW_UP:
        raise errors.at("/follows", errors.FollowsNotAllowed)
    followed = assignment.follows
    if (
        followed.establishment_id != assignment.establishment_id
        or followed.status not in STANDING
        or followed.kind == Inspection.Kind.SELF_CHECK
    ):
        raise errors.at("/follows", errors.UnknownInspection)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonRequired
    return text.strip()


def _end(assignment: Assignment, status: str, reason: str, by: trail.Actor | None) -> Assignment:
    assignment.status = status
    _save(assignment)
    _tell(f"assignment.{status}", assignment, by, reason=reason)
    return assignment


def _save(assignment: Assignment) -> None:
    assignment.updated_at = timezone.now()
    assignment.save()


def _particulars(assignment: Assignment) -> dict[str, Any]:
    """What the trail tells of what is asked."""
    return {
        "checklist": assignment.checklist,
        "inspector": assignment.inspector.username,
        "due_on": assignment.due_on.isoformat(),
        "kind": assignment.kind,
        "grounds": assignment.grounds,
        "follows": str(assignment.follows_id) if assignment.follows_id else None,
    }


def _tell(action: str, assignment: Assignment, by: trail.Actor | None, **data: Any) -> None:
    trail.record(
        action,
        f"assignment:{assignment.pk}",
        actor=by,
        data={"establishment": assignment.establishment.code, **data},
    )
