"""Which sheets and columns a workbook has: derived from the shapes, so said once."""

import re
from collections.abc import Mapping, Sequence

from inspections.checklists.authoring import (
    CHECKLIST,
    CODE,
    COMPLIANCE_LEVEL,
    ITEM,
    SEVERITY,
)
from inspections.checklists.shapes import ListOf, MapOf, Record, Shape, Variant

Path = tuple[str, ...]

SURVEY, CHOICES, SETTINGS, SEVERITIES, LEVELS = (
    "survey",
    "choices",
    "settings",
    "severities",
    "compliance.levels",
)
BEGIN, END = "begin_group", "end_group"
TYPE, LIST_NAME, ENTRY = "type", "list_name", "text"
# The word of the type column for each type of answer; a choice names its list besides.
WORDS = {
    "pass_fail": "pass_fail",
    "decimal": "number",
    "integer": "number",
    "ratio": "ratio",
    "document": "document",
}
SELECT = "select_one"
# Codes with a name in Vietnamese: lists of the sheet ``choices``, as options are.
NAMED_LISTS = ("commodities", "status_legend")

_TRANSLATED = re.compile(r"(label|form_title)::(?:.*\()? *(vi|en) *\)?", re.IGNORECASE)
_OF_SETTINGS = {"form_id": "code", "form_title.vi": "title.vi", "form_title.en": "title.en"}
_PLAIN = ("code", "version", "title", "kinds", "rule_set", "item_count", "notice", "compliance")


def heading(text: str) -> str:
    """``label::Tiếng Việt (vi)`` and ``label::vi`` are ``label.vi``."""
    match = _TRANSLATED.fullmatch(text.strip())
    return f"{match[1]}.{match[2]}".lower() if match else text.strip()


def leaf(shape: Shape, path: Sequence[str]) -> Shape | None:
    """What stands at ``path``, where that is one cell: a value or a list of codes."""
    match shape:
        case Record():
            inner = {**shape.required, **shape.optional}.get(path[0]) if path else None
            return leaf(inner, path[1:]) if inner else None
        case Variant():
            return next(filter(None, (leaf(each, path) for each in shape.shapes.values())), None)
        case MapOf():
            return leaf(shape.shape, path[1:]) if path else None
        case ListOf(shape=Record()):
            return leaf(shape.shape, path[1:]) if path and path[0].isdecimal() else None
    return None if path else shape


def item_path(name: str) -> Path | None:
    """Where in an item the column ``name`` belongs."""
    if name.startswith("label."):
        return ("text", name[6:])
    if name == "name":
        return ("code",)
    path = tuple(name.split("."))
    if path[0] in ("answer", "code", "text", "type", "options"):
        return None
    return next((at for at in (path, ("answer", *path)) if leaf(ITEM, at)), None)


def group_path(name: str) -> Path | None:
    """Where in a section the column ``name`` belongs."""
    if name.startswith("label."):
        return ("title", name[6:])
    if name == "name":
        return ("code",)
    return (name,) if name in ("scope", "commodity") else None


def settings_path(name: str) -> Path | None:
    path = tuple(_OF_SETTINGS.get(name, name).split("."))
    if path[0] not in _PLAIN or path[:2] == ("compliance", "levels") or not leaf(CHECKLIST, path):
        return None
    return path


FIELDS: Mapping[str, Shape] = {**CHECKLIST.required, **CHECKLIST.optional}
# A sheet for each list of the content; severities are a list here, and named by their code.
TABLES: Mapping[str, Shape] = {
    SEVERITIES: Record({"code": CODE, **SEVERITY.required}),
    **{
        name: shape.shape
        for name, shape in FIELDS.items()
        if isinstance(shape, ListOf) and name not in ("sections", "kinds")
    },
    LEVELS: COMPLIANCE_LEVEL,
}


def table_path(sheet: str, name: str) -> Path | None:
    """Where in an entry of the list ``sheet`` the column ``name`` belongs; () is all of it."""
    shape = TABLES[sheet]
    if not isinstance(shape, Record | Variant):
        return () if name == ENTRY else None
    path = tuple(name.split("."))
    return path if leaf(shape, path) else None
