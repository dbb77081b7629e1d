"""The whole result of an inspection, every step shown. Rules R1 to R3 of docs/rules/scoring.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from backend.common.text import Bilingual
from inspections.checklists.definition import Checklist, Item, RuleSet, Section
from inspections.fieldwork.rules import fixes
from inspections.fieldwork.rules.completeness import Answers, StallSheet, commodity_of, stall_of
from inspections.fieldwork.rules.explanation import explanation
from inspections.fieldwork.rules.findings import Finding, findings_of
from inspections.fieldwork.rules.fixes import Fix
from inspections.fieldwork.rules.outcome import Outcome, outcome_of
from inspections.fieldwork.rules.scoring import (
    Count,
    Criterion,
    Judged,
    RollUp,
    Tally,
    add,
    score,
    tally,
)
from inspections.fieldwork.rules.verdict import Verdict, decide

FindingFacts = Callable[[Finding], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class StallResult:
    """``verdict`` is None and ``judged`` empty for an absent stall."""

    stall: str
    verdict: Verdict | None
    tally: Tally
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Result:
    """Computed from the checklist, the day and the answers alone, so it can be computed again.

    ``verdict`` and ``score`` are None when the rule set gives no result (V5, S4).
    ``criteria`` is the market's table in checklist order, ``sections`` its parts.
    """

    checklist: Checklist
    verdict: Verdict | None
    score: str | None
    verdict_by_rule_set: Mapping[str, Verdict | None]
    tally: Tally
    sections: tuple[tuple[Section, Tally], ...]
    criteria: tuple[Criterion, ...]
    stalls: tuple[StallResult, ...]
    findings: tuple[Finding, ...]

    @property
    def rule_set(self) -> RuleSet:
        return self.checklist.rule_sets[self.checklist.rule_set]

    @property
    def level_a(self) -> Count:
        return self.tally.level_a

    @property
    def level_b(self) -> Count:
        return self.tally.level_b

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """By item code, stall-scope items rolled up."""
        return {criterion.item.code: criterion.outcome for criterion in self.criteria}

    @cached_property
    def fixes(self) -> Mapping[str, list[Fix] | None]:
        return {
            target: fixes.smallest(self.rule_set, self.criteria, self.tally, target)
            for target in ("to_complete", "pass")
        }

    def explanation(self, stall_name: Callable[[str], str] = str) -> list[Bilingual]:
        return explanation(self.rule_set, self.criteria, self.tally, stall_name)

    def as_json(
        self, facts: FindingFacts | None = None, stall_name: Callable[[str], str] = str
    ) -> dict[str, Any]:
        """The body of ``result/`` (product contract, section 10 point 17) with ``explanation``.

        ``facts`` adds to each finding what only the database knows: id, due_date,
        repeat_of; ``stall_name`` gives the number of a stall for the sentences. The
        compliance level is not here: it is derived as of a day.
        """
        return complete(self.kept(facts, stall_name), self.checklist)

    def kept(
        self, facts: FindingFacts | None = None, stall_name: Callable[[str], str] = str
    ) -> dict[str, Any]:
        """``as_json`` without what the checklist says of the items at stalls: two fifths less."""
        return {
            "verdict": self.verdict,
            "score": self.score,
            "rule_set": self.checklist.rule_set,
            "verdict_by_rule_set": dict(self.verdict_by_rule_set),
            "level_a": self.level_a._asdict(),
            "level_b": self.level_b._asdict(),
            "sections": [_section_json(section, tally) for section, tally in self.sections],
            "criteria": [_criterion_json(criterion) for criterion in self.criteria],
            "stalls": [_kept_stall(stall) for stall in self.stalls],
            "findings": [
                {**_finding_json(finding), **(facts(finding) if facts else {})}
                for finding in self.findings
            ],
            "fixes": {
                target: None if chosen is None else [fix._asdict() for fix in chosen]
                for target, chosen in self.fixes.items()
            },
            "explanation": [{"vi": t.vi, "en": t.en} for t in self.explanation(stall_name)],
        }


def complete(kept: Mapping[str, Any], checklist: Checklist) -> dict[str, Any]:
    """``as_json`` again; ``checklist`` is the one of that visit as of its day."""
    return {**kept, "stalls": [_stall_json(stall, checklist) for stall in kept["stalls"]]}


def evaluate(
    checklist: Checklist,
    day: date,
    answers: Answers,
    stalls: Sequence[StallSheet],
    *,
    unanswered: Outcome | None = None,
) -> Result:
    """Score answers that ``completeness.check`` found complete (``ValueError`` or ``KeyError``
    otherwise).

    ``day`` is the local day of the visit: it decides expiry and ``mandatory_from`` (R1).
    ``unanswered``: what is assumed of items without an answer (E1); they are no findings.
    """
    dated = checklist.as_of(day)
    rule_set = dated.rule_sets[dated.rule_set]
    judged = _judge(dated.establishment_items, answers, day, unanswered)
    findings = findings_of(judged, answers, None)
    rolled_up = RollUp()
    stall_results = []
    for sheet in stalls:
        stall = stall_of(sheet)
        if sheet.get("absent"):
            stall_results.append(StallResult(stall, None, tally(()), ()))
            continue
        given = sheet.get("answers") or {}
        at_stall = _judge(dated.stall_items(commodity_of(sheet)), given, day, unanswered)
        rolled_up.add(stall, at_stall)
        findings += findings_of(at_stall, given, stall)
        counts = tally(at_stall)
        stall_results.append(StallResult(stall, decide(rule_set, counts), counts, tuple(at_stall)))
    establishment = iter(judged)
    sections, criteria = [], []
    for section in dated.sections:
        if section.scope == "stall":
            rows = [rolled_up.criterion(item) for item in section.items]
        else:
            rows = [Criterion(*next(establishment)) for _ in section.items]
        sections.append((section, tally((row.item, row.outcome) for row in rows)))
        criteria += rows
    total = add([counts for _, counts in sections])
    by_rule_set = {code: decide(rules, total) for code, rules in dated.rule_sets.items()}
    return Result(
        checklist=dated,
        verdict=by_rule_set[dated.rule_set],
        score=score(total.points, total.points_possible),
        verdict_by_rule_set=by_rule_set,
        tally=total,
        sections=tuple(sections),
        criteria=tuple(criteria),
        stalls=tuple(stall_results),
        findings=tuple(findings),
    )


def _judge(
    items: Sequence[Item], answers: Answers, day: date, unanswered: Outcome | None
) -> list[Judged]:
    return [
        (item, unanswered)
        if unanswered and item.code not in answers
        else (item, outcome_of(item, answers[item.code], day))
        for item in items
    ]


def _section_json(section: Section, tally: Tally) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": {"vi": section.title.vi, "en": section.title.en},
        "passed": tally.passed,
        "applicable": tally.applicable,
        "points": tally.points,
        "points_possible": tally.points_possible,
    }


def _judged_json(item: Item, outcome: Outcome) -> dict[str, Any]:
    return {
        "item": item.code,
        "outcome": outcome,
        "level": item.level,
        "severity": item.severity,
        "points": item.points,
    }


def _criterion_json(criterion: Criterion) -> dict[str, Any]:
    judged = _judged_json(criterion.item, criterion.outcome)
    return {**judged, "failures": list(criterion.failures)}


def _kept_stall(stall: StallResult) -> dict[str, Any]:
    return {
        "stall": stall.stall,
        "verdict": stall.verdict,
        "level_a": stall.tally.level_a._asdict(),
        "level_b": stall.tally.level_b._asdict(),
        "outcomes": {item.code: outcome for item, outcome in stall.judged},
    }


def _stall_json(kept: Mapping[str, Any], checklist: Checklist) -> dict[str, Any]:
    """In the order of the checklist: a database does not keep that of an object."""
    outcomes = kept["outcomes"]
    criteria = [
        _judged_json(item, outcomes[code])
        for code, item in checklist.items.items()
        if code in outcomes
    ]
    return {**{k: v for k, v in kept.items() if k != "outcomes"}, "criteria": criteria}


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "item": finding.item.code,
        "stall": finding.stall,
        "severity": finding.item.severity,
        "corrected_on_site": finding.corrected_on_site,
        "points_lost": finding.points_lost,
        "reference": finding.reference,
        "photos": list(finding.photos),
    }
