"""Content as a workbook that reads back to the same content."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inspections.checklists.xlsform import layout
from inspections.checklists.xlsform.layout import (
    BEGIN,
    CHOICES,
    END,
    ENTRY,
    LEVELS,
    LIST_NAME,
    NAMED_LISTS,
    SELECT,
    SETTINGS,
    SEVERITIES,
    SURVEY,
    TYPE,
    WORDS,
)

Cells = dict[str, Any]  # by column

_LABEL = {"vi": "label::vi", "en": "label::en"}
_TYPES = {kind: word for word, kind in reversed(WORDS.items())}
_IN_SETTINGS = ("rule_set", "kinds", "item_count", "notice")


def workbook(content: Mapping[str, Any]) -> bytes:
    """``content`` as ``checklists.rules`` allows it. An empty list that may be left out is."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in _sheets(content):
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for line, row in enumerate([dict(zip(columns, columns, strict=True)), *rows], start=1):
            for position, column in enumerate(columns, start=1):
                if column in row:
                    cell = sheet.cell(line, position, row[column])
                    if isinstance(row[column], str):
                        cell.data_type = "s"  # "==" is no formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheets(content: Mapping[str, Any]) -> Iterator[tuple[str, list[Cells]]]:
    yield SURVEY, list(_survey(content["sections"]))
    if choices := list(_choices(content)):
        yield CHOICES, choices
    yield SETTINGS, [_settings(content)]
    severities = content["severities"].items()
    lists = {**content, SEVERITIES: [{"code": code, **each} for code, each in severities]}
    lists[LEVELS] = content.get("compliance", {}).get("levels", ())
    for name in layout.TABLES:
        if lists.get(name):
            yield name, [_flat(e) if isinstance(e, dict) else {ENTRY: e} for e in lists[name]]


def _settings(content: Mapping[str, Any]) -> Cells:
    cells = {
        "form_id": content["code"],
        "version": content["version"],
        "form_title::vi": content["title"]["vi"],
        "form_title::en": content["title"]["en"],
    }
    cells |= _flat({key: content[key] for key in _IN_SETTINGS if key in content})
    rest = {key: value for key, value in content.get("compliance", {}).items() if key != "levels"}
    return cells | _flat(rest, "compliance.")


def _survey(sections: Sequence[Mapping[str, Any]]) -> Iterator[Cells]:
    for section in sections:
        yield {
            TYPE: BEGIN,
            "name": section["code"],
            **_labels(section["title"]),
            "scope": section["scope"],
            "commodity": section["commodity"],
        }
        yield from map(_item, section["items"])
        yield {TYPE: END}


def _item(item: Mapping[str, Any]) -> Cells:
    answer = {key: value for key, value in item["answer"].items() if key not in ("type", "options")}
    kind = item["answer"]["type"]
    known = ("code", "text", "answer", "refs")
    return {
        TYPE: f"{SELECT} {item['code']}" if kind == "choice" else _TYPES[kind],
        "name": item["code"],
        **_labels(item["text"]),
        **_flat({key: value for key, value in item.items() if key not in known}),
        **_flat(answer),
        **_flat({"refs": item["refs"]}),
    }


def _choices(content: Mapping[str, Any]) -> Iterator[Cells]:
    """A list for each item that has options, named as the item is."""
    for name in NAMED_LISTS:
        for code, label in content.get(name, {}).items():
            yield {LIST_NAME: name, "name": code, _LABEL["vi"]: label}
    for section in content["sections"]:
        for item in section["items"]:
            for option in item["answer"].get("options", ()):
                yield {LIST_NAME: item["code"], "name": option}


def _labels(text: Mapping[str, str]) -> Cells:
    return {_LABEL[language]: text[language] for language in ("vi", "en")}


def _flat(value: Mapping[str, Any], prefix: str = "") -> Cells:
    cells: Cells = {}
    for key, inner in value.items():
        cells |= _cells(f"{prefix}{key}", inner)
    return cells


def _cells(name: str, value: Any) -> Cells:
    if isinstance(value, dict):
        return _flat(value, f"{name}.")
    if isinstance(value, list | tuple):
        return _listed(name, value)
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    return {name: value}


def _listed(name: str, values: Iterable[Any]) -> Cells:
    cells: Cells = {}
    codes = []
    for number, value in enumerate(values, start=1):
        if isinstance(value, dict):
            cells |= _flat(value, f"{name}.{number}.")
        else:
            codes.append(value)
    return {name: " ".join(codes)} if codes else cells
