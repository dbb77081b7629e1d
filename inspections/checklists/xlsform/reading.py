"""A workbook read into content: every fault with its sheet, row and column."""

import functools
from pathlib import Path as FilePath
from typing import Any, TypeGuard

from inspections.checklists import yaml_nodes
from inspections.checklists.authoring import CHECKLIST, content_of
from inspections.checklists.nodes import Mapping, Node, Scalar, list_at, mapping_at, text_at
from inspections.checklists.shapes import Record
from inspections.checklists.xlsform import layout, trees
from inspections.checklists.xlsform.choices import Choices
from inspections.checklists.xlsform.layout import CHOICES, LEVELS, SETTINGS, SEVERITIES, SURVEY
from inspections.checklists.xlsform.sheets import Book, Row, Table, check_head, quoted, read
from inspections.checklists.xlsform.survey import sections

# What a workbook without these sheets means by severities and rule sets.
_USUAL = FilePath(__file__).parents[1] / "library" / "market_food_safety.yaml"
_USUAL_PARTS = ("severities", "rule_sets")


def read_workbook(body: bytes) -> dict[str, Any]:
    """Raises ChecklistUnreadable, and WorkbookRefused for what is no workbook or too large."""
    book = read(body)
    root = _root(book)
    return content_of(root, book.faults, list(book.tables))


def _root(book: Book) -> Node:
    for sheet, table in book.tables.items():
        if sheet not in (SURVEY, CHOICES, SETTINGS, *layout.TABLES):
            known = ", ".join((SURVEY, CHOICES, SETTINGS, *layout.TABLES))
            book.refuse(
                table.start, "unknown_sheet", f"Trang lạ; chỉ có: {known}.", f"Only: {known}."
            )
    choices = Choices(book, book.tables.get(CHOICES))
    root = _settings(book)
    for name in _USUAL_PARTS:
        if name not in book.tables:
            root.entries += [text_at(root, name), _usual()[name]]
    for name in layout.TABLES:
        if name in book.tables and name != LEVELS:
            root.entries += [text_at(book.tables[name].start, name), _list(book, name)]
    if LEVELS in book.tables:
        _put_levels(root, _list(book, LEVELS))
    if SURVEY in book.tables:
        survey = book.tables[SURVEY]
        root.entries += [text_at(survey.start, "sections"), sections(book, survey, choices)]
    else:
        _missing(book, SURVEY)
        # Nothing more to say of what is not there.
        root.gaps["sections"] = Node(1, 1, sheet=SURVEY)
    for name, mapping in choices.named():
        root.entries += [text_at(mapping, name), mapping]
    choices.refuse_unused()
    return root


def _settings(book: Book) -> Mapping:
    table = book.tables.get(SETTINGS)
    if table is None or not table.rows:
        _missing(book, SETTINGS)
        table = Table(Node(1, 1, sheet=SETTINGS), rows=[Row(Node(1, 1, sheet=SETTINGS))])
    check_head(book, table, lambda name: layout.settings_path(name) is not None)
    for row in table.rows[1:]:
        book.refuse(
            row.start, "one_row", "Chỉ một dòng ở trang này.", "Only one row on this sheet."
        )
    return trees.record(table.rows[0], layout.settings_path, CHECKLIST)


def _list(book: Book, name: str) -> Node:
    """The sheet of a list; severities by their codes."""
    table, shape = book.tables[name], layout.TABLES[name]
    path_of = functools.partial(layout.table_path, name)
    check_head(book, table, lambda heading: path_of(heading) is not None)
    entries: list[Node] = []
    for row in table.rows:
        if isinstance(shape, Record):
            entries.append(trees.record(row, path_of, shape))
        elif path_of(layout.ENTRY) == ():
            entries.append(row.cells.get(layout.ENTRY, row.start))
        else:  # which keys a variant has, its own cells say
            entries.append(trees.mapping(trees.row_tree(row, path_of, shape), row.start))
    return _by_code(entries, table.start) if name == SEVERITIES else list_at(table.start, entries)


def _by_code(entries: list[Node], start: Node) -> Mapping:
    """Each entry under its code, which is no longer in it."""
    found = mapping_at(start)
    for entry in filter(_is_mapping, entries):
        code: Node = text_at(entry.gaps.pop("code", entry), "")
        rest = mapping_at(entry)
        rest.gaps = entry.gaps
        for key, value in entry.pairs():
            if _names(key, "code"):
                code = value
            else:
                rest.entries += [key, value]
        found.entries += [code, rest]
    return found


def _put_levels(root: Mapping, levels: Node) -> None:
    """Into the ``compliance`` whose other parts the settings hold."""
    named = [text_at(levels, "levels"), levels]
    for key, value in root.pairs():
        if _names(key, "compliance") and _is_mapping(value):
            value.entries += named
            return
    root.entries += [text_at(levels, "compliance"), mapping_at(levels, named)]


def _is_mapping(node: Node) -> TypeGuard[Mapping]:
    return isinstance(node, Mapping)


def _names(key: Node, name: str) -> bool:
    return isinstance(key, Scalar) and key.text == name


def _missing(book: Book, sheet: str) -> None:
    book.refuse(
        Node(1, 1, sheet=sheet),
        "missing_sheet",
        f"Thiếu trang {quoted(sheet)} hoặc dữ liệu của nó.",
        f"The sheet {quoted(sheet)} or what it holds is missing.",
    )


@functools.cache
def _usual() -> dict[str, Node]:
    root = yaml_nodes.read(_USUAL.read_text(encoding="utf-8"))
    pairs = root.pairs() if isinstance(root, Mapping) else ()
    return {key.text: value for key, value in pairs if isinstance(key, Scalar)}
