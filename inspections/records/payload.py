"""What a record says: plain JSON, copied from everything it speaks of, looked up nowhere later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from backend.common import canonical
from inspections.checklists.definition import Checklist, Item
from inspections.checklists.lifecycle import Published
from inspections.fieldwork.models import Finding
from inspections.fieldwork.rules.completeness import commodity_of, stall_of
from inspections.fieldwork.rules.outcome import Outcome
from inspections.fieldwork.rules.result import Result, StallResult
from markets.queries import PlaceOnDay

SCHEMA = "inspection-record/1"
REPRESENTATIVE = "representative"
SAID = frozenset({"value", "note", "photos", "corrected_on_site", "carried"})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record number as given: ``number`` is ``07/BB-SCT``, ``sequence`` 7."""

    number: str
    sequence: int
    year: int
    verify_url: str


@dataclass(frozen=True, slots=True)
class StallLabel:
    """How a record names a stall, as it stood when the visit began."""

    number: str
    trader: str
    zone: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything that a record copies from.

    ``document`` is normalised; ``answers`` and ``sheets`` are what was scored, so those of a
    follow-up hold the carried ones too. ``findings`` are in the order of ``result.findings``.
    ``earlier`` names a document by number and date: ``follows``, ``supersedes``.
    """

    place: PlaceOnDay
    checklist: Published
    document: Mapping[str, Any]
    answers: Mapping[str, Mapping[str, Any]]
    sheets: Sequence[Mapping[str, Any]]
    result: Result
    findings: Sequence[Finding]
    team: Sequence[Mapping[str, str]]
    stalls: Mapping[str, StallLabel]
    started_at: datetime
    ended_at: datetime
    received_at: datetime
    clock_skew_s: int | None
    earlier: Mapping[str, Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A payload in canonical JSON but for its ``record``, which lacks the number.

    Next to nothing is left to do once the number is given: who has it keeps all others waiting.
    """

    record: Mapping[str, Any]
    others: Mapping[str, bytes]

    def with_number(self, numbered: Numbered) -> bytes:
        """The canonical JSON of the whole; what is signed and attached."""
        record = {**self.record, **asdict(numbered)}
        return canonical.joined({**self.others, "record": canonical.dumps_plain(record)})


def spell(payload: Mapping[str, Any], checklist: Checklist) -> Unnumbered:
    """``payload`` is what ``build`` gives of a visit with ``checklist``, as of its day."""
    others = {
        key: canonical.dumps_plain(value)
        for key, value in payload.items()
        if key not in ("record", "items")
    }
    return Unnumbered(payload["record"], {**others, "items": _spelled_items(checklist)})


def build(visit: Visit) -> dict[str, Any]:
    """The payload but for the number."""
    document, result = visit.document, visit.result
    at_stall = {judged.stall: judged for judged in result.stalls}
    checklist = result.checklist
    return {
        "schema": SCHEMA,
        "record": {
            "id": document["id"],
            "trial": visit.checklist.is_trial,
            "supersedes": visit.earlier["supersedes"],
            "reason": document.get("reason", ""),
        },
        **_place(visit.place),
        "inspection": {
            "id": document["id"],
            "kind": document["kind"],
            "started_at": local(visit.started_at),
            "ended_at": local(visit.ended_at),
            "received_at": local(visit.received_at),
            "clock_skew_s": visit.clock_skew_s,
            "location": document.get("location"),
            "follows": visit.earlier["follows"],
        },
        "grounds": document.get("grounds"),
        "checklist": {
            "code": checklist.code,
            "version": checklist.version,
            "title": checklist.title.vi,
            "sha256": visit.checklist.sha256,
            "approved_by": _approval(visit.checklist),
        },
        "team": list(visit.team),
        "parties": _parties(document),
        "items": _items(checklist),
        "result": _result(result, visit.stalls),
        "findings": _findings(visit),
        "answers": [
            _answer(criterion.item, visit.answers[criterion.item.code], criterion.outcome)
            for criterion in result.criteria
            if criterion.item.scope == "establishment"
        ],
        "criteria": [
            {
                "item": criterion.item.code,
                "outcome": criterion.outcome,
                "failed_stalls": [visit.stalls[stall].number for stall in criterion.failures],
            }
            for criterion in result.criteria
            if criterion.item.scope == "stall"
        ],
        "stalls": [_sheet(visit, sheet, at_stall[stall_of(sheet)]) for sheet in visit.sheets],
        "measures": [
            {
                "code": code,
                "text": checklist.measures[code].name.vi,
                "value": value,
                "unit": checklist.measures[code].unit,
            }
            for code, value in document.get("measures", {}).items()
        ],
        "samples": [
            {**sample, "stall": _stall_name(visit.stalls, sample.get("stall"))}
            for sample in document.get("samples", [])
        ],
        "opinion": document.get("opinion", ""),
        "requests": document.get("requests", ""),
        "signatures": document.get("signatures", []),
        "refusal": document.get("refusal"),
        "photos": _photos(visit),
    }


def local(moment: datetime) -> str:
    """A moment as a record writes it: in the time of the market, with offset."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _approval(checklist: Published) -> dict[str, str] | None:
    if checklist.approved_on is None:
        return None
    return {"number": checklist.approved_number, "date": checklist.approved_on.isoformat()}


def _place(place: PlaceOnDay) -> dict[str, Any]:
    authority = place.authority
    if authority is None:
        raise ValueError("a record needs an authority")
    return {
        "authority": {
            "code": authority.code,
            "name": authority.name,
            "parent": authority.parent_name,
            "place": authority.place,
            "symbol": authority.symbol,
        },
        "establishment": {
            "code": place.code,
            "kind": place.kind,
            "name": place.name,
            "address": place.address,
            "units": [
                {"code": unit.code, "level": unit.level, "name": unit.name} for unit in place.units
            ],
        },
    }


def _result(result: Result, stalls: Mapping[str, StallLabel]) -> dict[str, Any]:
    return {
        "verdict": result.verdict,
        "score": result.score,
        "rule_set": result.checklist.rule_set,
        "level_a": result.level_a._asdict(),
        "level_b": result.level_b._asdict(),
        "sections": [
            {
                "code": section.code,
                "title": section.title.vi,
                "passed": tally.passed,
                "applicable": tally.applicable,
                "points": tally.points,
                "points_possible": tally.points_possible,
            }
            for section, tally in result.sections
        ],
        "explanation": [line.vi for line in result.explanation(lambda s: stalls[s].number)],
    }


@lru_cache(maxsize=64)
def _items(checklist: Checklist) -> dict[str, Any]:
    """Half of what a record says, and the same for every visit of an era."""
    return {code: _item(item) for code, item in checklist.items.items()}


@lru_cache(maxsize=64)
def _spelled_items(checklist: Checklist) -> bytes:
    return canonical.dumps_plain(_items(checklist))


def _item(item: Item) -> dict[str, Any]:
    return {
        "section": item.section,
        "text": item.text.vi,
        "severity": item.severity,
        "level": item.level,
        "type": item.answer.type,
        "unit": item.answer.unit,
        "op": item.answer.op,
        "threshold": str(item.answer.threshold) if item.answer.op else "",
    }


def _answer(item: Item, answer: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Only what there is to say; what the item says stands in ``items``."""
    said = {name: value for name, value in answer.items() if value and name in SAID}
    return {"item": item.code, "outcome": outcome, **said}


def _sheet(visit: Visit, sheet: Mapping[str, Any], judged: StallResult) -> dict[str, Any]:
    stall = stall_of(sheet)
    label, checklist = visit.stalls[stall], visit.result.checklist
    commodity = commodity_of(sheet)
    return {
        "id": stall,
        "number": label.number,
        "trader": label.trader,
        "commodity": commodity,
        "commodity_name": checklist.commodities.get(commodity, ""),
        "zone": label.zone,
        "absent": sheet.get("absent") or sheet.get("absent_now") or None,
        "new": label.new,
        "verdict": judged.verdict,
        "level_a": judged.tally.level_a._asdict(),
        "level_b": judged.tally.level_b._asdict(),
        "answers": [
            _answer(item, sheet["answers"][item.code], outcome) for item, outcome in judged.judged
        ],
    }


def _findings(visit: Visit) -> list[dict[str, Any]]:
    given = {stall_of(sheet): sheet.get("answers", {}) for sheet in visit.sheets}
    rows = []
    for found, row in zip(visit.result.findings, visit.findings, strict=True):
        item = found.item
        answers = given[found.stall] if found.stall else visit.answers
        rows.append(
            {
                "item": item.code,
                "stall": _stall_name(visit.stalls, found.stall),
                "due_on": row.due_on.isoformat(),
                "corrected_on_site": found.corrected_on_site,
                "repeat": row.repeat_of_id is not None,
                "value": answers[item.code].get("value"),
                "note": found.note,
                "references": list(item.citable_references),
                "photos": list(found.photos),
            }
        )
    return rows


def _stall_name(stalls: Mapping[str, StallLabel], stall: str | None) -> dict[str, str] | None:
    if stall is None:
        return None
    return {"number": stalls[stall].number, "trader": stalls[stall].trader}


def _photos(visit: Visit) -> list[dict[str, Any]]:
    """Every photo once, where it is named first; those of failed items come first."""
    places: dict[str, tuple[str, str | None]] = {}
    for found in visit.result.findings:
        for digest in found.photos:
            places.setdefault(digest, (found.item.code, found.stall))
    sheets = [(None, visit.answers), *((stall_of(s), s.get("answers") or {}) for s in visit.sheets)]
    for stall, answers in sheets:
        for code, answer in answers.items():
            for digest in answer.get("photos") or ():
                places.setdefault(digest, (code, stall))
    return [
        {"sha256": digest, "item": item, "stall": visit.stalls[stall].number if stall else None}
        for digest, (item, stall) in places.items()
    ]


def named_on(day: date, number: str) -> dict[str, str]:
    """Another record, as this one names it."""
    return {"number": number, "date": day.isoformat()}


def _parties(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Who took part; a representative who is named by the own signature alone is one of them."""
    parties = list(document.get("parties", []))
    if any(party["role"] == REPRESENTATIVE for party in parties):
        return parties
    signed = [
        {"role": REPRESENTATIVE, "name": signature["name"], "title": ""}
        for signature in document.get("signatures", [])
        if signature["role"] == REPRESENTATIVE and any(len(s) > 1 for s in signature["strokes"])
    ]
    return [*signed, *parties]
