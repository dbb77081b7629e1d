"""What managers answer to findings.

Each function is one transaction with its audit entry, and knows no HTTP: phones push the same
things through ``sync``.
"""

from collections.abc import Sequence
from datetime import date, timedelta
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
from inspections.followup.queries import CLOSED, with_status
from markets.errors import DayOutOfRange
from markets.lifecycle.days import check_day

CLOCKS_APART = timedelta(days=1)


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
    _check_done(done_on)
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
