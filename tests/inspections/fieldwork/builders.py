"""Small checklists and answers, as plain values."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from inspections.checklists import authoring
from inspections.checklists.definition import Checklist, Item, parse
from inspections.fieldwork.rules.scoring import Count, Tally

DAY = date(2026, 11, 22)
PHOTO = "ab" * 32
LIBRARY = Path(authoring.__file__).parent / "library"
POINTS = {"critical": 3, "major": 2, "minor": 1}
LEVELS = {"critical": "A", "major": "B", "minor": "B"}
DAYS = {"critical": 3, "major": 15, "minor": 30}

NUMBER = {"type": "number", "unit": "m", "op": ">=", "threshold": "0.6", "minimum": "0"}
RATIO = {
    "type": "ratio",
    "unit": "percent",
    "op": ">=",
    "threshold": "80",
    "numerator_of": "stalls",
}
DOCUMENT = {"type": "document", "expires": True}
CHOICE = {"type": "choice", "options": ["none", "charged", "free"], "pass_options": ["none"]}


def item(code: str, severity: str = "major", **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "text": {"vi": f"Tiêu chí {code}", "en": f"Item {code}"},
        "severity": severity,
        "level": LEVELS[severity],
        "points": POINTS[severity],
        "answer": {"type": "pass_fail"},
        "photo": "never",
        "na_allowed": True,
        "refs": [],
        **changes,
    }


def section(
    code: str, items: list[dict[str, Any]], scope: str = "establishment", commodity: str = "all"
) -> dict[str, Any]:
    return {
        "code": code,
        "title": {"vi": f"Phần {code}", "en": f"Part {code}"},
        "scope": scope,
        "commodity": commodity,
        "items": items,
    }


def content(*sections: dict[str, Any], rule_set: str = "TCVN_AB", **changes: Any) -> dict[str, Any]:
    return {
        "code": "TEST",
        "version": 1,
        "title": {"vi": "Phiếu thử", "en": "Test"},
        "kinds": ["market"],
        "rule_set": rule_set,
        "severities": {
            code: {
                "vi": code,
                "en": code,
                "points": POINTS[code],
                "level": LEVELS[code],
                "correct_within_days": DAYS[code],
            }
            for code in POINTS
        },
        "commodities": {"seafood": "thủy sản", "produce": "rau"},
        "rule_sets": [
            {
                "code": "TCVN_AB",
                "status": "verified",
                "source": "TCVN 11856:2017",
                "bands": {"pass_above": "60", "to_complete_from": "40"},
            },
            {
                "code": "POINTS100",
                "status": "proposal",
                "source": "practice",
                "bands": {"pass_from": "80", "to_complete_from": "60"},
            },
        ],
        "sections": list(sections),
        **changes,
    }


def checklist(*sections: dict[str, Any], rule_set: str = "TCVN_AB") -> Checklist:
    return parse(content(*sections, rule_set=rule_set))


@cache
def shipped(name: str) -> Checklist:
    """``name``: market_food_safety or supermarket_plastic."""
    return parse(authoring.parse_yaml((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")))


def passing(item: Item) -> dict[str, Any]:
    """A complete answer that passes."""
    spec = item.answer
    values: dict[str, Any] = {
        "pass_fail": "pass",
        "number": str(spec.threshold),
        "ratio": {"numerator": 10, "denominator": 10},
        "document": {
            "number": "15/QĐ-UBND",
            "issuer": "UBND xã",
            "issued_on": "2026-01-10",
            "expires_on": "2027-01-10",
        },
        "choice": next((option for option in spec.options if option in spec.pass_options), None),
    }
    return {"value": values[spec.type], "photos": [PHOTO] if item.photo == "always" else []}


def all_passing(checklist: Checklist, *commodities: str) -> tuple[dict[str, Any], list[Any]]:
    """The answers of the establishment and of one stall for each commodity, S1, S2 and so on."""
    stalls = [
        {
            "stall": f"S{number}",
            "commodity": commodity,
            "answers": {i.code: passing(i) for i in checklist.stall_items(commodity)},
        }
        for number, commodity in enumerate(commodities, 1)
    ]
    return {i.code: passing(i) for i in checklist.establishment_items}, stalls


def answers(outcomes: dict[str, str]) -> dict[str, Any]:
    """Answers of pass_fail items by outcome."""
    given: dict[str, Any] = {"pass": {"value": "pass"}, "fail": {"value": "fail", "note": "bẩn"}}
    given["na"] = {"not_applicable": True, "note": "không có"}
    return {code: dict(given[outcome]) for code, outcome in outcomes.items()}


def stall(name: str, commodity: str, outcomes: dict[str, str]) -> dict[str, Any]:
    return {"stall": name, "commodity": commodity, "answers": answers(outcomes)}


def counts(a: tuple[int, int], b: tuple[int, int]) -> Tally:
    """A tally with these counts (passed, applicable) per level, and their points by default."""
    points, possible = 3 * a[0] + 2 * b[0], 3 * a[1] + 2 * b[1]
    return Tally(Count(*a), Count(*b), points, possible, a[0] < a[1])
