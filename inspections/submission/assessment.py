"""What the rules make of a submission: every error at once, or the whole assessment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.accounts.current import Person
from backend.common.errors import FieldError
from backend.common.printable import unprintable_texts
from backend.common.typeface import unsupported
from inspections.checklists.definition import Checklist
from inspections.fieldwork.models import Finding, Inspection
from inspections.fieldwork.reading import scored
from inspections.fieldwork.rules import carried, completeness
from inspections.fieldwork.rules.findings import Finding as Found
from inspections.fieldwork.rules.result import Result, evaluate
from inspections.records.payload import StallLabel
from inspections.submission import rules
from inspections.submission.document import Submission
from inspections.submission.errors import SubmissionRefused
from inspections.submission.facts import Facts
from markets.lifecycle.stalls import NewStall

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assessment:
    """``answers`` and ``sheets`` are what was scored: those of a follow-up hold the carried ones.

    ``met``: stalls that the register does not know; ``members``: (person id, role).
    """

    answers: Mapping[str, Mapping[str, Any]]
    sheets: Sequence[Mapping[str, Any]]
    result: Result
    photos: Sequence[str]
    met: Sequence[NewStall]
    members: Sequence[tuple[int, str]]
    team: Sequence[Mapping[str, str]]
    is_follow_up: bool

    @property
    def held(self) -> dict[str, Any] | None:
        """What must be stored besides the document so that the result can be computed again."""
        if not self.is_follow_up:
            return None
        return {"answers": dict(self.answers), "stalls": list(self.sheets)}

    def kept(self, findings: Sequence[Finding], stalls: Mapping[str, StallLabel]) -> dict[str, Any]:
        """The result as it is stored; ``findings`` are in the order of ``result.findings``."""
        rows = iter(findings)

        def facts(_: Found) -> Mapping[str, Any]:
            row = next(rows)
            return {
                "id": str(row.id),
                "due_on": row.due_on.isoformat(),
                "repeat_of": str(row.repeat_of_id) if row.repeat_of_id else None,
            }

        return self.result.kept(facts, lambda stall: stalls[stall].number)


def assess(
    document: Submission, tree: Tree, spelled: bytes, facts: Facts, by: Person
) -> Assessment:
    """Raises SubmissionRefused with every broken rule: the heads, the answers, the rest.

    ``spelled``: the text of ``tree``, as ``normal.spell`` gives it.
    """
    errors = list(_check_heads(document, facts, by))
    answers: Mapping[str, Any] = tree.get("answers", {})
    sheets: Sequence[Mapping[str, Any]] = _with_commodities(tree.get("stalls", []), facts)
    if facts.checklist is not None and _fits(facts):
        checklist = facts.checklist.definition
        if document.kind == "follow_up" and facts.follows is not None:
            merged = _merge(checklist, facts.day, facts.follows, (answers, sheets))
            answers, sheets = merged.answers, merged.stalls
            errors += merged.errors
        errors += completeness.check(checklist, facts.day, answers, sheets)
        errors += rules.check_measures(document, checklist)
    errors += _check_rest(document, tree, spelled)
    if errors or facts.checklist is None:
        raise SubmissionRefused(errors)
    return Assessment(
        answers=answers,
        sheets=sheets,
        result=evaluate(facts.checklist.definition, facts.day, answers, sheets),
        photos=rules.photos_of({"answers": answers, "stalls": sheets}),
        met=_met(document, facts, facts.checklist.definition),
        members=[(facts.people[m.username].pk, m.role) for m in document.team if m.username],
        team=[_team_member(member, facts) for member in document.team],
        is_follow_up=document.kind == "follow_up",
    )


def _met(document: Submission, facts: Facts, checklist: Checklist) -> list[NewStall]:
    """What enters the register: a stall that was seen only closed may have no commodity yet."""
    known = facts.register.keys() | facts.retired.keys()
    return [
        NewStall(
            id=UUID(sheet.new.id),
            number=sheet.new.number,
            trader=sheet.new.trader,
            commodity=sheet.commodity or sheet.new.commodity or "",
            zone=sheet.new.zone,
        )
        for sheet in document.stalls
        if sheet.new
        and sheet.new.id not in known
        and (sheet.commodity or sheet.new.commodity) in checklist.commodities
    ]


def _check_heads(document: Submission, facts: Facts, by: Person) -> Iterator[FieldError]:
    if facts.place is None:
        yield rules.UNKNOWN_ESTABLISHMENT.at("/establishment")
    elif facts.place.authority is None and document.kind != rules.SELF_CHECK:
        yield rules.NO_AUTHORITY.at("/establishment")
    if facts.checklist is None:
        yield rules.UNKNOWN_CHECKLIST.at("/checklist")
    elif not _fits(facts):
        yield rules.NOT_FOR_THIS_KIND.at("/checklist")
    yield from rules.check_links(
        document,
        follows_is_known=bool(facts.follows),
        supersedes_is_known=bool(facts.supersedes),
        are_one=facts.follows is not None and facts.follows == facts.supersedes,
    )
    yield from rules.check_location(document)
    yield from rules.check_team(document, by.username, facts.people)
    if facts.place is not None:
        of_the_place = dict.fromkeys(facts.register, True) | dict.fromkeys(facts.retired, False)
        yield from rules.check_stalls(document, of_the_place, facts.elsewhere)


def _fits(facts: Facts) -> bool:
    """Whether the checklist is for the place; the answers to a wrong one would only add noise."""
    if facts.place is None or facts.checklist is None:
        return True
    return facts.place.kind in facts.checklist.definition.kinds


def _check_rest(document: Submission, tree: Tree, spelled: bytes) -> Iterator[FieldError]:
    yield from rules.check_papers(tree)
    yield from rules.check_photo_count(rules.photos_of(tree))
    yield from rules.check_signatures(document)
    # One look at the whole text first: a document with such a character is rare.
    if unsupported(spelled.decode()):
        printed = {key: value for key, value in tree.items() if key != "device"}
        yield from unprintable_texts(printed, "")


def _with_commodities(sheets: Sequence[Tree], facts: Facts) -> list[Tree]:
    """A sheet that does not say its commodity has that of the register."""
    return [
        {**sheet, "commodity": facts.register[sheet["stall"]].commodity}
        if not sheet.get("commodity") and sheet.get("stall") in facts.register
        else sheet
        for sheet in sheets
    ]


def _merge(
    checklist: Checklist,
    day: date,
    first: Inspection,
    given: tuple[Mapping[str, Any], Sequence[Tree]],
) -> carried.Merged:
    open_findings = [
        (item, str(stall) if stall else None)
        for item, stall in first.findings.values_list("item", "stall_id")
    ]
    return carried.merge(checklist, day, scored(first), given, open_findings)


def _team_member(member: Any, facts: Facts) -> dict[str, str]:
    person = facts.people.get(member.username or "")
    return {
        "role": member.role,
        "name": person.full_name if person else member.name,
        "title": member.title or (person.title if person else ""),
    }
