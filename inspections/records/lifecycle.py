"""The life of a record: a number and a frozen payload, then a file that is drawn once.

``issue_waiting`` may run in any process at any time: a record is claimed by a conditional
UPDATE, no lock is held while it is drawn, and the first file stored wins.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.audit import trail
from backend.common.statements import fetch
from inspections.evidence.models import Evidence
from inspections.fieldwork.models import EvidenceReference, Inspection
from inspections.fieldwork.reading import missing_evidence
from inspections.records import drawing
from inspections.records.models import Record, RecordSequence
from inspections.records.payload import Numbered, Unnumbered
from inspections.records.pki import SigningKeyError
from markets.models import Authority

# Far longer than drawing takes. A second drawing would be in vain but harmless, and a record
# that was claimed by a killed process waits no longer than this.
CLAIM = timedelta(seconds=30)
# One that cannot be drawn must not take every pass: it is tried again when others had their turn.
AFTER_FAILURE = timedelta(minutes=10)
# A superseded record has its number in the register too; a voided one is never drawn.
TO_DRAW = (Inspection.Status.SUBMITTED, Inspection.Status.SUPERSEDED)

logger = logging.getLogger(__name__)


def give_number(authority_id: int, symbol: str, year: int, token: str) -> Numbered:
    """The next number of the authority's year, in the caller's transaction.

    The row of the series stays locked until the commit, and a rollback gives the number back:
    no gap, no repetition. One statement, the same on both databases.
    """
    table = RecordSequence._meta.db_table
    [(sequence,)] = fetch(
        f"INSERT INTO {table} (authority_id, year, last) VALUES (%s, %s, 1) "  # noqa: S608
        f"ON CONFLICT (authority_id, year) DO UPDATE SET last = {table}.last + 1 "
        "RETURNING last",
        [authority_id, year],
    )
    return Numbered(f"{sequence:02d}/BB-{symbol}", sequence, year, verify_url(token))


def begin_series(
    authority: Authority, year: int, *, last: int, by: trail.Actor | None
) -> RecordSequence:
    """Let a year's numbers go on behind ``last``, where the clerk's register began on paper.

    Raises IntegrityError when the series has begun already.
    """
    with transaction.atomic():
        series = RecordSequence.objects.create(authority=authority, year=year, last=last)
        trail.record(
            "series.begun",
            f"authority:{authority.code}",
            actor=by,
            data={"year": year, "last": last},
        )
    return series


def verify_url(token: str) -> str:
    """The address in the QR code."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/verify/{token}/"


def new_record(
    inspection_id: UUID, authority_id: int, numbered: Numbered, token: str, payload: Unnumbered
) -> Record:
    """The record of an inspection, not yet saved."""
    text = payload.with_number(numbered)
    return Record(
        id=inspection_id,
        inspection_id=inspection_id,
        authority_id=authority_id,
        year=numbered.year,
        sequence=numbered.sequence,
        number=numbered.number,
        token=token,
        payload=text.decode(),
        payload_sha256=hashlib.sha256(text).hexdigest(),
    )


def complete_if_all_is_here(inspection_id: UUID) -> bool:
    """Freeze the issue note once no named photo is missing or the evidence was closed.

    Every door (submission, evidence, closing) calls this after its own commit, so that two
    doors at once strand nothing, and a key that cannot be loaded is not their failure:
    ``issue_waiting`` asks again. True when the record may now be drawn.
    """
    record = (
        Record.objects.select_related("inspection", "inspection__evidence_closed_by")
        .filter(inspection_id=inspection_id, issue_note__isnull=True, file_sha256="")
        .exclude(inspection__status=Inspection.Status.VOIDED)
        .only(
            "issue_note",
            "inspection__evidence_closed_at",
            "inspection__evidence_closed_reason",
            "inspection__evidence_closed_by__full_name",
        )
        .first()
    )
    if record is None:
        return False
    missing = missing_evidence(record.inspection)
    closed = record.inspection.evidence_closed_at
    if missing and closed is None:
        return False
    try:
        test = drawing.signs_as_test()
    except SigningKeyError as error:
        logger.error("record %s cannot be completed: %s", record.pk, error)
        return False
    note = {
        "test": test,
        "evidence_closed": closed and _closing(record.inspection),
        "missing_photos": missing,
    }
    return bool(
        Record.objects.filter(pk=record.pk, issue_note__isnull=True).update(issue_note=note)
    )


def waiting_for(sha256: str) -> list[UUID]:
    """The inspections whose records wait for this photo."""
    rows = EvidenceReference.objects.filter(
        sha256=sha256,
        inspection__record__issue_note__isnull=True,
        inspection__status__in=TO_DRAW,
    )
    return list(rows.values_list("inspection_id", flat=True))


def issue_waiting(
    should_stop: Callable[[], bool] = lambda: False,
    on_failure: Callable[[str], object] = lambda _: None,
) -> int:
    """Draw, sign and store what is complete until nothing waits. Returns how many.

    Safe to run anywhere, any number of times: a killed run's claims expire. ``should_stop`` is
    asked before each record. A record that cannot be issued is logged and told to ``on_failure``,
    and the others go on; without a key that may sign now, none is begun.
    """
    try:
        drawing.signer().check_valid(timezone.now())
    except SigningKeyError as error:
        logger.error("no record can be signed: %s", error)
        on_failure(str(error))
        return 0
    _complete_stranded()
    issued = 0
    while not should_stop():
        pk = _claimable().order_by("pk").values_list("pk", flat=True).first()
        if pk is None:
            break
        until = timezone.now() + CLAIM
        if _claimable().filter(pk=pk).update(claimed_until=until):
            issued += _issue_or_postpone(
                Record.objects.select_related("inspection").get(pk=pk), on_failure
            )
    return issued


def _issue_or_postpone(record: Record, on_failure: Callable[[str], object]) -> bool:
    try:
        return _issue(record)
    except Exception as error:
        logger.exception("record %s cannot be issued", record.pk)
        on_failure(f"{record}: {type(error).__name__}: {error}")
        later = timezone.now() + AFTER_FAILURE
        Record.objects.filter(pk=record.pk, file_sha256="").update(claimed_until=later)
        return False


def _issue(record: Record) -> bool:
    """Draw outside of any transaction, then let exactly one file become the record's."""
    signed_at = timezone.localtime()
    signed = drawing.draw_signed(record, signed_at)
    file = {
        "file_sha256": drawing.keep(signed.content),
        "size_bytes": len(signed.content),
        "level": signed.level,
        "signed_at": signed_at,
        "signer_subject": signed.subject[:500],
        "signer_issuer": signed.issuer[:500],
        "signer_serial": signed.serial,
    }
    with transaction.atomic():
        # It may have been voided while it was drawn. Not its key: whoever commits a row that names
        # it holds the trail by then, for which this waits.
        inspection = Inspection.objects.filter(pk=record.inspection_id)
        held = inspection.select_for_update(no_key=True)
        if held.values_list("status", flat=True).get() not in TO_DRAW:
            return False
        if not Record.objects.filter(pk=record.pk, file_sha256="").update(
            **file, claimed_until=None
        ):
            return False
        submitted = Inspection.objects.filter(
            pk=record.inspection_id, status=Inspection.Status.SUBMITTED
        )
        submitted.update(
            status=Inspection.Status.ISSUED, version=F("version") + 1, updated_at=timezone.now()
        )
        trail.record(
            "record.issued",
            f"record:{record.pk}",
            actor=None,
            data={"number": record.number, "file_sha256": file["file_sha256"]},
        )
    return True


def _claimable() -> QuerySet[Record]:
    return Record.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=timezone.now()),
        signed_at__isnull=True,
        issue_note__isnull=False,
        inspection__status__in=TO_DRAW,
    )


def _complete_stranded() -> None:
    """Complete what a killed process committed but did not get to complete."""
    for inspection_id in list(_stranded().values_list("inspection_id", flat=True)[:1000]):
        complete_if_all_is_here(inspection_id)


def _stranded() -> QuerySet[Record]:
    arrived = Evidence.objects.filter(pk=OuterRef("sha256"))
    lacking = EvidenceReference.objects.filter(~Exists(arrived), inspection=OuterRef("inspection"))
    return Record.objects.filter(
        Q(inspection__evidence_closed_at__isnull=False) | ~Exists(lacking),
        issue_note__isnull=True,
        inspection__status__in=TO_DRAW,
    ).order_by("pk")


def _closing(inspection: Inspection) -> Mapping[str, str]:
    by, at = inspection.evidence_closed_by, inspection.evidence_closed_at
    return {
        "by": by.full_name if by else "",
        "at": timezone.localtime(at).isoformat(timespec="seconds") if at else "",
        "reason": inspection.evidence_closed_reason,
    }
