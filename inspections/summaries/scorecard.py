"""The manager's page: where the place stands, and what to do first. Rules of
docs/rules/scorecard.md.

As many statements for a thousand visits as for one, and an answer that stays small: what grows
with the place is cut, and counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.utils import timezone

from inspections.checklists.definition import Checklist
from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork.models import Finding, Inspection
from inspections.fieldwork.rules.fixes import Fix
from inspections.fieldwork.rules.scoring import score
from inspections.followup.queries import ANSWERED, CLOSED, EXCEPTED
from inspections.plastics.levels import level_of
from inspections.records.lifecycle import verify_url
from inspections.records.models import Record
from inspections.records.reading import public_status
from inspections.summaries import standing
from inspections.summaries.projection import projected
from inspections.summaries.standing import status_of
from markets.models import Establishment

# P2. Source: one visit a year for the same content (domain practice); status: proposal.
STALE_AFTER_DAYS = 365
SHOWN = 36
# P4: as the manager says, or as an inspector has found. Of the last visit nothing else closes one.
PUT_RIGHT = (ANSWERED, CLOSED)

Json = dict[str, Any]


def build(place: Establishment, day: date) -> Json:
    """The card on the local ``day``; nothing but the place where no visit counts yet."""
    last = standing.last_visit(place.pk)
    head = {"code": place.code, "name": place.name_vi, "kind": place.kind}
    if last is None:
        return {"establishment": head, "as_of": day.isoformat(), "last": None}
    held = cast("Any", last)
    dated = definition_of(last.checklist).as_of(_began_on(last))
    visits, found = standing.trend(last), standing.findings(last, day)
    of_last = {_key(row): row for row in found if row.inspection_id == last.pk}
    findings = _findings([row for row in found if status_of(row) != CLOSED])
    fixes = {
        target: _fixes(chosen and [Fix(**fix) for fix in chosen], of_last)
        for target, chosen in held.held_fixes.items()
    }
    return {
        "establishment": head,
        "as_of": day.isoformat(),
        "last": _last(last, day, held),
        "sections": _sections(held.held_sections, visits),
        "trend": [_visit(row) for row in reversed(visits)],
        "findings": findings,
        "fixes": fixes,
        "projected": _projected(dated, held.held_criteria, of_last.values()),
        "items": _texts(dated, findings, fixes),
    }


def _last(last: Inspection, day: date, held: Any) -> Json:
    began = timezone.localdate(min(last.started_at, cast("Any", last.received_at)))
    age = max(0, (day - began).days)
    level = level_of(last, held.held_criteria, day).level
    approved = last.checklist.approved_on
    record: Record | None = getattr(last, "record", None)
    return {
        "inspection": str(last.pk),
        "checklist": last.checklist.name,
        "kind": last.kind,
        "on": _began_on(last).isoformat(),
        "age_days": age,
        "stale": age > STALE_AFTER_DAYS,
        "trial": approved is None or approved > _began_on(last),
        **_verdict(last),
        "replied": held.replied,
        "level_a": _rate(held.held_level_a),
        "level_b": _rate(held.held_level_b),
        "compliance_level": level,
        "record": None
        if record is None
        else {
            "number": record.number,
            "year": record.year,
            "status": public_status(last),
            "has_file": bool(record.file_sha256),
            "verify_url": verify_url(record.token),
        },
    }


def _rate(count: Mapping[str, int]) -> Json:
    """S1, with the share in percent as S4 rounds it."""
    return {**count, "rate": score(count["passed"], count["applicable"])}


def _sections(now: Sequence[Mapping[str, Any]], visits: Sequence[Inspection]) -> list[Json]:
    """P3: beside each section what the visit before came to there."""
    earlier = standing.sections(visits[1].pk) if len(visits) > 1 else ()
    before = {row["code"]: row for row in earlier}
    return [
        {
            "code": row["code"],
            "title": row["title"],
            "passed": row["passed"],
            "applicable": row["applicable"],
            "before": _count(before[row["code"]]) if row["code"] in before else None,
        }
        for row in now
    ]


def _count(section: Mapping[str, Any]) -> Json:
    return {"passed": section["passed"], "applicable": section["applicable"]}


def _visit(row: Inspection) -> Json:
    record: Record | None = getattr(row, "record", None)
    return {
        "inspection": str(row.pk),
        "on": _began_on(row).isoformat(),
        "kind": row.kind,
        **_verdict(row),
        "number": record and record.number,
    }


def _verdict(row: Inspection) -> Json:
    """With the mark without which none is shown (J4)."""
    return {
        "verdict": row.verdict or None,
        "score": None if row.score is None else f"{row.score:.2f}",
        "disputed": row.is_disputed,
    }


def _findings(rows: Sequence[Finding]) -> Json:
    return {
        "open": sum(map(standing.is_to_do, rows)),
        "answered": sum(status_of(row) == ANSWERED for row in rows),
        "excepted": sum(status_of(row) == EXCEPTED for row in rows),
        "overdue": sum(map(standing.is_overdue, rows)),
        "repeated": sum(row.repeat_of_id is not None for row in rows),
        "first": [_finding(row) for row in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
    }


def _finding(row: Finding) -> Json:
    return {
        "id": str(row.pk),
        "item": row.item,
        "stall": _stall(row),
        "severity": row.severity,
        "due_on": row.due_on.isoformat(),
        "found_on": row.found_on.isoformat(),
        "status": status_of(row),
        "overdue": standing.is_overdue(row),
        "repeated": row.repeat_of_id is not None,
        "corrected_on_site": row.corrected_on_site,
    }


def _stall(row: Finding) -> str | None:
    return row.stall.number if row.stall else None


def _key(row: Finding) -> Fix:
    return Fix(row.item, str(row.stall_id) if row.stall_id else None)


def _fixes(chosen: Sequence[Fix] | None, found: Mapping[Fix, Finding]) -> Json | None:
    """P6: what the result asks for, and what became of it since; the open ones first."""
    if chosen is None:
        return None
    rows = sorted((found[fix] for fix in chosen), key=standing.is_to_do, reverse=True)
    return {
        "count": len(rows),
        "open": sum(map(standing.is_to_do, rows)),
        "first": [_fix(row) for row in rows[:SHOWN]],
    }


def _fix(row: Finding) -> Json:
    return {
        "finding": str(row.pk),
        "item": row.item,
        "stall": _stall(row),
        "status": status_of(row),
    }


def _projected(dated: Checklist, criteria: Iterable[Json], found: Iterable[Finding]) -> Json:
    """P4."""
    put_right = {_key(row) for row in found if status_of(row) in PUT_RIGHT}
    result = projected(dated, criteria, put_right)
    return {
        "assumed": len(put_right),
        "verdict": result.verdict,
        "score": result.score,
        "level_a": _rate(result.level_a._asdict()),
        "level_b": _rate(result.level_b._asdict()),
    }


def _texts(dated: Checklist, findings: Json, fixes: Mapping[str, Json | None]) -> Json:
    """What the items that are named ask, in the words of the last visit's checklist."""
    named = [findings, *(each for each in fixes.values() if each)]
    codes = {row["item"] for each in named for row in each["first"]}
    return {
        code: {"vi": item.text.vi, "en": item.text.en}
        for code, item in dated.items.items()
        if code in codes
    }


def _began_on(visit: Inspection) -> date:
    return timezone.localdate(visit.started_at)
