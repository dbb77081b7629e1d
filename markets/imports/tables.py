"""CSV and XLSX files as rows of texts, each with the line that the sender sees.

Both kinds come from office PCs and neither is trusted: sizes are limited before anything is
unpacked, formulas are refused, XML is read without entities.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from backend.common.errors import FieldError
from backend.common.strict_json import forbidden_characters
from backend.common.text import Bilingual, nfc
from markets.errors import ImportInvalid
from markets.imports.archive import MAX_CELLS, TooLarge, check_archive

MAX_ROWS = 2000
MAX_COLUMNS = 40
MAX_CELL = 1000
# A sheet may be formatted beyond its last value, but not without end.
MAX_SHEET_LINES = 10_000
MAX_SHEET_COLUMNS = 200

_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` counts from 1 as the sender's program shows it."""

    number: int
    cells: tuple[str, ...]


def read_csv(body: bytes) -> list[Line]:
    """UTF-8, with or without a byte order mark, cells parted by commas or semicolons.

    Raises ImportInvalid.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("encoding", "Tệp CSV phải là UTF-8", "A CSV file must be in UTF-8")
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    return _limited(_csv_lines(text, delimiter))


def read_xlsx(body: bytes) -> list[Line]:
    """The first sheet of a workbook. Raises ImportInvalid."""
    # Heavy, and needed by nothing else that a server does.
    from openpyxl import load_workbook

    try:
        check_archive(body)
        book = load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
        return _limited(_sheet_lines(book.worksheets[0]))
    except ImportInvalid:
        raise
    except TooLarge:
        _too_large()
    # A damaged workbook fails anywhere in the library, with errors of any kind.
    except Exception:  # noqa: BLE001
        _unreadable()


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    # What the sheet says of its own size may be wrong.
    sheet.reset_dimensions()
    cells = 0
    for number, row in enumerate(sheet.iter_rows(min_row=1), start=1):
        if number > MAX_SHEET_LINES:
            _too_many_rows()
        if len(row) > MAX_SHEET_COLUMNS:
            _too_many_columns(number)
        # A row is filled up to its last cell.
        cells += len(row)
        if cells > MAX_CELLS:
            _too_large()
        yield Line(number, tuple(_cell_text(cell) for cell in row))


def _csv_lines(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            _refuse(
                "file_unreadable",
                f"Không đọc được dòng {number}",
                f"Line {number} cannot be read",
                line=number,
            )
        yield Line(number, tuple(cell.strip() for cell in cells))


def _limited(lines: Iterable[Line]) -> list[Line]:
    """Lines with anything in them; refuses what is too large or no plain text."""
    kept: list[Line] = []
    faults: list[FieldError] = []
    for line in lines:
        if not any(line.cells):
            continue
        if len(kept) > MAX_ROWS:
            _too_many_rows()
        if any(line.cells[MAX_COLUMNS:]):
            _too_many_columns(line.number)
        faults.extend(_cell_faults(line))
        last = max(position for position, cell in enumerate(line.cells) if cell)
        kept.append(Line(line.number, tuple(nfc(cell) for cell in line.cells[: last + 1])))
    if faults:
        raise ImportInvalid(errors=faults)
    if not kept:
        _refuse("file_empty", "Tệp không có dòng nào", "The file has no rows")
    return kept


def _cell_faults(line: Line) -> Iterator[FieldError]:
    for position, cell in enumerate(line.cells, start=1):
        if len(cell) > MAX_CELL:
            fault = "too_long", Bilingual(f"Quá {MAX_CELL} ký tự", f"Over {MAX_CELL} characters")
        elif forbidden := forbidden_characters(cell):
            names = ", ".join(forbidden)
            fault = "text_forbidden_char", Bilingual(f"Ký tự lạ: {names}", f"Not allowed: {names}")
        elif len(cell) > 1 and cell.startswith(_FORMULA_SIGNS) and not _NUMBER.fullmatch(cell):
            detail = Bilingual("Không nhận công thức", "Formulas are not taken")
            fault = "formula_not_allowed", detail
        else:
            continue
        yield FieldError("", *fault, line=line.number, column=column_letters(position))


def column_letters(position: int) -> str:
    """What a spreadsheet calls its column ``position``, counted from 1."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _cell_text(cell: Any) -> str:
    """What the cell would be in a CSV file; a number with no fraction has no point."""
    match cell.value:
        case None:
            return ""
        case value if cell.data_type == "f":
            return f"={value}"
        case datetime() as value:
            return value.date().isoformat()
        case bool(value):
            return str(value).lower()
        case float(value) if value.is_integer():
            return str(int(value))
        case value:
            return str(value).strip()


def _too_large() -> NoReturn:
    vi, en = "Tệp có quá nhiều ô hoặc định dạng", "The file holds too many cells or formats"
    _refuse("file_too_large", vi, en)


def _too_many_rows() -> NoReturn:
    _refuse("too_many_rows", f"Nhiều hơn {MAX_ROWS} dòng", f"More than {MAX_ROWS} rows")


def _too_many_columns(line: int) -> NoReturn:
    vi, en = f"Nhiều hơn {MAX_COLUMNS} cột", f"More than {MAX_COLUMNS} columns"
    _refuse("too_many_columns", vi, en, line=line)


def _unreadable() -> NoReturn:
    _refuse("file_unreadable", "Không đọc được tệp XLSX", "The XLSX file cannot be read")


def _refuse(code: str, vi: str, en: str, line: int | None = None) -> NoReturn:
    raise ImportInvalid(errors=[FieldError("", code, Bilingual(vi, en), line=line)])
