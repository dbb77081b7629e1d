"""Failed items as findings. Rule N1 of docs/rules/scoring.md."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from inspections.checklists.definition import Item
from inspections.fieldwork.rules.scoring import Judged


class Finding(NamedTuple):
    """A failed item, on the establishment sheet (``stall`` None) or at one stall.

    ``item`` is as it counts on the day: its severity, level and points are the finding's.
    """

    item: Item
    stall: str | None
    photos: tuple[str, ...]
    corrected_on_site: bool
    note: str
    carried: bool

    @property
    def points_lost(self) -> int:
        """The item's points; the market loses them once however many stalls fail the item."""
        return self.item.points

    @property
    def reference(self) -> str | None:
        """The clauses that a record may cite; None: an internal criterion."""
        return "; ".join(self.item.citable_references) or None


def findings_of(
    judged: Sequence[Judged], answers: Mapping[str, Mapping[str, Any]], stall: str | None
) -> list[Finding]:
    """N1: each failed item of a sheet, corrected on the spot or not, in checklist order.

    What was not answered was not found.
    """
    return [
        _finding(item, answers[item.code], stall)
        for item, outcome in judged
        if outcome == "fail" and item.code in answers
    ]


def _finding(item: Item, answer: Mapping[str, Any], stall: str | None) -> Finding:
    return Finding(
        item=item,
        stall=stall,
        photos=tuple(answer.get("photos") or ()),
        corrected_on_site=bool(answer.get("corrected_on_site")),
        note=answer.get("note") or "",
        carried=bool(answer.get("carried")),
    )
