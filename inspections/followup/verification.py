"""Who looks at what managers answered: accept, refuse, take back; let a finding stand for a time.

Each function is one transaction with its audit entry (lock order: see ``lifecycle``). Rules A7
to A11 of docs/rules/followup.md.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.common.errors import PermissionDenied, at
from backend.common.text import Bilingual
from inspections.fieldwork.errors import ReasonRequired
from inspections.fieldwork.models import Finding
from inspections.followup.errors import AnsweredMeanwhile, OwnCorrection
from inspections.followup.lifecycle import check_move, hold, seen, tell
from inspections.followup.models import Correction, FindingException
from markets.errors import DayOutOfRange
from markets.lifecycle.days import check_day

VERIFIERS = (Role.INSPECTOR, Role.DEPARTMENT)
State = Correction.State


def accept(
    finding_id: UUID, *, by: Person, correction: UUID | None = None, reason: str = ""
) -> None:
    """Find that what was answered is done; of partial answers alone, something is left to do.

    ``correction``: the newest answer that the verifier has seen; without it, whatever waits.
    Safe to repeat. Raises NotFound, PermissionDenied, OwnCorrection, IllegalMove where nothing
    waits, AnsweredMeanwhile.
    """
    _decide(finding_id, "accept", correction, reason.strip(), by)


def refuse(finding_id: UUID, *, by: Person, reason: str, correction: UUID | None = None) -> None:
    """Find that it is not done yet. As ``accept``; raises ReasonRequired besides."""
    _decide(finding_id, "refuse", correction, _given(reason), by)


@transaction.atomic
def reopen(finding_id: UUID, *, by: Person, reason: str) -> None:
    """Take back that it is done, or end an exception before its time.

    Raises NotFound, PermissionDenied, ReasonRequired, OwnCorrection, and IllegalMove where there
    is nothing to take back.
    """
    finding = _seen_by_verifier(finding_id, by)
    reason = _given(reason)
    hold(finding)
    _check_not_own(_answers(finding), by)
    check_move(finding, "reopen")
    accepted = Correction.objects.filter(finding=finding, state=State.ACCEPTED, partly=False)
    accepted.update(
        state=State.REOPENED,
        reopened_by_id=by.id,
        reopened_at=timezone.now(),
        reopened_reason=reason,
    )
    _end_exception(finding, reason, by)
    tell("finding.reopened", finding, by, reason=reason)


@transaction.atomic
def except_until(finding_id: UUID, *, until: date, reason: str, by: Person) -> None:
    """Let a finding stand until the end of a day; another exception is ended by this one.

    Safe to repeat. Raises NotFound, PermissionDenied, ReasonRequired, DayOutOfRange for a day
    that is over, IllegalMove.
    """
    finding = seen(finding_id, by)
    if by.role != Role.DEPARTMENT:
        raise PermissionDenied
    reason = _given(reason)
    check_day(until, "until")
    today = timezone.localdate()
    if until < today:
        raise at("/until", DayOutOfRange)
    hold(finding)
    same = {"until": until, "reason": reason, "granted_by_id": by.id, "granted_on": today}
    if FindingException.objects.filter(finding=finding, ended_at=None, **same).exists():
        return
    check_move(finding, "except")
    _end_exception(finding, reason, by)
    FindingException.objects.create(finding=finding, **same)
    tell("finding.excepted", finding, by, until=until.isoformat(), reason=reason)


def _decide(finding_id: UUID, move: Any, correction: UUID | None, reason: str, by: Person) -> None:
    finding = _seen_by_verifier(finding_id, by)
    state = State.ACCEPTED if move == "accept" else State.REFUSED
    with transaction.atomic():
        hold(finding)
        answers = _answers(finding)
        _check_not_own(answers, by)
        if _is_decided(answers, state, reason, by):
            return
        check_move(finding, move)
        waiting = [answer.pk for answer in answers if answer.state == State.WAITING]
        if correction not in (None, waiting[-1]):
            raise AnsweredMeanwhile(correction=str(waiting[-1]))
        Correction.objects.filter(pk__in=waiting, state=State.WAITING).update(
            state=state, decided_by_id=by.id, decided_at=timezone.now(), reason=reason
        )
        named = [str(pk) for pk in waiting]
        tell(f"finding.{state}", finding, by, corrections=named, reason=reason)


def _seen_by_verifier(finding_id: UUID, by: Person) -> Finding:
    finding = seen(finding_id, by)
    if by.role not in VERIFIERS:
        raise PermissionDenied
    return finding


def _answers(finding: Finding) -> Sequence[Correction]:
    """The oldest first."""
    return list(Correction.objects.filter(finding=finding).order_by("at", "pk"))


def _check_not_own(answers: Sequence[Correction], by: Person) -> None:
    """A9. Who was the manager may be an inspector today."""
    if any(answer.by_id == by.id for answer in answers):
        raise OwnCorrection


def _is_decided(answers: Sequence[Correction], state: str, reason: str, by: Person) -> bool:
    """Whether this very decision was the last one: its answer was lost on the way."""
    if not answers or any(answer.state == State.WAITING for answer in answers):
        return False
    last = answers[-1]
    return (last.state, last.decided_by_id, last.reason) == (state, by.id, reason)


def _end_exception(finding: Finding, reason: str, by: Person) -> None:
    counting = FindingException.objects.filter(finding=finding, ended_at=None)
    counting.update(ended_by_id=by.id, ended_at=timezone.now(), ended_reason=reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonRequired(Bilingual("Cần nêu lý do.", "Say why."))
    return reason.strip()
