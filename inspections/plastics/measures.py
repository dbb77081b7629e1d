"""Which figures a store may return: the entered measures of the shipped checklist."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from backend.common import canonical
from backend.common.errors import FieldError
from backend.common.strict_json import escape
from backend.common.text import Bilingual
from inspections.checklists.definition import Measure
from inspections.checklists.formulas import value_of
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion

CHECKLIST = "SUPERMARKET-PLASTIC"

_UNKNOWN = Bilingual("Phiếu không có số liệu này.", "The checklist has no such measure.")
_NEGATIVE = Bilingual("Giá trị ngoài giới hạn.", "The value is out of range.")


def known_measures() -> dict[str, Measure]:
    """By code, of every version ever published: figures of an old app stay welcome."""
    versions = ChecklistVersion.objects.filter(code=CHECKLIST).ever_published()
    return {
        code: measure
        for version in versions.defer("content").order_by("version")
        for code, measure in definition_of(version).measures.items()
    }


def values_of(measures: Mapping[str, str]) -> dict[str, Fraction]:
    """The figures of a return as numbers."""
    return {code: Fraction(text) for code, text in measures.items()}


def derived(
    values: Mapping[str, Fraction], measures: Mapping[str, Measure]
) -> dict[str, Fraction | None]:
    """G8: what follows from the ``values`` of a month, by code of a derived measure."""
    return {
        code: value_of(measure.formula, values)
        for code, measure in measures.items()
        if measure.kind == "derived"
    }


def shown(value: Fraction | None) -> str | None:
    """With two places, half up."""
    if value is None:
        return None
    hundredths = math.floor(abs(value) * 100 + Fraction(1, 2))
    sign = "-" if value < 0 and hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def normal(figures: Mapping[str, Decimal]) -> dict[str, str]:
    """As they are stored and compared: each decimal in its one spelling, codes in order."""
    return {code: canonical.decimal_text(figures[code]) for code in sorted(figures)}


def faults(figures: Mapping[str, str]) -> Iterator[FieldError]:
    """Of figures that nobody asks for, derived ones among them, and of those below zero."""
    known = known_measures()
    for code, text in figures.items():
        pointer = f"/measures/{escape(code)}"
        if code not in known or known[code].kind != "input":
            yield FieldError(pointer, "unknown_item", _UNKNOWN)
        elif Decimal(text) < 0:
            yield FieldError(pointer, "out_of_range", _NEGATIVE)
