"""What managers answer to findings.

Each function is one transaction with its audit entry, and knows no HTTP: phones push the same
things through ``sync``. Lock order: the finding, then what hangs on it, then the audit head, last.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit import trail
from backend.common import rows
from backend.common.errors import FieldError, NotFound, PermissionDenied
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from inspections.fieldwork.errors import IdTaken, IllegalMove
from inspections.fieldwork.models import Finding
from inspections.followup.models import Correction, CorrectionPhoto
from inspections.followup.queries import BY_VISIT, with_status
from inspections.followup.rules.moves import Move, Status, legal_moves
from markets.errors import DayOutOfRange
from markets.lifecycle.days import check_day
from markets.lifecycle.locks import lock_all

CLOCKS_APART = timedelta(days=1)
IN_VIETNAMESE: dict[Status, str] = {
    "open": "chưa khắc phục",
    "answered": "chờ xem xét",
    "reopened": "đã mở lại",
    "excepted": "được chấp nhận ngoại lệ",
    "closed": "đã khép lại",
}


def respond(
    finding_id: UUID,
    correction_id: UUID,
    *,
    text: str,
    done_on: date,
    photos: Sequence[str],
    partly: bool = False,
    by: Person,
) -> tuple[Correction, bool]:
    """Answer a finding of the own place; the flag says whether the answer was new.

    ``photos``: SHA-256 digests, which may arrive later. ``partly``: something is left to do.
    Safe to repeat: the same answer under the same id is kept once, whoever of the place sends
    it. Raises NotFound, PermissionDenied, IdTaken, CharacterNotSupported, DayOutOfRange, and
    IllegalMove where the finding is closed.
    """
    finding = seen(finding_id, by)
    if by.role != Role.MANAGER:
        raise PermissionDenied
    named = list(dict.fromkeys(photos))
    answer = Correction(
        id=correction_id, finding=finding, text=text, done_on=done_on, partly=partly, by_id=by.id
    )
    if known := _known(answer, named):
        return known, False
    check_day(done_on, "done_on")
    _check_done(done_on)
    check_printable({"text": text})
    try:
        with transaction.atomic():
            hold(finding)
            if known := _known(answer, named):
                return known, False
            check_move(finding, "respond")
            _keep(answer, named, by)
    except IntegrityError:
        # The id was used for another finding meanwhile.
        if known := _known(answer, named):
            return known, False
        raise
    return answer, True


def seen(finding_id: UUID, by: Person) -> Finding:
    """The finding with its place. Raises NotFound where this person may not know of it."""
    found = Finding.objects.visible_to(by.id, by.role).select_related("establishment")
    finding = found.filter(pk=finding_id).first()
    if finding is None:
        raise NotFound
    return finding


def hold(finding: Finding) -> None:
    """Serialise what is done about one finding, ahead of all that hangs on it."""
    lock_all(Finding.objects.filter(pk=finding.pk))


def check_move(finding: Finding, move: Move) -> None:
    """Raise IllegalMove unless a finding that is held allows ``move`` now."""
    rows_now = Finding.objects.filter(pk=finding.pk).annotate(by_visit=BY_VISIT)
    now = cast("Any", with_status(rows_now, timezone.localdate()).get())
    legal = list(legal_moves(now.status, by_visit=now.by_visit))
    if move not in legal:
        raise IllegalMove(
            Bilingual(
                f"Tồn tại này {IN_VIETNAMESE[cast('Status', now.status)]}.",
                f"The finding is {now.status}.",
            ),
            finding=str(finding.pk),
            state=now.status,
            legal_moves=legal,
        )


def _check_done(done_on: date) -> None:
    """Raise DayOutOfRange for what is still to be done; a phone's clock may be a day ahead."""
    if done_on > timezone.localdate() + CLOCKS_APART:
        detail = Bilingual("Ngày khắc phục ở tương lai.", "This day has not come yet.")
        error = FieldError("/done_on", DayOutOfRange.code, detail)
        raise DayOutOfRange(detail, errors=[error])


def _known(answer: Correction, photos: list[str]) -> Correction | None:
    """What lies under the id. Raises IdTaken where it is not this answer."""
    known = Correction.objects.filter(pk=answer.pk).first()
    if known is None:
        return None
    fields = ("finding_id", "text", "done_on", "partly")
    same = all(getattr(known, field) == getattr(answer, field) for field in fields)
    if not same or [photo.sha256 for photo in known.photos.all()] != photos:
        raise IdTaken
    return known


def _keep(answer: Correction, photos: list[str], by: Person) -> None:
    rows.insert([answer])
    rows.insert([CorrectionPhoto(correction=answer, sha256=sha256) for sha256 in photos])
    tell(
        "finding.answered",
        answer.finding,
        by,
        correction=str(answer.pk),
        done_on=answer.done_on.isoformat(),
        partly=answer.partly,
        photos=photos,
    )


def tell(action: str, finding: Finding, by: Person, **data: Any) -> None:
    """The audit entry of what was done about a finding that ``seen`` gave."""
    place = finding.establishment.code
    trail.record(action, f"finding:{finding.pk}", actor=by, data={"establishment": place, **data})
