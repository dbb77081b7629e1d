"""Failed items and stalls: what has to be put right, where, and by when."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.body import stall_name
from inspections.records.rendering.sheet import WIDTH, Sheet
from inspections.records.rendering.tables import CELL_BOLD, CELL_ITALIC, Column, Table, Text


def findings(sheet: Sheet, payload: Mapping[str, Any], photo_numbers: Mapping[str, int]) -> None:
    """``photo_numbers``: number in the photo annex by digest."""
    if not payload["findings"]:
        sheet.paragraph("Không ghi nhận tồn tại nào.")
        return
    columns = (
        Column("TT", 26, "center"),
        Column("Tồn tại ghi nhận", WIDTH - 26 - 80 - 66 - 68),
        Column("Nơi ghi nhận", 80),
        Column("Mức độ", 66, "center"),
        Column("Hạn khắc phục", 68, "center"),
    )
    table = Table(sheet, columns)
    for number, finding in enumerate(payload["findings"], start=1):
        level = f"(mức {finding['level']})" if finding["level"] else ""
        table.row(
            (
                str(number),
                _content(finding, photo_numbers),
                stall_name(finding["stall"]) or "Cơ sở",
                (Text(strings.SEVERITIES[finding["severity"]]), Text(level)),
                strings.day(finding["due_on"]) if finding["due_on"] else "–",
            )
        )
    table.finish()


def _content(finding: Mapping[str, Any], photo_numbers: Mapping[str, int]) -> list[Text]:
    references = "; ".join(finding["references"]) or strings.INTERNAL_CRITERION
    texts = [
        Text(f"{finding['item']}. {finding['text']}"),
        Text(f"Căn cứ: {references}.", CELL_ITALIC),
    ]
    answer = finding["answer"]
    answered, required = strings.answered(answer), strings.threshold(answer)
    if answered or required:
        demand = f" (yêu cầu {required})" if required else ""
        texts.append(Text(f"Ghi nhận: {answered or '–'}{demand}", CELL_BOLD))
    if finding["note"]:
        texts.append(Text(f"Ghi chú: {finding['note']}"))
    if finding["photos"]:
        texts.append(Text(numbered_photos(finding["photos"], photo_numbers)))
    if finding["repeat"]:
        texts.append(Text("Lặp lại trong vòng 12 tháng.", CELL_BOLD))
    if finding["corrected_on_site"]:
        texts.append(Text("Đã khắc phục tại chỗ.", CELL_BOLD, ticked=True))
    return texts


def numbered_photos(photos: Sequence[str], photo_numbers: Mapping[str, int]) -> str:
    """``Ảnh: 1, 3``; a digest that the payload does not list is named by its beginning."""
    names = [str(photo_numbers.get(photo, photo[:12] + "…")) for photo in photos]
    return f"Ảnh: {', '.join(names)}"


def stalls(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    columns = (
        Column("Quầy", 40, "center"),
        Column("Người kinh doanh", WIDTH - 40 - 96 - 74 - 40 - 40 - 74),
        Column("Nhóm hàng", 96),
        Column("Kết luận", 74, "center"),
        Column("Mức A", 40, "center"),
        Column("Mức B", 40, "center"),
        Column("Tồn tại", 74),
    )
    table = Table(sheet, columns)
    for stall in payload["stalls"]:
        trader = [Text(stall["trader"] or "–")]
        if stall["zone"]:
            trader.append(Text(f"Khu: {stall['zone']}", CELL_ITALIC))
        if stall["new"]:
            trader.append(Text("Chưa có trong danh sách", CELL_ITALIC))
        head = (stall["number"], trader, stall["commodity_name"] or stall["commodity"])
        if stall["absent"]:
            table.row((*head, "Vắng", "–", "–", Text(stall["absent"], CELL_ITALIC)))
            continue
        failed = [a["item"] for a in stall["answers"] if a["outcome"] == "fail"]
        table.row(
            (
                *head,
                strings.VERDICTS.get(stall["verdict"], "–"),
                strings.share(stall["level_a"]),
                strings.share(stall["level_b"]),
                ", ".join(failed) or "Không",
            )
        )
    table.finish()


def criteria(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    """Stall criteria that the market as a whole does not meet, with the stalls that fail them."""
    failed = [row for row in payload["criteria"] if row["outcome"] == "fail"]
    if not failed:
        sheet.paragraph(
            "Mọi tiêu chí của quầy đều đạt hoặc không áp dụng khi tổng hợp cho toàn chợ."
        )
        return
    columns = (
        Column("Mã", 40, "center"),
        Column("Tiêu chí của quầy không đạt khi tổng hợp cho toàn chợ", WIDTH - 40 - 120),
        Column("Quầy chưa đạt", 120),
    )
    table = Table(sheet, columns)
    for row in failed:
        table.row((row["item"], row["text"], ", ".join(row["failed_stalls"])))
    table.finish()
