"""How the groups of a summary are called, and in which order they stand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.common.text import Bilingual
from inspections.checklists.definition import Item
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion
from inspections.summaries.tallies import Tally
from markets import queries
from markets.models import Establishment

Named = dict[str, tuple[Bilingual, Tally]]
ROMAN = ("I", "II", "III", "IV")
NOWHERE = "-"


def named(group_by: str, day: date, groups: Mapping[Any, Tally]) -> Named:
    """By code and name. Keys of ``groups``: of a place and for units its primary key, of a time
    the day on which it begins, of an item or section its checklist and its code.
    """
    match group_by:
        case "establishment" | "unit":
            return _places(group_by, day, groups)
        case "month" | "quarter" | "year":
            return {
                key: (name, groups[start])
                for start in sorted(groups)
                for key, name in [time_named(group_by, start)]
            }
        case _:
            return _parts(group_by, groups)


def items() -> dict[tuple[str, str], Item]:
    """By code of checklist and item, in the words of the newest version that has it."""
    versions = ChecklistVersion.objects.ever_published().defer("content")
    return {
        (version.code, item.code): item
        for version in versions.order_by("code", "version")
        for item in definition_of(version).items.values()
    }


def begins(group_by: str, day: date) -> date:
    """The first day of the month, quarter or year of ``day``."""
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[group_by]
    return day.replace(month=month, day=1)


def time_named(group_by: str, start: date) -> tuple[str, Bilingual]:
    """Code and name of the month, quarter or year that begins on ``start``."""
    if group_by == "year":
        return str(start.year), Bilingual(f"Năm {start.year}", str(start.year))
    if group_by == "month":
        name = f"{start.month:02d}/{start.year}"
        return f"{start.year}-{start.month:02d}", Bilingual(f"Tháng {name}", name)
    quarter = (start.month + 2) // 3
    return f"{start.year}-Q{quarter}", Bilingual(
        f"Quý {ROMAN[quarter - 1]}/{start.year}", f"Q{quarter} {start.year}"
    )


def _places(group_by: str, day: date, groups: Mapping[int, Tally]) -> Named:
    """H4: as they were on ``day``."""
    found: Named = {}
    for row in queries.on_day(Establishment.objects.filter(pk__in=groups), day).order_by("code"):
        key, name = placed(row, group_by, day)
        found.setdefault(key, (name, Tally()))[1].add(groups[row.pk])
    return dict(sorted(found.items()))


def placed(row: Establishment, group_by: str, day: date) -> tuple[str, Bilingual]:
    """Code and name of a row of ``queries.on_day``, or of the smallest unit in which it lay."""
    if group_by != "unit":
        return row.code, Bilingual(queries.name_on(row), queries.name_en_on(row))
    units = queries.units_on(row, day)
    label = ", ".join(unit.name for unit in units)
    name = Bilingual(label or "Chưa rõ địa bàn", label or "In no known unit")
    return (units[0].code if units else NOWHERE), name


def _parts(group_by: str, groups: Mapping[tuple[str, str], Tally]) -> Named:
    if group_by == "item":
        texts = {key: item.text for key, item in items().items()}
    else:
        versions = ChecklistVersion.objects.ever_published().defer("content")
        texts = {
            (version.code, section.code): section.title
            for version in versions.order_by("code", "version")
            for section in definition_of(version).sections
        }
    return {"/".join(key): (texts[key], groups[key]) for key in texts if key in groups}
