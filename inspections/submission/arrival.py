"""A submission that was accepted, and the rows that it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from backend.accounts.current import Person
from inspections.checklists.lifecycle import Published
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Finding, Inspection
from inspections.fieldwork.rules.due import due_on
from inspections.fieldwork.rules.verdict import RULES_VERSION
from inspections.records.payload import Numbered, StallLabel, Visit, named_on
from inspections.submission.assessment import Assessment
from inspections.submission.document import Submission
from inspections.submission.facts import Facts, earlier_findings
from inspections.submission.rules import SELF_CHECK
from markets.queries import AuthorityOnDay, PlaceOnDay


@dataclass(frozen=True, slots=True)
class Arrival:
    """Everything known before the first row is written.

    ``tree`` is the normalised document and ``answers_sha256`` its digest; ``findings`` are in
    the order of ``assessment.result.findings``; ``lacking`` are the photos that had not arrived.
    """

    document: Submission
    tree: Mapping[str, Any]
    answers_sha256: str
    facts: Facts
    place: PlaceOnDay
    checklist: Published
    assessment: Assessment
    findings: Sequence[Finding]
    lacking: Sequence[str]
    stalls: Mapping[str, StallLabel]
    by: Person
    received_at: datetime

    @property
    def clock_skew_s(self) -> int | None:
        """Seconds by which the phone's clock is behind ours; the time on the way is in it."""
        if self.document.device is None:
            return None
        return round((self.received_at - self.document.device.sent_at).total_seconds())

    @property
    def seen_at(self) -> datetime:
        """Since when a stall that was met is in the register: no clock puts it into the future."""
        return min(self.document.started_at, self.received_at)

    @property
    def authority(self) -> AuthorityOnDay | None:
        """Who gives the number; None for a self-check, which has no record."""
        return None if self.document.kind == SELF_CHECK else self.place.authority

    def inspection(self, *, replaces: Inspection | None) -> Inspection:
        """The row without what needs the number, in place of the draft that it ``replaces``."""
        document, result = self.document, self.assessment.result
        return Inspection(
            id=UUID(document.id),
            establishment_id=self.place.id,
            checklist_id=self.checklist.id,
            kind=document.kind,
            status=Inspection.Status.SUBMITTED,
            sent_by_id=self.by.id,
            follows=self.facts.follows,
            supersedes=self.facts.supersedes,
            version=replaces.version + 1 if replaces else 1,
            document={key: value for key, value in self.tree.items() if key != "device"},
            device=self.tree.get("device"),
            started_at=document.started_at,
            ended_at=document.ended_at,
            created_at=replaces.created_at if replaces else self.received_at,
            updated_at=self.received_at,
            received_at=self.received_at,
            clock_skew_s=self.clock_skew_s,
            answers_sha256=self.answers_sha256,
            verdict=result.verdict or "",
            score=result.score,
            rule_set=result.checklist.rule_set,
            rules_version=RULES_VERSION,
            result=self.assessment.kept(self.findings, self.stalls),
            assessed=self.assessment.held,
        )

    def search_text(self, numbered: Numbered | None) -> str:
        number = numbered.number if numbered else None
        return fieldwork.search_text(self.place.name, self.place.code, number)

    def visit(self) -> Visit:
        """What the record copies from."""
        document, assessment = self.document, self.assessment
        return Visit(
            place=self.place,
            checklist=self.checklist,
            document=self.tree,
            answers=assessment.answers,
            sheets=assessment.sheets,
            result=assessment.result,
            findings=self.findings,
            team=assessment.team,
            stalls=self.stalls,
            started_at=document.started_at,
            ended_at=document.ended_at,
            received_at=self.received_at,
            clock_skew_s=self.clock_skew_s,
            earlier={
                "follows": _named(self.facts.follows),
                "supersedes": _named(self.facts.supersedes),
            },
        )


def findings_of(
    document: Submission,
    facts: Facts,
    place: PlaceOnDay,
    assessment: Assessment,
    received_at: datetime,
) -> list[Finding]:
    """A row for each failed item, in the order of ``assessment.result.findings``."""
    result = assessment.result
    if not result.findings:
        return []
    received_on = timezone.localdate(received_at)
    # No clock finds something in the future, or overlooks there what was found before.
    found_on = min(facts.day, received_on)
    market_day = place.next_market_day(received_on + timedelta(days=1))
    failed = [(found.item.code, found.stall) for found in result.findings]
    superseded = facts.supersedes.pk if facts.supersedes else None
    earlier = earlier_findings(place.id, failed, found_on, superseded=superseded)
    severities = result.checklist.severities
    # What nobody looked at again keeps its deadline and is not a second failure.
    carried = _open_before(facts.follows) if any(f.carried for f in result.findings) else {}
    return [
        Finding(
            id=uuid4(),
            inspection_id=UUID(document.id),
            establishment_id=place.id,
            item=found.item.code,
            stall_id=UUID(found.stall) if found.stall else None,
            severity=found.item.severity,
            due_on=carried[found.item.code, found.stall]
            if found.carried and (found.item.code, found.stall) in carried
            else due_on(severities[found.item.severity], received_on, market_day),
            corrected_on_site=found.corrected_on_site,
            repeat_of_id=None if found.carried else earlier.get((found.item.code, found.stall)),
            found_on=found_on,
        )
        for found in result.findings
    ]


def _open_before(first: Inspection | None) -> dict[tuple[str, str | None], date]:
    """The deadlines of the findings of the visit that is followed."""
    if first is None:
        return {}
    rows = first.findings.values_list("item", "stall_id", "due_on")
    return {(item, str(stall) if stall else None): due for item, stall, due in rows}


def _named(inspection: Inspection | None) -> dict[str, str] | None:
    if inspection is None or not hasattr(inspection, "record"):
        return None
    return named_on(timezone.localdate(inspection.started_at), inspection.record.number)
