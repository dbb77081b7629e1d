"""End of the record's body: who gets it, and how anyone can check it."""

from collections.abc import Mapping
from typing import Any

import segno

from inspections.records.rendering import strings
from inspections.records.rendering.fonts import BOLD, REGULAR
from inspections.records.rendering.sheet import LEFT, MM, RECIPIENTS_HEAD, SMALL, WIDTH, Sheet
from inspections.records.rendering.text import Style, wrap

# 26 mm was read at 150 dpi only, so the code is larger than that.
QR_SIZE = 30 * MM
# Any of the eight masks can be read. Choosing the one with the least penalty took a third of the
# time of drawing a record; this one was read from blurred and turned pictures as often as the best.
MASK = 3
HEAD = Style(BOLD, 11, 14)
HINT = Style(REGULAR, 11, 14)


def recipients(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    lines = (
        f"- {payload['authority']['name']};",
        f"- {payload['establishment']['name']};",
        "- Lưu: VT, hồ sơ kiểm tra.",
    )
    sheet.need(RECIPIENTS_HEAD.leading + SMALL.leading * len(lines) + 8)
    sheet.y -= 4
    sheet.paragraph("Nơi nhận:", RECIPIENTS_HEAD, indent=0, after=1)
    for line in lines:
        sheet.paragraph(line, SMALL, indent=0, after=0)
    sheet.y -= 8


def verification(
    sheet: Sheet, payload: Mapping[str, Any], note: Mapping[str, Any], *, provisional: bool
) -> None:
    url = payload["record"]["verify_url"]
    lines = [
        (line, style)
        for text, style in _words(payload, note, url, provisional=provisional)
        for line in wrap(text, style, WIDTH - QR_SIZE - 40)
    ]
    text_height = sum(style.leading for _, style in lines)
    height = max(QR_SIZE + 16, text_height + 12)
    sheet.need(height + 6)
    top = sheet.y
    sheet.draw(f"0.75 w {LEFT:.2f} {top - height:.2f} {WIDTH:.2f} {height:.2f} re S")
    code(sheet, LEFT + 12, top - (height - QR_SIZE) / 2, url)
    y = top - (height - text_height) / 2
    for line, style in lines:
        sheet.lines(LEFT + QR_SIZE + 28, y, [line], style, WIDTH)
        y -= style.leading
    sheet.y = top - height - 8


def _words(
    payload: Mapping[str, Any], note: Mapping[str, Any], url: str, *, provisional: bool
) -> list[tuple[str, Style]]:
    number = payload["record"]["number"]
    words = [(f"Kiểm tra biên bản số {number}", HEAD)]
    if provisional:
        words.append((f"{strings.PROVISIONAL_MARK}. Bản này chưa được ký số.", HEAD))
    else:
        words.append(
            (
                "Bản gốc là tệp PDF được ký số theo chuẩn PAdES, kèm dữ liệu của biên bản; "
                "bản in chỉ có giá trị đối chiếu.",
                HINT,
            )
        )
    if note.get("test"):
        words.append((strings.TEST_MARK, HEAD))
    words.append(("Quét mã QR hoặc mở địa chỉ:", HINT))
    words.append((url, HINT))
    return words


def code(sheet: Sheet, x: float, top: float, url: str, size: float = QR_SIZE) -> None:
    """The QR code as one path; neighbouring dark modules of a row are one rectangle."""
    matrix = segno.make_qr(url, error="m", boost_error=False, mask=MASK).matrix
    module = size / len(matrix)
    path: list[str] = []
    for row_number, row in enumerate(matrix):
        y = top - (row_number + 1) * module
        column = 0
        while column < len(row):
            start = column
            while column < len(row) and row[column]:
                column += 1
            if column > start:
                path.append(
                    f"{x + start * module:.3f} {y:.3f} {(column - start) * module:.3f} "
                    f"{module:.3f} re"
                )
            column += 1
    sheet.draw("\n".join(path) + "\nf")
