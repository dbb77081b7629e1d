"""What the department asks of inspectors, and how a visit fulfils it.

Each change is one transaction with its audit entry.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.audit import trail
from backend.common.compiled import Compiled, Question
from backend.common.errors import at
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion, parse_name
from inspections.fieldwork.errors import IllegalMove, ReasonRequired
from inspections.fieldwork.models import Inspection
from inspections.planning import errors
from inspections.planning.models import Assignment, AssignmentMember
from markets.lifecycle.days import check_day
from markets.lifecycle.establishments import check_open
from markets.lifecycle.locks import lock, lock_all

FOLLOW_UP = Assignment.Kind.FOLLOW_UP
STANDING = (Inspection.Status.SUBMITTED, Inspection.Status.ISSUED)


@transaction.atomic
def assign(
    assignment: Assignment, members: Sequence[User] = (), *, by: trail.Actor | None
) -> Assignment:
    """Ask for the visit that ``assignment``, not saved yet, describes; ``members`` go along.

    Raises EstablishmentClosed, CharacterNotSupported, DayOutOfRange and what stands in
    ``errors``.
    """
    check_open(assignment.establishment, "establishment")
    _check(assignment, members)
    assignment.save(force_insert=True)
    _join(assignment, members)
    _tell("assignment.made", assignment, by, **_particulars(assignment, members))
    return assignment


@transaction.atomic
def change(
    assignment: Assignment,
    values: Mapping[str, Any],
    members: Sequence[User] | None = None,
    *,
    by: trail.Actor | None,
) -> Assignment:
    """Set columns of an open assignment, but neither place nor checklist.

    ``members``: None leaves them as they are. Raises IllegalMove and what ``assign`` raises.
    """
    _lock(assignment, "change")
    former = assignment.team
    members = former if members is None else members
    before = _particulars(assignment, former)
    for column, value in values.items():
        setattr(assignment, column, value)
    after = _particulars(assignment, members)
    if changed := {key: [before[key], after[key]] for key in after if before[key] != after[key]}:
        _check(assignment, members)
        _save(assignment)
        if "members" in changed:
            assignment.memberships.all().delete()
            _join(assignment, members)
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


def to_do_asked(place: str, checklist: str) -> Question[list[Any]]:
    """What is to be done with a checklist (``CODE@VERSION``) at a place, the first due first."""
    if (name := parse_name(checklist)) is None:
        return Question([], list)
    return Question(
        [(_to_do, {"place": place, "checklist": name[0]})],
        lambda rows: sorted(rows, key=lambda row: (row.due_on, row.id)),
    )


def fulfil(visit_id: UUID, to_do: Iterable[Any], *, kind: str, team: Collection[int]) -> list[UUID]:
    """Close what this visit was asked for by: of each person of the ``team`` the first due.

    ``to_do``: the answer to ``to_do_asked``; what is asked for while a visit is on its way
    counts as asked after it. In the transaction that writes the visit: no statement where there
    is nothing to close. No audit entry: the caller ends with ``record_fulfilled``. Rule A5 of
    docs/rules/followup.md: a follow-up is made by follow-ups alone, other visits by any other,
    rather by one of the same kind.
    """
    if kind == Inspection.Kind.SELF_CHECK:
        return []
    first: dict[int, UUID] = {}
    for asked in sorted(to_do, key=lambda asked: asked.kind != kind):
        if asked.inspector_id in team and (asked.kind == FOLLOW_UP) == (kind == FOLLOW_UP):
            first.setdefault(asked.inspector_id, asked.id)
    if not first:
        return []
    made = Assignment.objects.filter(pk__in=first.values(), status__in=Assignment.TO_DO)
    lock_all(made)
    made.update(status=Assignment.Status.DONE, done_by=visit_id, updated_at=timezone.now())
    return list(Assignment.objects.filter(done_by=visit_id).values_list("pk", flat=True))


_to_do = Compiled(
    lambda place, checklist: (
        Assignment.objects.filter(
            establishment__code=place, checklist=checklist, status__in=Assignment.TO_DO
        )
        .order_by()
        .values("id", "inspector_id", "kind", "due_on")
    ),
    place=str,
    checklist=str,
)


def record_fulfilled(
    visit_id: UUID, place: str, fulfilled: Iterable[UUID], *, by: trail.Actor
) -> None:
    """One audit entry for each assignment that the visit fulfilled."""
    for pk in fulfilled:
        trail.record(
            "assignment.fulfilled",
            f"assignment:{pk}",
            actor=by,
            data={"establishment": place, "inspection": str(visit_id)},
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


def _join(assignment: Assignment, members: Iterable[User]) -> None:
    AssignmentMember.objects.bulk_create(
        AssignmentMember(assignment=assignment, person=member) for member in members
    )


def _check(assignment: Assignment, members: Sequence[User]) -> None:
    check_day(assignment.due_on, "due_on")
    check_day(assignment.grounds_on, "grounds/date")
    check_printable(
        {"grounds": {"number": assignment.grounds_number, "issuer": assignment.grounds_issuer}}
    )
    if not _may_inspect(assignment.inspector):
        raise at("/inspector", errors.UnknownInspector)
    for position, member in enumerate(members):
        if not _may_inspect(member):
            raise at(f"/members/{position}", errors.UnknownInspector)
        if member.pk in {assignment.inspector_id, *(each.pk for each in members[:position])}:
            raise at(f"/members/{position}", errors.DuplicateMember)
    newest = (
        ChecklistVersion.objects.filter(
            code=assignment.checklist, status=ChecklistVersion.Status.PUBLISHED
        )
        .defer("content")
        .order_by("-version")
        .first()
    )
    if newest is None:
        raise at("/checklist", errors.UnknownChecklist)
    if assignment.establishment.kind not in definition_of(newest).kinds:
        raise at("/checklist", errors.ChecklistNotForThisKind)
    _check_follows(assignment)


def _may_inspect(person: User) -> bool:
    return person.role == Role.INSPECTOR and person.is_active


def _check_follows(assignment: Assignment) -> None:
    if assignment.follows is None:
        if assignment.kind == FOLLOW_UP:
            raise at("/follows", errors.FollowsRequired)
        return
    if assignment.kind != FOLLOW_UP:
        raise at("/follows", errors.FollowsNotAllowed)
    followed = assignment.follows
    if (
        followed.establishment_id != assignment.establishment_id
        or followed.status not in STANDING
        or followed.kind == Inspection.Kind.SELF_CHECK
    ):
        raise at("/follows", errors.UnknownInspection)


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


def _particulars(assignment: Assignment, members: Iterable[User]) -> dict[str, Any]:
    """What the trail tells of what is asked."""
    return {
        "checklist": assignment.checklist,
        "inspector": assignment.inspector.username,
        "members": [member.username for member in members],
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
