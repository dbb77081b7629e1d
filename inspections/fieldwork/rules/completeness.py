"""Whether a submission answers its checklist. Rules C1 to C8 of docs/rules/completeness.md.

Answers are plain dicts (value, not_applicable, note, photos, corrected_on_site). A stall
sheet is ``{"stall": id}`` or ``{"new": {"id": id, ...}}`` with ``commodity``, ``absent``
and ``answers``. ``carried`` marks an answer that a follow-up took over: it was checked
when it was given.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.common.errors import FieldError
from backend.common.text import Bilingual
from inspections.checklists.definition import Checklist, Item
from inspections.fieldwork.rules.outcome import escape, judge, says_pass

Answers = Mapping[str, Mapping[str, Any]]
StallSheet = Mapping[str, Any]

_MISSING = Bilingual("Tiêu chí chưa được trả lời.", "This item is not answered.")
_UNKNOWN = Bilingual("Phiếu này không có tiêu chí đó.", "There is no such item on this sheet.")
_NA = Bilingual(
    'Tiêu chí này không được chọn "không áp dụng".', 'This item cannot be "not applicable".'
)
_NA_VALUE = Bilingual(
    'Đã chọn "không áp dụng" thì không có giá trị.',
    "An item that is not applicable has no value.",
)
_NOTE = Bilingual("Cần ghi chú lý do.", "A note with the reason is required.")
_PHOTO = Bilingual("Cần ít nhất một ảnh.", "At least one photo is required.")
_COMMODITY = Bilingual("Cần nhóm hàng của quầy.", "The commodity of the stall is required.")


def check(
    checklist: Checklist, day: date, answers: Answers, stalls: Sequence[StallSheet]
) -> list[FieldError]:
    """Name every broken rule; an empty list means complete.

    ``day`` is the local day of the visit. The order is that of the document: the
    establishment sheet, then the stall sheets; in a sheet the items of the checklist in
    its order, then those that it does not know.
    """
    errors: list[FieldError] = []
    _check_sheet(checklist.establishment_items, answers, day, "/answers", errors)
    for index, sheet in enumerate(stalls):
        given = sheet.get("answers") or {}
        at = f"/stalls/{index}"
        if sheet.get("absent"):
            _check_sheet((), given, day, f"{at}/answers", errors)
            continue
        commodity = commodity_of(sheet)
        if commodity in checklist.commodities:
            items = checklist.stall_items(commodity)
            _check_sheet(items, given, day, f"{at}/answers", errors)
        else:
            errors.append(_commodity_error(sheet, commodity, at))
    return errors


def commodity_of(sheet: StallSheet) -> str:
    """As seen on the day; a new stall may say it among its own facts."""
    return sheet.get("commodity") or (sheet.get("new") or {}).get("commodity") or ""


def stall_of(sheet: StallSheet) -> str:
    """The id of the stall, known or new."""
    return str(sheet.get("stall") or sheet["new"]["id"])


def _commodity_error(sheet: StallSheet, commodity: str, at: str) -> FieldError:
    """C8: without its commodity the items of a stall are not known."""
    inside = "" if sheet.get("commodity") or not sheet.get("new") else "/new"
    code = "out_of_range" if commodity else "missing_field"
    return FieldError(f"{at}{inside}/commodity", code, _COMMODITY)


def _check_sheet(
    items: Sequence[Item], answers: Answers, day: date, at: str, errors: list[FieldError]
) -> None:
    found = 0
    for item in items:
        answer = answers.get(item.code)
        if answer is None:
            errors.append(FieldError(f"{at}/{escape(item.code)}", "missing_answer", _MISSING))  # C1
            continue
        found += 1
        if not (says_pass(item, answer) and item.photo != "always") and not answer.get("carried"):
            _check_answer(item, answer, day, at, errors)
    if found != len(answers):
        known = {item.code for item in items}
        errors += [  # C2
            FieldError(f"{at}/{escape(code)}", "unknown_item", _UNKNOWN)
            for code in answers
            if code not in known
        ]


def _check_answer(
    item: Item, answer: Mapping[str, Any], day: date, at: str, errors: list[FieldError]
) -> None:
    spec = item.answer
    noted = bool((answer.get("note") or "").strip())
    if answer.get("not_applicable"):
        _check_not_applicable(item, answer, noted, f"{at}/{escape(item.code)}", errors)
        return
    if "value" not in answer:
        errors.append(FieldError(f"{at}/{escape(item.code)}", "missing_answer", _MISSING))
        return
    value = answer["value"]
    judgement = judge(spec, value, day)
    if isinstance(judgement, list):  # C3
        errors += [
            FieldError(f"{at}/{escape(item.code)}/value{path}", code, detail)
            for path, code, detail in judgement
        ]
    # C6: an answer whose value says "fail" or "none was shown" explains itself
    if not noted and judgement == "fail" and (spec.type == "pass_fail" or value is None):
        errors.append(FieldError(f"{at}/{escape(item.code)}/note", "note_required", _NOTE))
    # C7: nothing to photograph where nothing applies and of a document that was not shown
    wanted = item.photo == "always" or (item.photo == "on_fail" and judgement == "fail")
    unseen = judgement == "na" or (spec.type == "document" and value is None)
    if wanted and not unseen and not answer.get("photos"):
        errors.append(FieldError(f"{at}/{escape(item.code)}/photos", "photo_required", _PHOTO))


def _check_not_applicable(
    item: Item, answer: Mapping[str, Any], noted: bool, at: str, errors: list[FieldError]
) -> None:
    if not item.na_allowed:  # C4
        errors.append(FieldError(f"{at}/not_applicable", "not_applicable_not_allowed", _NA))
    if answer.get("value") is not None:  # C5
        errors.append(FieldError(f"{at}/value", "wrong_type", _NA_VALUE))
    if not noted:
        errors.append(FieldError(f"{at}/note", "note_required", _NOTE))
