"""The main job: an inspection document in, a receipt out.

Everything is read, checked and scored before the transaction; the transaction inserts, gives
the number and writes the audit entry, and so holds its locks for a few statements only. Lock
order: number, then audit head, last.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit import trail
from backend.common.errors import NotFound, PermissionDenied
from backend.common.text import Bilingual
from inspections.checklists.lifecycle import published
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.errors import OtherAnswersAlreadySubmitted
from inspections.fieldwork.models import EvidenceReference, Finding, Inspection, RefusedSubmission
from inspections.fieldwork.rules.due import due_on
from inspections.fieldwork.rules.result import Result
from inspections.fieldwork.rules.verdict import RULES_VERSION
from inspections.records import lifecycle as records
from inspections.records.models import new_token
from inspections.records.payload import Visit, build, named_on
from inspections.submission import normal, receipt
from inspections.submission.assessment import Assessment, assess
from inspections.submission.document import Submission, decode_submission
from inspections.submission.drafts import check_id
from inspections.submission.facts import Facts, earlier_findings, gather, labels, missing_evidence
from inspections.submission.rules import SELF_CHECK
from markets.lifecycle import stalls

# How often in a row the row may be another one than it was when it was looked at.
RACES = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """``receipt``: the very text given the first time; ``created``: whether this was it.

    ``lacking``: the photos that had not arrived then.
    """

    receipt: str
    created: bool
    lacking: Sequence[str] = ()


def submit(inspection_id: UUID, tree: Any, *, by: Person) -> Outcome:
    """Freeze, score and number a visit, and answer with its receipt.

    Safe to repeat: the same document again gives the same receipt, from any device and token.
    Raises Malformed, PermissionDenied, NotFound, SubmissionRefused, IllegalMove, and
    OtherAnswersAlreadySubmitted when another document lies under this id (this one is then
    kept aside).
    """
    document = decode_submission(tree)
    check_id(document, inspection_id)
    for _ in range(RACES):
        # Another copy of this submission, or of its draft, was faster: look again.
        with suppress(IntegrityError):
            return _submit(document, tree, by)
    return _submit(document, tree, by)


def _submit(document: Submission, tree: Any, by: Person) -> Outcome:
    known = Inspection.objects.filter(pk=document.id).first()
    if known and known.status != Inspection.Status.DRAFT:
        return _again(known, tree, document, by)
    if known and not _may_finish(known, by):
        raise NotFound
    facts = gather(document)
    _permit(document, facts, by)
    normalised = normal.normalise(tree, facts.checklist.definition if facts.checklist else None)
    assessment = assess(document, normalised, facts, by)
    with transaction.atomic():
        return _write(known, document, normalised, facts, assessment, by)


def _again(known: Inspection, tree: Any, document: Submission, by: Person) -> Outcome:
    if not Inspection.objects.visible_to(by.id, by.role).filter(pk=known.pk).exists():
        raise NotFound
    if by.role != (Role.MANAGER if known.kind == SELF_CHECK else Role.INSPECTOR):
        raise PermissionDenied
    checklist = published(document.checklist)
    normalised = normal.normalise(tree, checklist.definition if checklist else None)
    digest = normal.sha256(normalised)
    if digest == known.answers_sha256:
        return Outcome(known.receipt, created=False)
    _keep_aside(known, normalised, digest, by)
    raise OtherAnswersAlreadySubmitted(
        Bilingual(
            vi=f"Đã có {known.answers_sha256}, nhận được {digest}.",
            en=f"Have {known.answers_sha256}, got {digest}.",
        ),
        submitted_sha256=known.answers_sha256,
        received_sha256=digest,
    )


def _keep_aside(known: Inspection, document: Mapping[str, Any], digest: str, by: Person) -> None:
    """Nothing that a phone sends is lost: the department decides about the second body."""
    with transaction.atomic():
        _, is_new = RefusedSubmission.objects.get_or_create(
            inspection=known,
            answers_sha256=digest,
            defaults={"document": document, "sent_by_id": by.id},
        )
        if is_new:
            trail.record(
                "submission.refused",
                f"inspection:{known.pk}",
                actor=by,
                data={"received_sha256": digest, "submitted_sha256": known.answers_sha256},
            )


def _permit(document: Submission, facts: Facts, by: Person) -> None:
    """A self-check is the own manager's, everything else an inspector's."""
    if by.role == Role.INSPECTOR and document.kind != SELF_CHECK:
        return
    if (
        by.role == Role.MANAGER
        and document.kind == SELF_CHECK
        and facts.place
        and fieldwork.manages(by, facts.place.id)
    ):
        return
    raise PermissionDenied


def _may_finish(draft: Inspection, by: Person) -> bool:
    return Inspection.objects.visible_to(by.id, by.role).filter(pk=draft.pk).exists()


def _write(
    known: Inspection | None,
    document: Submission,
    normalised: dict[str, Any],
    facts: Facts,
    assessment: Assessment,
    by: Person,
) -> Outcome:
    place, checklist = facts.place, facts.checklist
    if place is None or checklist is None:
        raise ValueError("only an assessed submission is written")
    received_at, result = timezone.now(), assessment.result
    digest = normal.sha256(normalised)
    skew = _skew(document, received_at)
    missing = missing_evidence(assessment.photos)
    findings = _findings(facts, result, received_at, document)

    token = new_token()
    numbered = None
    if document.kind != SELF_CHECK and place.authority:
        year = timezone.localdate(received_at).year
        numbered = records.give_number(place.authority.id, place.authority.symbol, year, token)
    if document.supersedes and facts.supersedes:
        fieldwork.supersede(facts.supersedes)
    slip = receipt.render(
        receipt.build(document.id, numbered, result, digest, missing, received_at, skew)
    )
    inspection = Inspection(
        id=UUID(document.id),
        establishment_id=place.id,
        checklist_id=checklist.id,
        kind=document.kind,
        status=Inspection.Status.SUBMITTED,
        sent_by_id=by.id,
        follows=facts.follows,
        supersedes=facts.supersedes,
        version=known.version + 1 if known else 1,
        document={key: value for key, value in normalised.items() if key != "device"},
        device=normalised.get("device"),
        started_at=document.started_at,
        ended_at=document.ended_at,
        created_at=known.created_at if known else received_at,
        updated_at=received_at,
        received_at=received_at,
        clock_skew_s=skew,
        answers_sha256=digest,
        verdict=result.verdict or "",
        score=result.score,
        rule_set=result.checklist.rule_set,
        rules_version=RULES_VERSION,
        result=assessment.as_json(findings),
        assessed=assessment.held,
        receipt=slip,
        search_text=fieldwork.search_text(
            place.name, place.code, numbered.number if numbered else None
        ),
    )
    fieldwork.store(inspection, replaces=known, members=assessment.members)
    met = stalls.enter_stalls(place.id, assessment.met, at=document.started_at)
    Finding.objects.bulk_create(findings)
    EvidenceReference.objects.bulk_create(
        EvidenceReference(inspection=inspection, sha256=sha256) for sha256 in assessment.photos
    )
    if numbered and place.authority:
        visit = Visit(
            numbered=numbered,
            place=place,
            checklist=checklist,
            document=normalised,
            answers=assessment.answers,
            sheets=assessment.sheets,
            result=result,
            findings=findings,
            team=assessment.team,
            stalls=labels(document, facts),
            started_at=document.started_at,
            ended_at=document.ended_at,
            received_at=received_at,
            clock_skew_s=skew,
            earlier={
                "follows": _named(facts.follows),
                "supersedes": _named(facts.supersedes),
            },
        )
        records.new_record(inspection.pk, place.authority.id, numbered, token, build(visit)).save(
            force_insert=True
        )
    stalls.record_added(place.code, met, by=by)
    trail.record(
        "inspection.submitted",
        f"inspection:{inspection.pk}",
        actor=by,
        data={
            "establishment": place.code,
            "kind": document.kind,
            "number": numbered.number if numbered else None,
            "verdict": result.verdict,
            "answers_sha256": digest,
            "supersedes": document.supersedes,
        },
    )
    return Outcome(slip, created=True, lacking=missing)


def _findings(
    facts: Facts, result: Result, received_at: datetime, document: Submission
) -> list[Finding]:
    """A row for each failed item, in the order of ``result.findings``."""
    if not result.findings or facts.place is None:
        return []
    received_on = timezone.localdate(received_at)
    market_day = facts.place.next_market_day(received_on + timedelta(days=1))
    failed = [(found.item.code, found.stall) for found in result.findings]
    earlier = earlier_findings(facts.place.id, failed, facts.day)
    severities = result.checklist.severities
    return [
        Finding(
            id=uuid4(),
            inspection_id=UUID(document.id),
            establishment_id=facts.place.id,
            item=found.item.code,
            stall_id=UUID(found.stall) if found.stall else None,
            severity=found.item.severity,
            due_on=due_on(severities[found.item.severity], received_on, market_day),
            corrected_on_site=found.corrected_on_site,
            repeat_of_id=earlier.get((found.item.code, found.stall)),
            found_on=facts.day,
        )
        for found in result.findings
    ]


def _skew(document: Submission, received_at: datetime) -> int | None:
    """Seconds by which the phone's clock is behind ours; the time on the way is in it."""
    if document.device is None:
        return None
    return round((received_at - document.device.sent_at).total_seconds())


def _named(inspection: Inspection | None) -> dict[str, str] | None:
    if inspection is None or not hasattr(inspection, "record"):
        return None
    return named_on(timezone.localdate(inspection.started_at), inspection.record.number)
