"""The sheet ``survey``: groups are sections, the rows in them items."""

from inspections.checklists.authoring import ITEM, SECTION
from inspections.checklists.nodes import Mapping, Node, Sequence, list_at, text_at
from inspections.checklists.xlsform import trees
from inspections.checklists.xlsform.choices import PASSES, Choices
from inspections.checklists.xlsform.layout import (
    BEGIN,
    END,
    SELECT,
    TYPE,
    WORDS,
    Path,
    group_path,
    item_path,
)
from inspections.checklists.xlsform.sheets import Book, Row, Table, check_head, quoted


def sections(book: Book, table: Table, choices: Choices) -> Node:
    check_head(book, table, lambda name: name == TYPE or bool(_path(name)))
    found: list[Node] = []
    items: Sequence | None = None
    for row in table.rows:
        word = " ".join(row.cells[TYPE].text.split()) if TYPE in row.cells else ""
        if word.replace(" ", "_") == BEGIN:
            if items is not None:
                _refuse(book, row, "Nhóm trước chưa kết thúc.", "The group before is still open.")
            group, items = _section(row)
            found.append(group)
        elif word.replace(" ", "_") == END:
            if items is None:
                _refuse(book, row, "Không có nhóm nào đang mở.", "No group is open.")
            items = None
        elif items is None:
            _refuse(book, row, "Tiêu chí nằm ngoài nhóm.", "The item stands outside the groups.")
        else:
            items.entries.append(_item(book, row, word, choices))
    if items is not None:
        _refuse(book, table.rows[-1], "Thiếu end_group.", "There is no end_group.")
    return list_at(table.start, found)


def _path(name: str) -> Path | None:
    return item_path(name) or group_path(name)


def _group_or_item_path(name: str) -> Path | None:
    """A cell of an item in the row of a group is refused where it stands, by the shape."""
    return group_path(name) or item_path(name)


def _section(row: Row) -> tuple[Mapping, Sequence]:
    group = trees.record(_without_type(row), _group_or_item_path, SECTION, None, ("items",))
    items = list_at(row.start)
    group.entries += [text_at(row.start, "items"), items]
    return group, items


def _item(book: Book, row: Row, word: str, choices: Choices) -> Mapping:
    cells = _without_type(row)
    tree = trees.row_tree(cells, _path, ITEM)
    answer = tree.setdefault("answer", {})
    at = row.cells.get(TYPE, row.gaps.get(TYPE, row.start))
    kind, _, listed = word.partition(" ")
    if kind in WORDS and not listed:
        answer["type"] = text_at(at, WORDS[kind])
    elif kind == SELECT and listed == PASSES:
        choices.use(PASSES)
        answer["type"] = text_at(at, PASSES)
    elif kind == SELECT and choices.use(listed):
        answer |= {"type": text_at(at, "choice"), "options": choices.options(listed, at)}
    else:
        # Not more than one fault for one cell: what it would ask for, nobody knows.
        tree["answer"] = {"type": text_at(at, PASSES)}
        _refuse_type(book, at, kind, listed)
    return trees.record(cells, _path, ITEM, tree)


def _refuse_type(book: Book, at: Node, kind: str, listed: str) -> None:
    if kind == SELECT and listed:
        shown = quoted(listed)
        book.refuse(
            at,
            "unknown_list",
            f"Trang choices không có danh sách {shown}.",
            f"The sheet choices has no list {shown}.",
        )
        return
    words = ", ".join((BEGIN, END, *WORDS, f"{SELECT} LIST"))
    book.refuse(at, "unknown_value", f"Chỉ nhận: {words}.", f"One of: {words}.")


def _without_type(row: Row) -> Row:
    cells = {name: cell for name, cell in row.cells.items() if name != TYPE}
    gaps = {name: node for name, node in row.gaps.items() if name != TYPE}
    return Row(row.start, cells, gaps)


def _refuse(book: Book, row: Row, vi: str, en: str) -> None:
    book.refuse(row.cells.get(TYPE, row.start), "misplaced_row", vi, en)
