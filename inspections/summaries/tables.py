"""A summary as the lines of a table.

Long rather than wide: one line for each figure of each group, so that none stands without its
numerator and its denominator.
"""

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
