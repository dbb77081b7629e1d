"""From cells to values: what a column is called, whether it must be there, how it is read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from backend.common.errors import FieldError
from backend.common.printable import CharacterNotSupported, lacking
from backend.common.text import ONE_LINE, Bilingual, fold
from backend.common.typeface import unsupported
from backend.common.workbooks import column_letters
from markets.errors import ImportInvalid
from markets.imports.tables import Line
from markets.rules import REACH, within_reach

Values = Mapping[str, Any]

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_LOCAL_DAY = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_CLOCK = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(:00)?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,6})?")


class CellError(Exception):
    """What is wrong with one cell; who reads a single cell need not say of which ``column``."""

    def __init__(self, code: str, detail: Bilingual, column: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.column = column


@dataclass(frozen=True, slots=True)
class Column:
    """``title`` is another name that the head of the file may use, in Vietnamese.

    An empty cell is ``empty``; a column that the file leaves out gives no value at all.
    """

    name: str
    title: str
    read: Callable[[str], Any]
    required: bool = False
    empty: Any = None


@dataclass(frozen=True, slots=True)
class Row:
    """``index`` counts data rows from 0, as pointers do; ``line`` is that of the file."""

    index: int
    line: int
    values: Values


def read_rows(
    lines: Sequence[Line], columns: Sequence[Column]
) -> tuple[list[Row], list[FieldError]]:
    """Rows that could be read, and an error for each bad cell of the others.

    Raises ImportInvalid for a head with unknown, repeated or missing columns.
    """
    head = _head(lines[0], columns)
    rows, faults = [], []
    for index, line in enumerate(lines[1:]):
        row = Row(index, line.number, {})
        values, bad = _read_row(row, line, head)
        faults.extend(bad)
        if not bad:
            rows.append(Row(index, line.number, values))
    return rows, faults


def fault(row: Row, column: str, code: str, detail: Bilingual) -> FieldError:
    """An error at a cell."""
    return FieldError(f"/rows/{row.index}/{column}", code, detail, line=row.line, column=column)


def text(max_length: int) -> Callable[[str], str]:
    """A text that a record can show on one line."""

    def read(cell: str) -> str:
        if len(cell) > max_length:
            raise CellError(
                "max_length", Bilingual(f"Quá {max_length} ký tự", f"Over {max_length} characters")
            )
        if "\n" in cell:
            raise CellError("one_line", ONE_LINE)
        if characters := unsupported(cell):
            raise CellError(CharacterNotSupported.code, lacking(characters))
        return cell

    return read


def code(cell: str) -> str:
    if not _CODE.fullmatch(cell):
        raise CellError("invalid", Bilingual("A-Z, 0-9 và gạch nối", "A-Z, 0-9 and hyphens"))
    return cell


def choice(words: Mapping[str, str]) -> Callable[[str], str]:
    """One of the codes that are the keys of ``words``, or the Vietnamese word for it."""
    by_word = {fold(word): key for pair in words.items() for key, word in (pair, (pair[0],) * 2)}

    def read(cell: str) -> str:
        if fold(cell) not in by_word:
            known = ", ".join(words)
            raise CellError("invalid_choice", Bilingual(f"Một trong: {known}", f"One of: {known}"))
        return by_word[fold(cell)]

    return read


def day(cell: str) -> date:
    """``2026-11-22`` or, as people here write, ``22/11/2026``."""
    match = _ISO_DAY.fullmatch(cell) or _LOCAL_DAY.fullmatch(cell)
    try:
        value = date(**{k: int(v) for k, v in match.groupdict().items()}) if match else None
    except ValueError:
        value = None
    if value is None:
        raise CellError("invalid", Bilingual("Ngày dạng 22/11/2026", "A day as 2026-11-22"))
    if value != within_reach(value):
        raise CellError("day_out_of_range", REACH)
    return value


def clock(cell: str) -> time:
    """``06:30`` or ``6:30``; a workbook adds the seconds."""
    match = _CLOCK.fullmatch(cell)
    if match is None:
        raise CellError("invalid", Bilingual("Giờ dạng 06:30", "A time as 06:30"))
    return time(int(match["hour"]), int(match["minute"]))


def whole(smallest: int, largest: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if not _WHOLE.fullmatch(cell) or not smallest <= int(cell) <= largest:
            detail = f"{smallest}–{largest}"
            raise CellError("invalid", Bilingual(f"Số nguyên {detail}", f"A number {detail}"))
        return int(cell)

    return read


def degrees(largest: int) -> Callable[[str], Decimal]:
    def read(cell: str) -> Decimal:
        if not _DECIMAL.fullmatch(cell) or abs(Decimal(cell.replace(",", "."))) > largest:
            detail = f"-{largest}–{largest}"
            raise CellError("invalid", Bilingual(f"Số từ {detail}", f"A number {detail}"))
        return Decimal(cell.replace(",", "."))

    return read


def uuid(cell: str) -> UUID:
    try:
        value = UUID(cell)
    except ValueError:
        value = None
    if value is None or str(value) != cell.lower():
        raise CellError("invalid", Bilingual("Không phải UUID", "Not a UUID"))
    return value


def _head(line: Line, columns: Sequence[Column]) -> list[Column | None]:
    """The column of each position; None where head and cells are empty."""
    names = {fold(word): column for column in columns for word in (column.name, column.title)}
    head: list[Column | None] = []
    faults = []
    for title in line.cells:
        column = names.get(fold(title))
        if title and column is None:
            faults.append(_head_fault(line, title, "unknown_column", "Cột lạ", "Unknown column"))
        elif column is not None and column in head:
            faults.append(_head_fault(line, title, "duplicate_column", "Cột lặp", "Column twice"))
        head.append(column)
    faults.extend(
        _head_fault(line, column.name, "missing_column", "Thiếu cột", "Column missing")
        for column in columns
        if column.required and column not in head
    )
    if faults:
        raise ImportInvalid(errors=faults)
    return head


def _head_fault(line: Line, title: str, error: str, vi: str, en: str) -> FieldError:
    detail = Bilingual(f"{vi}: {title}", f"{en}: {title}")
    return FieldError("/header", error, detail, line=line.number, column=title)


def _read_row(
    row: Row, line: Line, head: Sequence[Column | None]
) -> tuple[dict[str, Any], list[FieldError]]:
    values: dict[str, Any] = {}
    faults = []
    for column, cell in _cells(line, head):
        try:
            values[column.name] = _read_cell(column, cell)
        except CellError as error:
            faults.append(fault(row, column.name, error.code, error.detail))
    detail = Bilingual("Ô ngoài các cột có tên", "The cell stands outside the named columns")
    for position, cell in enumerate(line.cells):
        if cell and (position >= len(head) or head[position] is None):
            letters = column_letters(position + 1)
            faults.append(fault(row, letters, "cell_without_column", detail))
    return values, faults


def _cells(line: Line, head: Sequence[Column | None]) -> Iterator[tuple[Column, str]]:
    """Every named column with its cell; a short line ends in empty cells."""
    for position, column in enumerate(head):
        if column is not None:
            yield column, line.cells[position] if position < len(line.cells) else ""


def _read_cell(column: Column, cell: str) -> Any:
    if cell:
        return column.read(cell)
    if column.required:
        raise CellError("required", Bilingual("Không được để trống", "May not be empty"))
    return column.empty
