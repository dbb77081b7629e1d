"""The result in sentences, for the record and for the manager. Rule R2 of docs/rules/scoring.md."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from backend.common.text import Bilingual
from inspections.checklists.definition import RuleSet
from inspections.fieldwork.rules.scoring import Count, Criterion, Tally


def explanation(
    rule_set: RuleSet,
    criteria: tuple[Criterion, ...],
    tally: Tally,
    stall_name: Callable[[str], str] = str,
) -> list[Bilingual]:
    """What the verdict rests on: counts with their bands, then each criterion that blocks it.

    ``stall_name`` gives the number by which people know a stall, for its id.
    """
    if rule_set.code == "TCVN_AB":
        counts = [_level("A", tally.level_a), _level("B", tally.level_b)]
        if tally.level_b.applicable:
            counts.append(_bands(rule_set, "pass_above", "trên", "above"))
        blocking = [c for c in criteria if c.outcome == "fail" and c.item.level == "A"]
    elif tally.points_possible:
        counts = [_points(tally), _bands(rule_set, "pass_from", "từ", "from")]
        blocking = [c for c in criteria if c.outcome == "fail" and c.item.severity == "critical"]
    else:
        return [
            Bilingual(
                "Không có tiêu chí nào áp dụng nên không có kết luận.",
                "No criterion is applicable, so there is no verdict.",
            )
        ]
    return counts + [_blocking(criterion, stall_name) for criterion in blocking]


def _level(level: str, count: Count) -> Bilingual:
    if not count.applicable:
        return Bilingual(
            f"Không có tiêu chí mức {level} nào áp dụng; điều kiện về mức {level} coi như đạt.",
            f"No level-{level} criterion is applicable; the condition on level {level} counts"
            " as met.",
        )
    passed, applicable = count
    return Bilingual(
        f"Mức {level}: đạt {passed}/{applicable} tiêu chí áp dụng.",
        f"Level {level}: {passed} of {applicable} applicable criteria pass.",
    )


def _points(tally: Tally) -> Bilingual:
    points, possible = tally.points, tally.points_possible
    return Bilingual(f"Đạt {points}/{possible} điểm.", f"{points} of {possible} points.")


def _bands(rule_set: RuleSet, pass_band: str, vi: str, en: str) -> Bilingual:
    upper, lower = (_percent(rule_set.bands[band]) for band in (pass_band, "to_complete_from"))
    return Bilingual(
        f"Đạt khi {vi} {upper.replace('.', ',')} %; chờ hoàn thiện từ {lower.replace('.', ',')} %.",
        f"Pass {en} {upper} %; to complete from {lower} %.",
    )


def _percent(share: Fraction) -> str:
    """Bands come from decimal text, so the quotient is exact."""
    return format(Decimal(share.numerator) / Decimal(share.denominator), "f")


def _blocking(criterion: Criterion, stall_name: Callable[[str], str]) -> Bilingual:
    item = criterion.item
    stalls = ", ".join(stall_name(stall) for stall in criterion.failures)
    at_vi, at_en = (f" tại quầy {stalls}", f" at stall {stalls}") if stalls else ("", "")
    return Bilingual(
        f"Tiêu chí {item.code} (mức {item.level}) không đạt{at_vi}.",
        f"Criterion {item.code} (level {item.level}) fails{at_en}.",
    )
