"""Replies and appeals of those who were visited, decisions about them, and publication.

Each function is one transaction with its audit entry, and knows no HTTP. Lock order: the visit,
then what hangs on it, then the audit head, last. Rules J1 to J6 of docs/rules/disputes.md.
"""

from datetime import date, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit import trail
from backend.common.errors import NotFound, PermissionDenied
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from inspections.disputes.errors import AppealedAlready, OfficerWasThere, TimeForReply, TimeIsOver
from inspections.disputes.models import Appeal, Publication, Reply
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.errors import IdTaken, IllegalMove, ReasonRequired
from inspections.fieldwork.models import Finding, Inspection, InspectionMember
from inspections.followup.rules.periods import periods_on
from inspections.followup.rules.working_days import working_days_after

State = Appeal.State
STANDING = (Inspection.Status.SUBMITTED, Inspection.Status.ISSUED)
ENDED_TOO = (*STANDING, Inspection.Status.SUPERSEDED, Inspection.Status.VOIDED)


class Clocks(NamedTuple):
    """The last local days on which a manager may reply and appeal."""

    reply_until: date
    appeal_until: date


def clocks(visit: Inspection) -> Clocks:
    """Of a visit that was submitted."""
    received_on = timezone.localdate(visit.received_at)
    periods = periods_on(received_on)
    return Clocks(
        working_days_after(received_on, periods.reply_days),
        received_on + timedelta(days=periods.appeal_days),
    )


def reply(
    visit_id: UUID, reply_id: UUID, *, text: str, finding: UUID | None = None, by: Person
) -> tuple[Reply, bool]:
    """Say something to a verdict, or to a ``finding`` of the visit; the flag: whether it is new.

    Safe to repeat. Raises NotFound, PermissionDenied, IdTaken, CharacterNotSupported, TimeIsOver,
    and IllegalMove where the visit stands no more.
    """
    visit = _for_its_manager(visit_id, by)
    found = None
    if finding is not None:
        found = Finding.objects.filter(pk=finding, inspection=visit).first()
        if found is None:
            raise NotFound
    said = Reply(id=reply_id, inspection=visit, finding=found, text=text, by_id=by.id)
    if known := _known(said, "inspection_id", "finding_id", "text"):
        return known, False
    check_printable({"text": text})
    _check_time(clocks(visit).reply_until)
    try:
        with transaction.atomic():
            fieldwork.note(visit, *STANDING)
            said.save(force_insert=True)
            about = str(finding) if finding else None
            _tell("inspection.replied", visit, by, reply=str(said.pk), finding=about)
    except IntegrityError:
        # Another copy of this reply was faster: its row decides.
        if known := _known(said, "inspection_id", "finding_id", "text"):
            return known, False
        raise
    return said, True


def appeal(visit_id: UUID, appeal_id: UUID, *, text: str, by: Person) -> tuple[Appeal, bool]:
    """Ask for another look at a verdict; the flag: whether it is new.

    Safe to repeat. Raises what ``reply`` raises, and AppealedAlready.
    """
    visit = _for_its_manager(visit_id, by)
    asked = Appeal(id=appeal_id, inspection=visit, lodged_against=visit, text=text, by_id=by.id)
    if known := _known(asked, "lodged_against_id", "text"):
        return known, False
    check_printable({"text": text})
    _check_time(clocks(visit).appeal_until)
    try:
        with transaction.atomic():
            fieldwork.note(visit, *STANDING)
            if other := Appeal.objects.filter(inspection=visit).exclude(pk=appeal_id).first():
                raise AppealedAlready(appeal=str(other.pk))
            asked.save(force_insert=True)
            _tell("inspection.appealed", visit, by, appeal=str(asked.pk))
    except IntegrityError:
        if known := _known(asked, "lodged_against_id", "text"):
            return known, False
        raise
    return asked, True


@transaction.atomic
def decide(
    appeal_id: UUID, *, outcome: Literal["upheld", "rejected"], reason: str, by: Person
) -> Appeal:
    """Decide about an appeal, as an officer who had no part in the visit.

    Upheld, the verdict keeps its mark until it is superseded or voided. Safe to repeat. Raises
    NotFound, PermissionDenied, OfficerWasThere, ReasonRequired, CharacterNotSupported, and
    IllegalMove where it was decided otherwise.
    """
    asked = Appeal.objects.visible_to(by.id, by.role).filter(pk=appeal_id).first()
    if asked is None:
        raise NotFound
    if by.role != Role.DEPARTMENT:
        raise PermissionDenied
    reason = _given(reason)
    check_printable({"reason": reason})
    visit = asked.inspection
    if by.id == asked.by_id or _was_there({visit.pk, asked.lodged_against_id}, by):
        raise OfficerWasThere
    if (asked.state, asked.decided_by_id, asked.reason) == (outcome, by.id, reason):
        return asked
    fieldwork.note(visit, *ENDED_TOO)
    decided = Appeal.objects.filter(pk=asked.pk, inspection=visit, state=State.LODGED)
    if not decided.update(
        state=outcome, decided_by_id=by.id, decided_at=timezone.now(), reason=reason
    ):
        raise _decided(Appeal.objects.get(pk=asked.pk))
    _tell(
        "inspection.appeal_decided", visit, by, appeal=str(asked.pk), outcome=outcome, reason=reason
    )
    return Appeal.objects.get(pk=asked.pk)


@transaction.atomic
def publish(visit_id: UUID, *, by: Person) -> Publication:
    """Let the public see a verdict, once the time for reply has passed.

    Safe to repeat. Raises NotFound, PermissionDenied, IllegalMove unless the record is issued,
    TimeForReply.
    """
    visit = _for_the_department(visit_id, by)
    if known := _published(visit):
        return known
    fieldwork.note(visit, Inspection.Status.ISSUED)
    until = clocks(visit).reply_until
    if timezone.localdate() <= until:
        raise TimeForReply(until=until.isoformat())
    if known := _published(visit):  # meanwhile
        return known
    made = Publication.objects.create(inspection=visit, by_id=by.id)
    _tell("inspection.published", visit, by)
    return made


@transaction.atomic
def withdraw(visit_id: UUID, *, reason: str, by: Person) -> Publication:
    """Let the public no longer see a verdict. Raises IllegalMove where it is not published."""
    visit = _for_the_department(visit_id, by)
    reason = _given(reason)
    fieldwork.note(visit, *ENDED_TOO)
    known = _published(visit)
    if known is None:
        raise IllegalMove(
            Bilingual("Kết luận này không được công bố.", "This verdict is not published."),
            inspection=str(visit.pk),
            state=visit.status,
            legal_moves=["publish"] if visit.status == Inspection.Status.ISSUED else [],
        )
    known.withdrawn_by_id, known.withdrawn_at = by.id, timezone.now()
    known.withdrawn_reason = reason
    known.save()
    _tell("inspection.withdrawn", visit, by, reason=reason)
    return known


def pass_on(old: Inspection, successor_id: UUID) -> None:
    """Let an open appeal go with the verdict: J4. In the transaction that supersedes ``old``."""
    open_appeal = Appeal.objects.filter(inspection=old, state=State.LODGED)
    open_appeal.update(inspection_id=successor_id)


def _seen(visit_id: UUID, by: Person) -> Inspection:
    """A visit with a record. Raises NotFound for drafts and self-checks as well."""
    seen = Inspection.objects.visible_to(by.id, by.role).exclude(status=Inspection.Status.DRAFT)
    visit = seen.exclude(kind=Inspection.Kind.SELF_CHECK).filter(pk=visit_id)
    found = visit.select_related("establishment").first()
    if found is None:
        raise NotFound
    return found


def _for_its_manager(visit_id: UUID, by: Person) -> Inspection:
    visit = _seen(visit_id, by)
    if by.role != Role.MANAGER:
        raise PermissionDenied
    return visit


def _for_the_department(visit_id: UUID, by: Person) -> Inspection:
    visit = _seen(visit_id, by)
    if by.role != Role.DEPARTMENT:
        raise PermissionDenied
    return visit


def _known(said: Any, *fields: str) -> Any:
    """What lies under the id. Raises IdTaken where it is something else."""
    known = type(said).objects.filter(pk=said.pk).first()
    if known and any(getattr(known, field) != getattr(said, field) for field in fields):
        raise IdTaken
    return known


def _check_time(until: date) -> None:
    if timezone.localdate() > until:
        raise TimeIsOver(until=until.isoformat())


def _was_there(visits: set[UUID], by: Person) -> bool:
    """J3. Who was on any of the ``visits``, or sent it."""
    members = InspectionMember.objects.filter(inspection__in=visits, person_id=by.id)
    return members.exists() or Inspection.objects.filter(pk__in=visits, sent_by_id=by.id).exists()


def _published(visit: Inspection) -> Publication | None:
    return Publication.objects.filter(inspection=visit, withdrawn_at=None).first()


def _decided(asked: Appeal) -> IllegalMove:
    state = State(asked.state)
    return IllegalMove(
        Bilingual(f"Kiến nghị này: {state.label}.", f"The appeal is {asked.state}."),
        appeal=str(asked.pk),
        state=asked.state,
        legal_moves=["decide"] if asked.state == State.LODGED else [],
    )


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonRequired
    return reason.strip()


def _tell(action: str, visit: Inspection, by: Person, **data: Any) -> None:
    place = visit.establishment.code
    trail.record(action, f"inspection:{visit.pk}", actor=by, data={"establishment": place, **data})
