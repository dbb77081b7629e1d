"""Which figures a store may return: the entered measures of the shipped checklist."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from backend.common import canonical
from backend.common.errors import FieldError
from backend.common.strict_json import escape
from backend.common.text import Bilingual
from inspections.checklists.definition import Measure
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion

CHECKLIST = "SUPERMARKET-PLASTIC"

_UNKNOWN = Bilingual("Phiếu không có số liệu này.", "The checklist has no such measure.")
_NEGATIVE = Bilingual("Giá trị ngoài giới hạn.", "The value is out of range.")


def asked_for() -> dict[str, Measure]:
    """By code, of every version ever published: figures of an old app stay welcome."""
    versions = ChecklistVersion.objects.filter(code=CHECKLIST).ever_published()
    return {
        code: measure
        for version in versions.defer("content").order_by("version")
        for code, measure in definition_of(version).measures.items()
        if measure.kind == "input"
    }


def normal(figures: Mapping[str, Decimal]) -> dict[str, str]:
    """As they are stored and compared: each decimal in its one spelling, codes in order."""
    return {code: canonical.decimal_text(figures[code]) for code in sorted(figures)}


def faults(figures: Mapping[str, str]) -> Iterator[FieldError]:
    """Of figures that nobody asks for, derived ones among them, and of those below zero."""
    known = asked_for()
    for code, text in figures.items():
        pointer = f"/measures/{escape(code)}"
        if code not in known:
            yield FieldError(pointer, "unknown_item", _UNKNOWN)
        elif Decimal(text) < 0:
            yield FieldError(pointer, "out_of_range", _NEGATIVE)
