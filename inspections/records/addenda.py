"""Replies, appeals and decisions as signed files beside the record, each once.

A statement without a file is the queue; ``issue_waiting`` may run in any process at any time: of
two that draw the same one, the first that stores its row wins.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from backend.audit import trail
from backend.common import canonical
from inspections.checklists.lifecycle import definition_of
from inspections.disputes.models import Appeal, Reply
from inspections.records import drawing
from inspections.records.lifecycle import verify_url
from inspections.records.models import Addendum, Record
from inspections.records.payload import local
from inspections.records.pki import SigningKeyError

SCHEMA = "inspection-addendum/1"
Kind = Addendum.Kind

logger = logging.getLogger(__name__)


class Statement(NamedTuple):
    """What was said of the record of a visit. ``outcome``: of a decision only."""

    kind: Addendum.Kind
    about: UUID
    record_id: UUID
    text: str
    by: str
    at: datetime
    finding: Any = None
    outcome: str = ""


def issue_waiting(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Draw, sign and store what was said of signed records; how many. Safe to run anywhere."""
    issued = 0
    for statement in sorted(_waiting(), key=lambda statement: statement.at):
        if should_stop():
            break
        try:
            issued += _issue(statement)
        except SigningKeyError as error:
            logger.error("no addendum can be signed: %s", error)
            break
        except Exception:
            logger.exception("the addendum about %s cannot be issued", statement.about)
    return issued


def _waiting() -> Iterator[Statement]:
    replies = _unsaid(Reply.objects.all(), Kind.REPLY).filter(
        inspection__record__signed_at__isnull=False
    )
    for said in replies.select_related("by", "finding__stall", "finding__inspection__checklist"):
        yield Statement(
            Kind.REPLY, said.pk, said.inspection_id, said.text, said.by.full_name, said.at,
            said.finding,
        )  # fmt: skip
    appeals = _unsaid(Appeal.objects.all(), Kind.APPEAL).filter(
        lodged_against__record__signed_at__isnull=False
    )
    for asked in appeals.select_related("by"):
        yield Statement(
            Kind.APPEAL, asked.pk, asked.lodged_against_id, asked.text, asked.by.full_name, asked.at
        )
    decided = _unsaid(Appeal.objects.exclude(decided_at=None), Kind.DECISION).filter(
        inspection__record__signed_at__isnull=False
    )
    for asked in decided.select_related("decided_by"):
        if asked.decided_by and asked.decided_at:
            yield Statement(
                Kind.DECISION, asked.pk, asked.inspection_id, asked.reason,
                asked.decided_by.full_name, asked.decided_at, outcome=asked.state,
            )  # fmt: skip


def _unsaid(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    known = Addendum.objects.filter(about=OuterRef("pk"), kind=kind)
    return rows.filter(~Exists(known)).order_by("at", "pk")


def _issue(statement: Statement) -> bool:
    """Draw outside of any transaction, then let exactly one file become the addendum."""
    record = Record.objects.get(pk=statement.record_id)
    last = record.addenda.aggregate(last=Max("sequence"))["last"] or 0
    pk, signed_at = uuid4(), timezone.localtime()
    payload = _payload(pk, last + 1, record, statement)
    content = canonical.dumps(payload)
    signed = drawing.draw_addendum(payload, content, signed_at)
    addendum = Addendum(
        id=pk,
        record=record,
        sequence=last + 1,
        kind=statement.kind,
        about=statement.about,
        payload=content.decode(),
        payload_sha256=hashlib.sha256(content).hexdigest(),
        file_sha256=drawing.keep(signed.content),
        size_bytes=len(signed.content),
        level=signed.level,
        signed_at=signed_at,
        signer_subject=signed.subject[:500],
        signer_issuer=signed.issuer[:500],
        signer_serial=signed.serial,
    )
    try:
        with transaction.atomic():
            addendum.save(force_insert=True)
            trail.record(
                "addendum.issued",
                f"record:{record.pk}",
                actor=None,
                data={"addendum": str(pk), "kind": str(statement.kind), "sequence": last + 1,
                      "file_sha256": addendum.file_sha256},
            )  # fmt: skip
    except IntegrityError:
        return False  # another process was faster
    return True


def _payload(pk: UUID, sequence: int, record: Record, statement: Statement) -> dict[str, Any]:
    """Copied from everything it speaks of, looked up nowhere later."""
    first = json.loads(record.payload)
    return {
        "schema": SCHEMA,
        "record": {
            "id": str(pk),
            "number": record.number,
            "verify_url": verify_url(record.token),
        },
        "sequence": sequence,
        "addendum_to": {
            "id": str(record.pk),
            "number": record.number,
            "year": record.year,
            "file_sha256": record.file_sha256,
            "signed_at": local(record.signed_at or statement.at),
        },
        "authority": first["authority"],
        "establishment": first["establishment"],
        "inspection": {"ended_at": local(statement.at)},
        "kind": str(statement.kind),
        "outcome": statement.outcome,
        "finding": _finding(statement.finding),
        "text": statement.text,
        "by": statement.by,
        "said_at": local(statement.at),
    }


def _finding(found: Any) -> dict[str, str | None] | None:
    if found is None:
        return None
    item = definition_of(found.inspection.checklist).items[found.item]
    stall = found.stall.number if found.stall else None
    return {"item": found.item, "text": item.text.vi, "stall": stall}
