"""CSV and XLSX files as rows of texts, each with the line that the sender sees.

Both kinds come from office PCs and neither is trusted: sizes are limited before anything is
unpacked, formulas are refused, XML is read without entities.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from backend.common.errors import FieldError
from backend.common.strict_json import forbidden_characters
from backend.common.text import Bilingual, nfc
from backend.common.workbooks import (
    Workbook,
    WorkbookRefused,
    cell_text,
    column_letters,
    hostile,
)
from markets.errors import ImportInvalid

MAX_ROWS = 2000
MAX_COLUMNS = 40
MAX_CELL = 1000

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
    try:
        with hostile():
            book = Workbook(body)
            return _limited(
                Line(number, tuple(cell_text(cell) for cell in row))
                for number, row in book.rows(book.sheets[0])
            )
    except WorkbookRefused as refused:
        error = FieldError("", refused.code, refused.detail, line=refused.line)
        raise ImportInvalid(errors=[error]) from refused


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


def _too_many_rows() -> NoReturn:
    _refuse("too_many_rows", f"Nhiều hơn {MAX_ROWS} dòng", f"More than {MAX_ROWS} rows")


def _too_many_columns(line: int) -> NoReturn:
    vi, en = f"Nhiều hơn {MAX_COLUMNS} cột", f"More than {MAX_COLUMNS} columns"
    _refuse("too_many_columns", vi, en, line=line)


def _refuse(code: str, vi: str, en: str, line: int | None = None) -> NoReturn:
    raise ImportInvalid(errors=[FieldError("", code, Bilingual(vi, en), line=line)])
