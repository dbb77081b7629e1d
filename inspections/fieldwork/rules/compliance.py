"""The compliance level of a supermarket. Rules L1 to L4 of docs/rules/compliance.md.

Derived as of a day, never stored: it changes when months are reported.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from backend.common.text import Bilingual
from inspections.checklists.definition import Checklist, ComplianceLevel, ReportedCondition
from inspections.fieldwork.rules.outcome import Outcome, compare

Month = Mapping[str, Fraction | None]


class Compliance(NamedTuple):
    """``level`` None is *chưa đánh giá*, never to be shown as the lowest level."""

    level: str | None
    reason: Bilingual


_NOT_ASKED = Bilingual(
    "Phiếu này không xếp mức tuân thủ.", "This checklist has no compliance levels."
)


def compliance(
    checklist: Checklist, outcomes: Mapping[str, Outcome], months: Sequence[Month] = ()
) -> Compliance:
    """The level that the items and the reported months allow.

    ``outcomes``: of the latest valid assessment, by item code. ``months``: the measures of
    each reported month that is recent enough, newest first; a missing month is not in it
    and a measure without value is None or absent. How old an assessment or a month may be
    is for the caller (``compliance.not_assessed`` in the content).

    L1: the first level whose items and months both hold. L2: where the items allow a level
    but too few months tell, the level is unknown. L3: where the items allow none, it is
    the last level, reported or not.
    Source: product contract, section 10 point 7. Status: proposal.
    """
    undecided: list[ComplianceLevel] = []
    for level in checklist.compliance_levels:
        if not _items_allow(level, outcomes):
            continue
        held = _months_hold(level.reported, months)
        if held:
            return Compliance(level.code, _reached(level))
        if held is None:
            undecided.append(level)
        if level.reported is None and undecided:
            break
    if undecided:
        return Compliance(None, _too_few_months(undecided, len(months)))
    return Compliance(None, _NOT_ASKED)
