"""The sheets of a workbook as rows of scalars that know their place."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.common.text import Bilingual
from backend.common.workbooks import Workbook, cell_text, hostile
from inspections.checklists.nodes import Node, Scalar
from inspections.checklists.shapes import Fault
from inspections.checklists.xlsform import layout

_SHOWN = 40  # of a text that is quoted in a fault


@dataclass(slots=True)
class Row:
    """``cells`` by the name of their column; ``gaps`` are the empty ones."""

    start: Node
    cells: dict[str, Scalar] = field(default_factory=dict)
    gaps: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """``head``: the cell that names each column."""

    start: Node
    head: dict[str, Scalar] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """``tables`` by the title of their sheet, in the order of the file; empty ones are left out."""

    tables: dict[str, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, node: Node, code: str, vi: str, en: str) -> None:
        detail = Bilingual(vi, en)
        self.faults.append(Fault(node.line, node.column, "", code, detail, node.sheet))


def read(body: bytes) -> Book:
    """All sheets. Raises WorkbookRefused for what is no workbook or too large."""
    found = Book()
    with hostile():
        book = Workbook(body)
        for sheet in book.sheets:
            title = str(sheet.title)[:_SHOWN]
            table = _table(found, title, book.rows(sheet))
            if table is not None:
                found.tables[title] = table
    return found


def quoted(text: str) -> str:
    return f'"{text[:_SHOWN]}"'


def check_head(book: Book, table: Table, is_known: Callable[[str], bool]) -> None:
    """Refuse and drop the columns that are not ``is_known``."""
    for name in [name for name in table.head if not is_known(name)]:
        cell = table.head.pop(name)
        shown = quoted(cell.text)
        book.refuse(cell, "unknown_key", f"Không có cột {shown} ở đây.", f"No column {shown} here.")
        for row in table.rows:
            row.cells.pop(name, None)
            row.gaps.pop(name, None)


def _table(book: Book, title: str, rows: Iterator[tuple[int, Sequence[Any]]]) -> Table | None:
    table: Table | None = None
    columns: dict[int, str | None] = {}
    for line, row in rows:
        cells = [
            _scalar(book, cell, Node(line, column, sheet=title))
            for column, cell in enumerate(row, start=1)
            if cell.value is not None
        ]
        given = {cell.column: cell for cell in cells if cell.text}
        if not given:
            continue
        if table is None:
            table = Table(Node(line, 1, sheet=title))
            columns = _head(book, table, given)
        else:
            table.rows.append(_row(book, Node(line, 1, sheet=title), columns, given))
    return table


def _head(book: Book, table: Table, given: dict[int, Scalar]) -> dict[int, str | None]:
    """The name of each column, None for one that repeats another."""
    columns: dict[int, str | None] = {}
    for column, cell in given.items():
        name = layout.heading(cell.text)
        if name in table.head:
            shown = quoted(cell.text)
            book.refuse(cell, "duplicate_key", f"Cột {shown} lặp.", f"Column {shown} twice.")
            columns[column] = None
        else:
            columns[column] = name
            table.head[name] = cell
    return columns


def _row(book: Book, start: Node, columns: dict[int, str | None], given: dict[int, Scalar]) -> Row:
    row = Row(start)
    for column, name in columns.items():
        if name is None:
            continue
        if column in given:
            row.cells[name] = given[column]
        else:
            row.gaps.setdefault(name, Node(start.line, column, sheet=start.sheet))
    for column in given.keys() - columns.keys():
        book.refuse(
            given[column],
            "cell_without_column",
            "Ô đứng ngoài các cột có tên.",
            "The cell stands outside the named columns.",
        )
    return row


def _scalar(book: Book, cell: Any, at: Node) -> Scalar:
    if cell.data_type == "f":
        book.refuse(at, "formula_not_allowed", "Không nhận công thức.", "Formulas are not taken.")
    elif isinstance(cell.value, int | float) and "%" in cell.number_format:
        book.refuse(
            at,
            "percent_format",
            "Ô có định dạng phần trăm: hãy ghi 60 thay cho 60%.",
            "The cell has the format of a percentage: write 60 for 60%.",
        )
    return Scalar(at.line, at.column, cell_text(cell), False, sheet=at.sheet)
