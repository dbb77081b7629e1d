"""A summary as a workbook: typed cells, a chart of the groups, and the method on a sheet."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

from inspections.summaries.tables import HEAD, WHOLE, rows

Report = Mapping[str, Any]
FIGURES, METHOD, FAILED = ("Số liệu", "Phương pháp", "Tiêu chí hay không đạt")
# Columns of ``tables.HEAD`` that hold numbers, and their places after the point.
NUMBERS = {7: "#,##0.00", 9: "#,##0.00", 10: "#,##0", 11: "#,##0.00"}
WIDTHS = (11, 11, 24, 14, 30, 11, 32, 11, 8, 12, 10, 11)
CHARTED = "FS03"


def as_workbook(report: Report, language: str) -> bytes:
    """Texts are never taken for formulas, numbers or addresses."""
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(out, {**plain, "in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        lines = list(rows(report, language))
        _figures(book, bold, lines, language)
        _failed(book, bold, report, language)
        _method(book, bold, report, language)
    return out.getvalue()


def _figures(book: Workbook, bold: Any, lines: Sequence[Sequence[str]], language: str) -> None:
    sheet = book.add_worksheet(FIGURES)
    formats = {spec: book.add_format({"num_format": spec}) for spec in set(NUMBERS.values())}
    sheet.write_row(0, 0, HEAD[language], bold)
    for number, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            if column in NUMBERS and text:
                sheet.write_number(number, column, Decimal(text), formats[NUMBERS[column]])
            elif text:
                sheet.write_string(number, column, text)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines), len(WIDTHS) - 1)
    _chart(book, lines)


def _chart(book: Workbook, lines: Sequence[Sequence[str]]) -> None:
    """The share that passes, for each group."""
    shown = [line for line in lines if line[3] and line[5] == CHARTED and line[7]]
    if not shown:
        return
    sheet = book.add_worksheet(shown[0][6][:31])
    for number, line in enumerate(shown):
        sheet.write_string(number, 0, line[4])
        sheet.write_number(number, 1, Decimal(line[7]))
    sheet.set_column(0, 0, 30)
    chart: Any = book.add_chart({"type": "column"})
    last = len(shown) - 1
    chart.add_series(
        {
            "name": shown[0][6],
            "categories": [sheet.get_name(), 0, 0, last, 0],
            "values": [sheet.get_name(), 0, 1, last, 1],
        }
    )
    chart.set_y_axis({"min": 0, "max": 100, "num_format": '0"%"'})
    chart.set_legend({"none": True})
    sheet.insert_chart("D2", chart)


def _failed(book: Workbook, bold: Any, report: Report, language: str) -> None:
    sheet = book.add_worksheet(FAILED)
    sheet.write_row(0, 0, FAILED_HEAD[language], bold)
    for number, row in enumerate(report["most_failed"], start=1):
        sheet.write_string(number, 0, row["checklist"])
        sheet.write_string(number, 1, row["item"])
        sheet.write_string(number, 2, row["text"][language] or row["text"]["vi"])
        sheet.write_number(number, 3, row["visits"])
        sheet.write_number(number, 4, row["of"])
        for column, share in ((5, row["share"]), (6, row["before"])):
            if share is not None:
                sheet.write_number(number, column, Decimal(share))
    sheet.set_column(2, 2, 70)
    sheet.freeze_panes(1, 0)


def _method(book: Workbook, bold: Any, report: Report, language: str) -> None:
    sheet = book.add_worksheet(METHOD)
    area = report["area"]["name"] if report["area"] else WHOLE[language]
    for number, line in enumerate(
        (
            (HEAD[language][0], report["from"]),
            (HEAD[language][1], report["to"]),
            (HEAD[language][2], area),
            (HEAD[language][11], f"{report['before']['from']} – {report['before']['to']}"),
            (AS_OF[language], report["as_of"]),
        )
    ):
        sheet.write_string(number, 0, line[0])
        sheet.write_string(number, 1, line[1])
    top = 6
    columns = HEAD[language]
    sheet.write_row(top, 0, (columns[5], columns[6], columns[9], columns[10]), bold)
    for number, figure in enumerate(report["figures"], start=top + 1):
        sheet.write_string(number, 0, figure["code"])
        sheet.write_string(number, 1, figure["name"][language])
        sheet.write_string(number, 2, figure["numerator"][language])
        if figure["denominator"]:
            sheet.write_string(number, 3, figure["denominator"][language])
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 3, 42)


AS_OF = {"vi": "Tình trạng tồn tại đến ngày", "en": "State of the findings as of"}
FAILED_HEAD = {
    "vi": ("Phiếu", "Tiêu chí", "Nội dung", "Lượt không đạt", "Số lượt", "Tỷ lệ %", "Kỳ trước %"),
    "en": ("Checklist", "Item", "Text", "Visits failing", "Visits", "Share %", "Before %"),
}
