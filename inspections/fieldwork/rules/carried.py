"""A follow-up visit on top of the first. Rules K1 to K5 of docs/rules/carried.md."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from backend.common.errors import FieldError
from backend.common.text import Bilingual
from inspections.checklists.definition import Checklist, Item
from inspections.fieldwork.rules.completeness import Answers, StallSheet, commodity_of, stall_of
from inspections.fieldwork.rules.outcome import judge

OpenFinding = tuple[str, str | None]  # item code; stall id, None for the establishment sheet

_OPEN_FINDING = Bilingual(
    "Quầy có tồn tại chưa khắc phục nhưng không có trong lần kiểm tra lại.",
    "A stall with open findings is not in the follow-up.",
)
_OTHER_VERSION = Bilingual(
    "Phiếu này hỏi quầy khác với lần trước: cần kiểm tra lại quầy.",
    "This checklist asks a stall otherwise than the first visit did; it must be seen again.",
)


class Merged(NamedTuple):
    """What a follow-up is checked and scored on.

    The sheets of the follow-up stand first and in its order, so that pointers into its
    document hold; sheets that are wholly carried come after. Carried answers have
    ``"carried": True``, and so has a sheet that is wholly carried.
    """

    answers: dict[str, Mapping[str, Any]]
    stalls: list[StallSheet]
    errors: list[FieldError]


def merge(
    checklist: Checklist,
    day: date,
    first: tuple[Answers, Sequence[StallSheet]],
    given: tuple[Answers, Sequence[StallSheet]],
    open_findings: Collection[OpenFinding],
) -> Merged:
    """Complete the answers of a follow-up with those of the visit it follows.

    K1: the items of open findings and every item that is critical on ``day`` must be
    answered on each sheet of the follow-up; K2: all others carry over. What must be
    answered and is not is simply not carried, so ``completeness.check`` names it.
    K3: a stall that is not in the follow-up, or is absent from it, keeps its answers;
    ``errors`` names (``missing_answer`` at ``/stalls``) those left out with an open finding.

    Source: product contract, section 2.
    """
    dated = checklist.as_of(day)
    open_items = set(open_findings)
    before = {stall_of(sheet): sheet for sheet in first[1] if not sheet.get("absent")}
    answers = _carry(dated.establishment_items, first[0], given[0], open_items, None, day)
    stalls: list[StallSheet] = []
    for sheet in given[1]:
        stall = stall_of(sheet)
        known = before.pop(stall, None)
        if sheet.get("absent"):
            stalls.append(
                sheet if known is None else _carried_sheet(dated, known, day, sheet["absent"])
            )
        elif known is None or commodity_of(sheet) not in dated.commodities:
            stalls.append(sheet)
        else:
            items = dated.stall_items(commodity_of(sheet))
            old, new = known.get("answers") or {}, sheet.get("answers") or {}
            stalls.append({**sheet, "answers": _carry(items, old, new, open_items, stall, day)})
    waiting = {stall for _, stall in open_items}
    errors = [
        FieldError("/stalls", "missing_answer", _OPEN_FINDING)
        for stall in before
        if stall in waiting
    ]
    carried = [_carried_sheet(dated, sheet, day) for sheet in before.values()]
    errors += [
        FieldError("/stalls", "missing_answer", _OTHER_VERSION)
        for sheet in carried
        if not _is_complete(dated, sheet)
    ]
    return Merged(answers, stalls + carried, errors)


def _carry(
    items: Sequence[Item],
    old: Answers,
    new: Answers,
    open_items: Collection[OpenFinding],
    stall: str | None,
    day: date,
) -> dict[str, Mapping[str, Any]]:
    """K2; K5: another version may ask an item otherwise, and then its old answer says nothing."""
    merged = dict(new)
    for item in items:
        must_be_answered = item.severity == "critical" or (item.code, stall) in open_items
        if item.code in new or item.code not in old or must_be_answered:
            continue
        if still_answers(item, old[item.code], day):
            merged[item.code] = {**old[item.code], "carried": True}
    return merged


def still_answers(item: Item, answer: Mapping[str, Any], day: date) -> bool:
    """K5: whether an answer that was good for another version can be one to ``item``."""
    if answer.get("not_applicable"):
        return item.na_allowed
    return "value" in answer and isinstance(judge(item.answer, answer["value"], day), str)


def _carried_sheet(
    dated: Checklist, sheet: StallSheet, day: date, absent_now: str = ""
) -> StallSheet:
    """K4: ``absent_now`` says why the stall could not be seen again."""
    old = sheet.get("answers") or {}
    answers = {
        item.code: {**old[item.code], "carried": True}
        for item in _items(dated, sheet)
        if item.code in old and still_answers(item, old[item.code], day)
    }
    return {
        **sheet,
        "absent": None,
        "answers": answers,
        "carried": True,
        "absent_now": absent_now,
    }


def _items(dated: Checklist, sheet: StallSheet) -> Sequence[Item]:
    commodity = commodity_of(sheet)
    return dated.stall_items(commodity) if commodity in dated.commodities else ()


def _is_complete(dated: Checklist, sheet: StallSheet) -> bool:
    """K5: whether the answers of a carried sheet are all that this version asks."""
    items = _items(dated, sheet)
    return bool(items) and len(sheet["answers"]) == len(items)
