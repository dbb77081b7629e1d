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
        numbers = {c for c, item in checklist.items.items() if item.answer.type == "number"}
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


def sha256(normal: Mapping[str, Any]) -> str:
    """Digest of a normalised document without ``device``, which a phone refreshes at each send.

    No document that the rules accept holds a number with a fraction: decimals are texts.
    """
    kept = {key: value for key, value in normal.items() if key != "device"}
    return hashlib.sha256(canonical.dumps_plain(kept)).hexdigest()


def _answers(answers: Mapping[str, Any], numbers: set[str]) -> dict[str, Any]:
    return {
        code: {**answer, "value": _spell(answer["value"])}
        if code in numbers and "value" in answer
        else answer
        for code, answer in answers.items()
    }


def _spell(value: Any) -> Any:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return canonical.decimal_text(Decimal(value.replace(",", ".")))
    return value
