"""A summary as a file that a spreadsheet opens: CSV, or a workbook with its method.

Long rather than wide: one line for each figure of each group, so that none stands without its
numerator and its denominator.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

Report = Mapping[str, Any]
HEAD = {
    "vi": (
        "Từ ngày", "Đến ngày", "Địa bàn", "Mã nhóm", "Nhóm", "Mã chỉ tiêu", "Chỉ tiêu", "Giá trị",
        "Đơn vị", "Tử số", "Mẫu số", "Kỳ trước",
    ),
    "en": (
        "From", "To", "Area", "Group code", "Group", "Figure code", "Figure", "Value", "Unit",
        "Numerator", "Denominator", "Period before",
    ),
}  # fmt: skip
WHOLE = {"vi": "Toàn bộ", "en": "Everything"}
UNITS = {
    "vi": {"count": "", "percent": "%", "points": "điểm", "days": "ngày"},
    "en": {"count": "", "percent": "%", "points": "points", "days": "days"},
}
# What a spreadsheet would take for a formula or a command.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows(report: Report, language: str) -> Iterator[list[str]]:
    """The lines below ``HEAD``: everything first, then the groups."""
    area = report["area"]["name"] if report["area"] else ""
    figures = {each["code"]: each for each in report["figures"]}
    whole = {"key": "", "name": WHOLE, "figures": report["total"]}
    for group in (whole, *report["groups"]):
        for cell in group["figures"]:
            figure = figures[cell["code"]]
            yield [
                report["from"],
                report["to"],
                area,
                group["key"],
                group["name"][language] or group["name"]["vi"],
                cell["code"],
                figure["name"][language],
                cell["value"] or "",
                UNITS[language][figure["unit"]],
                cell["numerator"] or "",
                "" if cell["denominator"] is None else str(cell["denominator"]),
                cell["before"] or "",
            ]


def as_csv(report: Report, language: str) -> bytes:
    """UTF-8 with a mark at its beginning, without which Excel takes it for another encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD[language])
    writer.writerows([harmless(text) for text in row] for row in rows(report, language))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def harmless(text: str) -> str:
    """``text`` as a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(_ACTIVE) else text
