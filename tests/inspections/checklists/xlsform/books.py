"""Workbooks as an officer would write them."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

Sheet = list[Sequence[Any]]

HEAD = (
    "type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "severity", "photo",
    "na_allowed", "unit", "op", "threshold", "numerator_of", "expires", "pass_options",
    "scope", "commodity", "refs.1.status", "refs.1.text", "mandatory_from", "points",
)  # fmt: skip


def line(kind: str, *cells: Any, **named: Any) -> list[Any]:
    """A row of the survey: the first cells in order, others by heading."""
    row: list[Any] = [kind, *cells] + [None] * (len(HEAD) - 1 - len(cells))
    for heading, value in named.items():
        row[HEAD.index(heading)] = value
    return row


def item(kind: str, name: str, **named: Any) -> list[Any]:
    cells = {"severity": "major", "photo": "never", "na_allowed": "no", **named}
    return line(kind, name, f"Tiêu chí {name}", f"Item {name}", **cells)


def small() -> dict[str, Sheet]:
    """Only the three sheets of every XLSForm."""
    return {
        "survey": [
            HEAD,
            line("begin_group", "A", "Hồ sơ", "Records"),
            item("pass_fail", "A01", na_allowed="yes"),
            item("decimal", "A02", unit="m", op=">=", threshold=0.6, points=5),
            item("ratio", "A03", unit="percent", op="=", threshold=80, numerator_of="stalls"),
            item("document", "A04", expires="TRUE", mandatory_from="2026-01-01"),
            line("end_group"),
            line("begin group", "B", "Thủy sản", "Seafood", scope="stall", commodity="seafood"),
            item("select_one supply", "B01", pass_options="none charged", severity="critical"),
            item("select_one pass_fail", "B02"),
            line("end group"),
        ],
        "choices": [
            ("list_name", "name", "label::vi"),
            ("commodities", "seafood", "thủy sản tươi sống"),
            ("supply", "none", "không phát"),
            ("supply", "charged", "bán"),
            ("supply", "free", "phát"),
        ],
        "settings": [
            ("form_title::vi", "form_title::en", "form_id", "version", "rule_set", "kinds"),
            ("Phiếu thử", "Test", "TEST", 1, "TCVN_AB", "market trade_centre"),
        ],
    }


def put(book: dict[str, Sheet], sheet: str, row: int, heading: str, value: Any) -> None:
    """Change one cell; rows count from 1 as in the file."""
    column = list(book[sheet][0]).index(heading)
    changed = list(book[sheet][row - 1])
    changed[column] = value
    book[sheet][row - 1] = changed


def xlsx(book: dict[str, Sheet], **formats: str) -> bytes:
    """``formats``: number formats of cells of the survey, such as ``J4="0%"``."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in book.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for cell, number_format in formats.items():
        made["survey"][cell].number_format = number_format
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
