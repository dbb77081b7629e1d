"""The food-safety summary as it is told: figures, the period before, the definitions."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.common.text import Bilingual
from inspections.summaries import arithmetic, food_safety
from inspections.summaries.definitions import FOOD_SAFETY, OF_ITEMS, Figure
from inspections.summaries.food_safety import OVER_TIME, Failed, Question
from inspections.summaries.tallies import Tally
from markets import queries

Json = dict[str, Any]
MOST_FAILED = 20


def build(question: Question) -> Json:
    """Raises UnknownUnit where there is no such area on the last day of the period."""
    unit = (
        queries.unit_on(question.area, question.period.last) if question.area is not None else None
    )
    now, before = food_safety.answer(question), food_safety.answer(question.before)
    figures = [each for each in FOOD_SAFETY if not _is_of_items(question) or each.code in OF_ITEMS]
    # One time has no former value but the row above.
    former = {} if question.group_by in OVER_TIME else before.groups
    return {
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        "before": {
            "from": question.before.period.first.isoformat(),
            "to": question.before.period.last.isoformat(),
        },
        "area": {"code": unit.code, "name": unit.name} if unit else None,
        "group_by": question.group_by or None,
        "as_of": question.as_of.isoformat(),
        "figures": [definition(figure) for figure in FOOD_SAFETY],
        "total": _cells(FOOD_SAFETY, now.total, before.total),
        "groups": [
            {
                "key": key,
                "name": text(name),
                "figures": _cells(figures, tally, former[key][1] if key in former else None),
            }
            for key, (name, tally) in now.groups.items()
        ],
        "most_failed": _most_failed(question),
    }


def _is_of_items(question: Question) -> bool:
    return question.group_by in ("item", "section")


def definition(figure: Figure) -> Json:
    return {
        "code": figure.code,
        "name": text(figure.name),
        "unit": figure.unit,
        "numerator": text(figure.numerator),
        "denominator": text(figure.denominator) if figure.denominator else None,
    }


def _cells(figures: Sequence[Figure], now: Tally, before: Tally | None) -> list[Json]:
    values, former = now.figures(), before.figures() if before else {}
    return [
        {
            "code": figure.code,
            **values[figure.code]._asdict(),
            "before": former[figure.code].value if former else None,
        }
        for figure in figures
    ]


def _most_failed(question: Question) -> list[Json]:
    """H9, with the share of the period before."""
    former = {_key(row): row for row in food_safety.most_failed(question.before)}
    return [
        {
            "checklist": row.checklist,
            "item": row.item.code,
            "text": text(row.item.text),
            "visits": row.visits,
            "of": row.of,
            "share": _share(row),
            "before": _share(former[_key(row)]) if _key(row) in former else None,
        }
        for row in food_safety.most_failed(question)[:MOST_FAILED]
    ]


def _key(row: Failed) -> tuple[str, str]:
    return row.checklist, row.item.code


def _share(row: Failed) -> str | None:
    return arithmetic.percent(row.visits, row.of)


def text(text: Bilingual) -> Mapping[str, str]:
    return {"vi": text.vi, "en": text.en}
