"""Changes to inspections, each with its audit entry: drafts, superseding, voiding, closing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from backend.accounts.current import Person
from backend.audit import trail
from backend.common import rows
from backend.common.errors import NotFound, PermissionDenied, PreconditionFailed
from backend.common.text import Bilingual, fold
from inspections.fieldwork.errors import IllegalMove, ReasonRequired
from inspections.fieldwork.models import Inspection, InspectionMember
from inspections.fieldwork.rules.transitions import MOVES, Move, legal_moves
from markets.models import Establishment

Status = Inspection.Status


def manages(person: Person, establishment_id: int) -> bool:
    """Whether the person holds a current appointment to the place."""
    today = timezone.localdate()
    places = Establishment.objects.managed_by(person.id, on=today)
    return places.filter(pk=establishment_id).exists()


def search_text(*parts: str | None) -> str:
    return fold(" ".join(part for part in parts if part))[:700]


def hold(draft: Inspection) -> None:
    """Lock a draft that was read before, ahead of all that hangs on it.

    Raises IntegrityError when it is no longer that draft.
    """
    same = Inspection.objects.filter(pk=draft.pk, status=Status.DRAFT, version=draft.version)
    if same.select_for_update(no_key=True).values_list("pk", flat=True).first() is None:
        raise IntegrityError("the draft was changed meanwhile")


def members_of(inspection_id: UUID, members: Iterable[tuple[int, str]]) -> list[InspectionMember]:
    """The rows of the team: (person id, role) each. They come before the inspection's own.

    All who write under one id meet there, and in one order, so that none waits for each other.
    """
    return [
        InspectionMember(inspection_id=inspection_id, person_id=person, role=role)
        for person, role in sorted(members)
    ]


def leaving(inspection_id: UUID, members: Iterable[tuple[int, str]]) -> list[str]:
    """Usernames of whoever is in the team, and will not be among ``members``."""
    team = InspectionMember.objects.filter(inspection_id=inspection_id)
    gone = team.exclude(person__in=[person for person, _ in members])
    return sorted(set(gone.values_list("person__username", flat=True)))


def forget_members(inspection_id: UUID) -> None:
    """Of a draft that is replaced (see ``hold``)."""
    InspectionMember.objects.filter(inspection_id=inspection_id).delete()


def store(inspection: Inspection, *besides: Sequence[Model], replaces: Inspection | None) -> None:
    """Write the row of a draft or submission, over the draft that it ``replaces`` (see ``hold``).

    ``besides``: new rows of other models. Raises IntegrityError when another copy was inserted
    first.
    """
    if replaces is None:
        rows.insert([inspection], *besides)
    else:
        fields = {
            field.attname: getattr(inspection, field.attname)
            for field in Inspection._meta.concrete_fields
            if not field.primary_key
        }
        Inspection.objects.filter(pk=replaces.pk).update(**fields)
        rows.insert(*besides)


def save_draft(
    inspection: Inspection, *, version: int | None, members: Iterable[tuple[int, str]], by: Person
) -> Inspection:
    """Mirror a draft of a phone. ``version`` is the one that it replaces, None for a new one.

    Raises IllegalMove where it is no draft any more, PreconditionFailed where it is another
    version.
    """
    known, team = None, list(members)
    if version is not None:
        known = Inspection.objects.filter(pk=inspection.pk).first()
        if known is None:  # discarded just now
            raise PreconditionFailed
        check_is_draft(known)
        if known.version != version:
            raise PreconditionFailed(version=known.version)
        inspection.version = version + 1
        inspection.created_at = known.created_at
    data: dict[str, Any] = {"version": inspection.version}
    try:
        with transaction.atomic():
            if known:
                hold(known)
                if left := leaving(inspection.pk, team):
                    data["left"] = left
                forget_members(inspection.pk)
            rows.insert(members_of(inspection.pk, team))
            store(inspection, replaces=known)
            trail.record(
                "draft.replaced" if known else "draft.created",
                f"inspection:{inspection.pk}",
                actor=by,
                data=data,
            )
    except IntegrityError as error:
        raise PreconditionFailed from error
    return inspection


def check_is_draft(inspection: Inspection) -> None:
    """Raise IllegalMove where the inspection is no longer a draft."""
    _move(inspection, "discard")


def discard(inspection: Inspection, *, by: Person) -> None:
    """Delete a draft; its audit entries stay. Head and sender may, members may not."""
    _move(inspection, "discard")
    heads = InspectionMember.objects.filter(inspection=inspection, role="head", person_id=by.id)
    if inspection.sent_by_id != by.id and not heads.exists():
        raise PermissionDenied
    with transaction.atomic():
        draft = Inspection.objects.filter(pk=inspection.pk, status=Status.DRAFT)
        # Locked before what hangs on it, as everywhere.
        if draft.select_for_update().values_list("pk", flat=True).first() is None:
            raise NotFound
        draft.delete()
        trail.record(
            "draft.discarded",
            f"inspection:{inspection.pk}",
            actor=by,
            data={"establishment": inspection.establishment.code, "version": inspection.version},
        )


def supersede(old: Inspection) -> None:
    """Mark ``old`` as replaced, in the transaction of the submission that replaces it."""
    _change(old, "supersede")


def void(inspection: Inspection, *, reason: str, by: Person) -> Inspection:
    """End an inspection; its number is kept. Raises IllegalMove, ReasonRequired."""
    reason = _reason(reason)
    with transaction.atomic():
        _change(inspection, "void", voided_at=timezone.now(), void_reason=reason)
        trail.record(
            "inspection.voided", f"inspection:{inspection.pk}", actor=by, data={"reason": reason}
        )
    return Inspection.objects.get(pk=inspection.pk)


def close_evidence(inspection: Inspection, *, reason: str, by: Person) -> Inspection:
    """Give up waiting for photos; the record will name them as missing."""
    reason = _reason(reason)
    with transaction.atomic():
        _change(
            inspection,
            "close_evidence",
            # Who closed it first stands in the record.
            Q(evidence_closed_at=None),
            evidence_closed_at=timezone.now(),
            evidence_closed_by_id=by.id,
            evidence_closed_reason=reason,
        )
        trail.record(
            "inspection.evidence_closed",
            f"inspection:{inspection.pk}",
            actor=by,
            data={"reason": reason},
        )
    return Inspection.objects.get(pk=inspection.pk)


def note(inspection: Inspection, *statuses: str) -> None:
    """Hold a visit until the commit, as something is said of it: it has another ETag.

    Raises IllegalMove where its status is none of ``statuses``.
    """
    rows_now = Inspection.objects.filter(pk=inspection.pk, status__in=statuses)
    if not rows_now.update(version=F("version") + 1, updated_at=timezone.now()):
        raise _illegal(Inspection.objects.get(pk=inspection.pk))


def _change(inspection: Inspection, move: Move, *only: Q, **fields: Any) -> None:
    """Move by a conditional UPDATE: of two at once, one finds the row already moved."""
    target = _move(inspection, move)
    # Not the status that was read: a record may be issued meanwhile, which forbids nothing.
    movable = Inspection.objects.filter(
        *only, pk=inspection.pk, status__in=[status for status in MOVES if move in MOVES[status]]
    )
    changed = movable.update(
        status=target, version=F("version") + 1, updated_at=timezone.now(), **fields
    )
    if not changed:
        raise _illegal(Inspection.objects.get(pk=inspection.pk))


def _move(inspection: Inspection, move: Move) -> str | None:
    moves: Mapping[Move, str | None] = MOVES[inspection.status]  # type: ignore[index]
    if move not in moves:
        raise _illegal(inspection)
    return moves[move]


def _illegal(inspection: Inspection) -> IllegalMove:
    status = inspection.status
    return IllegalMove(
        Bilingual(
            vi=f"Lượt kiểm tra đang ở trạng thái {Status(status).label}.",
            en=f"The inspection is {status}.",
        ),
        inspection=str(inspection.pk),
        state=status,
        legal_moves=legal_moves(status),  # type: ignore[arg-type]
    )


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonRequired
    return text.strip()
