"""The normal spelling of a document, so that equal documents have equal digests."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backend.common import canonical
from inspections.checklists.definition import Checklist

_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:[.,][0-9]{1,18})?")


def normalise(tree: Mapping[str, Any], checklist: Checklist | None) -> dict[str, Any]:
    """``tree`` with every decimal in its one spelling ("3,50" becomes "3.5").

    Decimals stand in the location, in the measures and in the values of number items; without
    a checklist nobody knows which these are.
    """
    normal = dict(tree)
    if location := tree.get("location"):
        normal["location"] = {
            key: _spell(value) if key in ("latitude", "longitude", "accuracy_m") else value
            for key, value in location.items()
        }
    if measures := tree.get("measures"):
        normal["measures"] = {code: _spell(value) for code, value in measures.items()}
    if checklist:
        numbers = checklist.number_items
        if answers := tree.get("answers"):
            normal["answers"] = _answers(answers, numbers)
        if stalls := tree.get("stalls"):
            normal["stalls"] = [
                {**sheet, "answers": _answers(sheet["answers"], numbers)}
                if sheet.get("answers")
                else sheet
                for sheet in stalls
            ]
    return normal


def spell(normal: Mapping[str, Any]) -> bytes:
    """A normalised document without ``device``, which a phone refreshes at each send.

    No document that the rules accept holds a number with a fraction: decimals are texts.
    """
    return canonical.dumps_plain({key: value for key, value in normal.items() if key != "device"})


def sha256(spelled: bytes) -> str:
    """The digest of an inspection's answers: of what ``spell`` gives."""
    return hashlib.sha256(spelled).hexdigest()


def _answers(answers: Mapping[str, Any], numbers: frozenset[str]) -> dict[str, Any]:
    spelled = {
        code: {**answers[code], "value": _spell(answers[code]["value"])}
        for code in numbers.intersection(answers)
        if "value" in answers[code]
    }
    return {**answers, **spelled}


def _spell(value: Any) -> Any:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return canonical.decimal_text(Decimal(value.replace(",", ".")))
    return value
