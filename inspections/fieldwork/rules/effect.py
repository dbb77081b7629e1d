"""What a past visit would come to under another version. Rules E1 to E5 of docs/rules/effect.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple

from inspections.checklists.definition import Checklist, Item
from inspections.fieldwork.rules.carried import still_answers
from inspections.fieldwork.rules.completeness import Answers, StallSheet, commodity_of
from inspections.fieldwork.rules.result import Result, evaluate
from inspections.fieldwork.rules.verdict import VERDICTS, Verdict

Change = Literal["kept", "raised", "lowered", "uncertain"]


class Outlook(NamedTuple):
    """What a visit comes to at worst and at best; the same where nothing is open (E1)."""

    lowest: Result
    highest: Result


@dataclass(frozen=True)
class Rescoring:
    """Visits that were made with ``before``, scored by what ``after`` asks."""

    before: Checklist
    after: Checklist

    @cached_property
    def _asked(self) -> Checklist:
        """E4: a stall of a commodity that ``after`` lacks is asked what every stall is asked."""
        both = {**self.before.commodities, **self.after.commodities}
        return replace(self.after, commodities=both, _by_era={}, _by_commodity={})

    def outlook(self, day: date, answers: Answers, stalls: Sequence[StallSheet]) -> Outlook:
        """E1: the result where every open item fails, and where every one passes.

        Verdict and score rise with each outcome from fail over na to pass, so they hold any
        other answers between them. ``day`` is the local day of the visit.
        """
        dated = self._asked.as_of(day)
        kept = self._kept(dated.establishment_items, answers, day)
        is_open = len(kept) < len(dated.establishment_items)
        sheets: list[StallSheet] = []
        for sheet in stalls:
            if not sheet.get("absent"):
                items = dated.stall_items(commodity_of(sheet))
                given = self._kept(items, sheet.get("answers") or {}, day)
                is_open = is_open or len(given) < len(items)
                sheet = {**sheet, "answers": given}  # noqa: PLW2901  # as it counts now
            sheets.append(sheet)
        lowest = evaluate(self._asked, day, kept, sheets, unanswered="fail")
        if not is_open:
            return Outlook(lowest, lowest)
        return Outlook(lowest, evaluate(self._asked, day, kept, sheets, unanswered="pass"))

    def _kept(self, items: Sequence[Item], answers: Answers, day: date) -> dict[str, Any]:
        return {
            item.code: answers[item.code]
            for item in items
            if item.code in answers and self._still_says(item, answers[item.code], day)
        }

    def _still_says(self, item: Item, answer: Mapping[str, Any], day: date) -> bool:
        """E3: the old answer is one to the new question, in the same unit and of the same type."""
        asked = self.before.items[item.code].answer
        same = (asked.type, asked.unit) == (item.answer.type, item.answer.unit)
        return same and still_answers(item, answer, day)


def change(before: Verdict | None, lowest: Verdict | None, highest: Verdict | None) -> Change:
    """E5: where the verdict goes; no result (V5) stands below every verdict."""
    if lowest != highest:
        return "uncertain"
    if rank(lowest) == rank(before):
        return "kept"
    return "raised" if rank(lowest) > rank(before) else "lowered"


def rank(verdict: Verdict | None) -> int:
    return -1 if verdict is None else VERDICTS.index(verdict)
