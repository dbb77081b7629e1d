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
    undecided = False
    for level in checklist.compliance_levels:
        if level.is_rest:
            return _undecided() if undecided else Compliance(level.code, _not_met(level))
        if _items_allow(level, outcomes):
            held = _months_hold(level.reported, months)
            if held:
                return Compliance(level.code, _met(level))
            undecided = undecided or held is None
    return Compliance(None, _NOT_ASKED)


def _items_allow(level: ComplianceLevel, outcomes: Mapping[str, Outcome]) -> bool:
    return all(outcomes.get(code) == "pass" for code in level.must_pass) and all(
        outcomes.get(code) in ("pass", "na") for code in level.may_be_na
    )


def _months_hold(condition: ReportedCondition | None, months: Sequence[Month]) -> bool | None:
    """L4: whether each of the last reported months meets the condition; None: too few."""
    if condition is None:
        return True
    values = [value for m in months if (value := m.get(condition.measure)) is not None]
    if len(values) < condition.months:
        return None
    return all(compare(v, condition.op, condition.value) for v in values[: condition.months])


def _met(level: ComplianceLevel) -> Bilingual:
    return Bilingual(
        f"Đủ điều kiện của mức {level.code} ({level.name.vi}).",
        f"The conditions of {level.code} ({level.name.en}) are met.",
    )


def _not_met(level: ComplianceLevel) -> Bilingual:
    return Bilingual(
        f"Chưa đủ điều kiện của mức nào cao hơn {level.code} ({level.name.vi}).",
        f"The conditions of no level above {level.code} ({level.name.en}) are met.",
    )


def _undecided() -> Compliance:
    return Compliance(
        None,
        Bilingual(
            "Chưa đánh giá: số tháng khai báo túi ni lông chưa đủ.",
            "Not assessed: too few months of bag returns are reported.",
        ),
    )
