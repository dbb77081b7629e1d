"""The main job: an inspection document in, a receipt out.

Everything is read, checked and scored before the transaction; the transaction inserts, gives
the number and writes the audit entry, and so holds its locks for a few statements only. Lock
order: draft, team, assignments, number, then audit head, last.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit import trail
from backend.common import rows
from backend.common.compiled import Compiled, Question
from backend.common.errors import NotFound, PermissionDenied
from backend.common.text import Bilingual
from inspections.checklists.lifecycle import published
from inspections.disputes import lifecycle as disputes
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.errors import OtherAnswersAlreadySubmitted
from inspections.fieldwork.models import EvidenceReference, Inspection, RefusedSubmission
from inspections.planning import assignments
from inspections.records import lifecycle as records
from inspections.records.models import new_token
from inspections.records.payload import Unnumbered, build, spell
from inspections.submission import normal, receipt
from inspections.submission.arrival import Arrival, findings_of
from inspections.submission.assessment import assess
from inspections.submission.document import Submission, decode_submission
from inspections.submission.drafts import check_id
from inspections.submission.facts import Facts, gather, labels, missing_evidence
from inspections.submission.rules import SELF_CHECK, photos_of
from markets.lifecycle import stalls

# How often in a row the row may be another one than it was when it was looked at.
RACES = 3

_is_there = Compiled(lambda pk: Inspection.objects.filter(pk=pk).order_by().values("pk"), pk=UUID)


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
    for _ in range(RACES):
        # Another copy of this submission, or of its draft, may be faster: its row decides.
        with suppress(IntegrityError):
            return _submit(inspection_id, document, tree, by)
    return _submit(inspection_id, document, tree, by)


def _submit(inspection_id: UUID, document: Submission, tree: Any, by: Person) -> Outcome:
    is_there = Question([(_is_there, {"pk": inspection_id})], bool)
    to_do = assignments.to_do_asked(document.establishment, document.checklist)
    facts, [is_known, asked] = gather(document, is_there, to_do, photos=photos_of(tree))
    # As a rule there is none, and that is cheaper to ask than for a whole row.
    known = Inspection.objects.filter(pk=inspection_id).first() if is_known else None
    if known and known.status != Inspection.Status.DRAFT:
        check_id(document, inspection_id)
        return _again(known, tree, document, by)
    if known and not _may_finish(known, by):
        if _is_there.first(pk=inspection_id):
            raise NotFound
        known = None  # discarded just now
    _permit(document, facts, by)
    arrival = _receive(document, tree, facts, by)
    check_id(document, inspection_id)
    payload = None
    if arrival.authority:
        payload = spell(build(arrival.visit()), arrival.assessment.result.checklist)
    inspection = arrival.inspection(replaces=known)
    with transaction.atomic():
        return _write(arrival, inspection, payload, asked, replaces=known)


def _again(known: Inspection, tree: Any, document: Submission, by: Person) -> Outcome:
    if not Inspection.objects.visible_to(by.id, by.role).filter(pk=known.pk).exists():
        raise NotFound
    if by.role != (Role.MANAGER if known.kind == SELF_CHECK else Role.INSPECTOR):
        raise PermissionDenied
    checklist = published(document.checklist)
    normalised = normal.normalise(tree, checklist.definition if checklist else None)
    digest = normal.sha256(normal.spell(normalised))
    if digest == known.answers_sha256:
        return Outcome(known.receipt, created=False)
    keep_aside(known, normalised, digest, by)
    raise OtherAnswersAlreadySubmitted(
        Bilingual(
            vi=f"Đã có {known.answers_sha256}, nhận được {digest}.",
            en=f"Have {known.answers_sha256}, got {digest}.",
        ),
        submitted_sha256=known.answers_sha256,
        received_sha256=digest,
    )


def keep_aside(known: Inspection, document: Mapping[str, Any], digest: str, by: Person) -> None:
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


def _receive(document: Submission, tree: Any, facts: Facts, by: Person) -> Arrival:
    """Check, score and digest; raises SubmissionRefused."""
    checklist = facts.checklist
    normalised = normal.normalise(tree, checklist.definition if checklist else None)
    spelled = normal.spell(normalised)
    assessment = assess(document, normalised, spelled, facts, by)
    if facts.place is None or checklist is None:
        raise ValueError("an assessed submission has a place and a checklist")
    received_at = timezone.now()
    return Arrival(
        document=document,
        tree=normalised,
        answers_sha256=normal.sha256(spelled),
        facts=facts,
        place=facts.place,
        checklist=checklist,
        assessment=assessment,
        findings=findings_of(document, facts, facts.place, assessment, received_at),
        lacking=missing_evidence(assessment.photos, facts.arrived),
        stalls=labels(document, facts),
        by=by,
        received_at=received_at,
    )


def _write(
    arrival: Arrival,
    inspection: Inspection,
    payload: Unnumbered | None,
    asked: Sequence[Any],
    *,
    replaces: Inspection | None,
) -> Outcome:
    """What does not need the number comes first: who has the number keeps all others waiting."""
    place, assessment, pk = arrival.place, arrival.assessment, UUID(arrival.document.id)
    if replaces:
        fieldwork.hold(replaces)
        fieldwork.forget_members(pk)
    met = stalls.enter_stalls(place.id, assessment.met, at=arrival.seen_at)
    rows.insert(
        arrival.findings,
        [EvidenceReference(inspection_id=pk, sha256=sha256) for sha256 in assessment.photos],
        fieldwork.members_of(pk, assessment.members),
    )
    fulfilled = assignments.fulfil(
        pk,
        asked,
        kind=arrival.document.kind,
        team=[person for person, _ in assessment.members],
    )
    numbered, token, authority = None, new_token(), arrival.authority
    record = []
    if authority and payload:
        year = timezone.localdate(arrival.received_at).year
        numbered = records.give_number(authority.id, authority.symbol, year, token)
        record.append(records.new_record(pk, authority.id, numbered, token, payload))
    if arrival.facts.supersedes:
        fieldwork.supersede(arrival.facts.supersedes)
        disputes.pass_on(arrival.facts.supersedes, pk)
    inspection.receipt = receipt.render(receipt.build(arrival, numbered))
    inspection.search_text = arrival.search_text(numbered)
    fieldwork.store(inspection, record, replaces=replaces)
    stalls.record_added(place.code, met, by=arrival.by)
    assignments.record_fulfilled(pk, place.code, fulfilled, by=arrival.by)
    trail.record(
        "inspection.submitted",
        f"inspection:{pk}",
        actor=arrival.by,
        data={
            "establishment": place.code,
            "kind": arrival.document.kind,
            "number": numbered.number if numbered else None,
            "verdict": assessment.result.verdict,
            "answers_sha256": arrival.answers_sha256,
            "supersedes": arrival.document.supersedes,
        },
    )
    return Outcome(inspection.receipt, created=True, lacking=arrival.lacking)
