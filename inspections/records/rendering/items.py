"""An item's words stand once in the payload; for drawing, every answer gets them back."""

from collections.abc import Iterable, Mapping
from typing import Any

# What an answer of the payload leaves out where there is nothing to say.
UNSAID: Mapping[str, Any] = {
    "value": None,
    "note": "",
    "photos": (),
    "corrected_on_site": False,
    "carried": False,
}


def spelled_out(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with the words of ``items`` in each answer, criterion and finding."""
    items: Mapping[str, Mapping[str, Any]] = payload["items"]
    return {
        **payload,
        "answers": _answers(items, payload["answers"]),
        "criteria": [{**items[row["item"]], **row} for row in payload["criteria"]],
        "stalls": [
            {**stall, "answers": _answers(items, stall["answers"])} for stall in payload["stalls"]
        ],
        "findings": [
            {
                **items[finding["item"]],
                **finding,
                "answer": {**items[finding["item"]], "value": finding["value"]},
            }
            for finding in payload["findings"]
        ],
    }


def _answers(
    items: Mapping[str, Mapping[str, Any]], answers: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    return [{**UNSAID, **items[answer["item"]], **answer} for answer in answers]
