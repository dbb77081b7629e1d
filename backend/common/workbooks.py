"""XLSX files that somebody uploads, row by row. Nothing in them is trusted.

Sizes are limited before anything is unpacked, XML is read without entities.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from backend.common.archive import MAX_CELLS, TooLarge, check_archive
from backend.common.errors import DomainError
from backend.common.text import Bilingual

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A sheet may be formatted beyond its last value, but not without end.
MAX_LINES = 10_000
MAX_COLUMNS = 200

_TOO_LARGE = Bilingual(
    "Tệp có quá nhiều ô hoặc định dạng", "The file holds too many cells or formats"
)
_UNREADABLE = Bilingual("Không đọc được tệp XLSX", "The XLSX file cannot be read")


class WorkbookRefused(Exception):
    """The file cannot be read, or holds too much; ``line`` where one is at fault."""

    def __init__(self, code: str, detail: Bilingual, line: int | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.line = code, detail, line


@contextmanager
def hostile() -> Iterator[None]:
    """A damaged workbook fails anywhere in the library with errors of any kind: all are one."""
    try:
        yield
    except (WorkbookRefused, DomainError):
        raise
    except TooLarge as error:
        raise WorkbookRefused("file_too_large", _TOO_LARGE) from error
    except Exception as error:
        raise WorkbookRefused("file_unreadable", _UNREADABLE) from error


class Workbook:
    """The limit of cells is one for all the sheets that are read. To be used in ``hostile``."""

    def __init__(self, body: bytes) -> None:
        # Heavy, and needed by nothing else that a server does.
        from openpyxl import load_workbook

        check_archive(body)
        book = load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
        self.sheets: Sequence[Any] = book.worksheets
        self._cells = 0

    def rows(self, sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
        """Each row with its number from 1, as the sender's program counts; filled up to its
        last cell. Raises WorkbookRefused.
        """
        # What the sheet says of its own size may be wrong.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(min_row=1), start=1):
            if number > MAX_LINES:
                detail = Bilingual(f"Nhiều hơn {MAX_LINES} dòng", f"More than {MAX_LINES} rows")
                raise WorkbookRefused("too_many_rows", detail)
            if len(row) > MAX_COLUMNS:
                detail = Bilingual(
                    f"Nhiều hơn {MAX_COLUMNS} cột", f"More than {MAX_COLUMNS} columns"
                )
                raise WorkbookRefused("too_many_columns", detail, number)
            self._cells += len(row)
            if self._cells > MAX_CELLS:
                raise TooLarge
            yield number, row


def cell_text(cell: Any) -> str:
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


def column_letters(position: int) -> str:
    """What a spreadsheet calls its column ``position``, counted from 1."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
