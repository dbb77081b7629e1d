"""Head of the first page. Layout: Decree 30/2020/NĐ-CP, annex I and form 1.9 of annex III."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.fonts import BOLD, ITALIC, REGULAR
from inspections.records.rendering.sheet import LEFT, WIDTH, Sheet
from inspections.records.rendering.text import Style, balance, measure

AGENCY = Style(REGULAR, 12, 15)
AGENCY_BOLD = Style(BOLD, 12, 15)
MOTTO = Style(BOLD, 13, 16)
NUMBER = Style(REGULAR, 13, 16)
PLACE = Style(ITALIC, 13, 16)
TITLE = Style(BOLD, 14, 19)
SUBJECT = Style(BOLD, 13, 16)
MARK = Style(BOLD, 12, 15)

LEFT_WIDTH = 190.0
RIGHT = LEFT + LEFT_WIDTH + 8
RIGHT_WIDTH = WIDTH - LEFT_WIDTH - 8


def draw(
    sheet: Sheet, payload: Mapping[str, Any], note: Mapping[str, Any], title: str = "BIÊN BẢN"
) -> None:
    authority, record = payload["authority"], payload["record"]
    top = sheet.y
    left = _centred(sheet, LEFT, LEFT_WIDTH, top, str(authority["parent"]).upper(), AGENCY)
    left = _centred(sheet, LEFT, LEFT_WIDTH, left, str(authority["name"]).upper(), AGENCY_BOLD)
    sheet.rule(LEFT + LEFT_WIDTH / 2 - 32, left - 3, 64)
    left = _centred(sheet, LEFT, LEFT_WIDTH, left - 10, f"Số: {record['number']}", NUMBER)

    nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto = "Độc lập - Tự do - Hạnh phúc"
    right = _centred(sheet, RIGHT, RIGHT_WIDTH, top, nation, AGENCY_BOLD)
    right = _centred(sheet, RIGHT, RIGHT_WIDTH, right, motto, MOTTO)
    length = measure(motto, MOTTO)
    sheet.rule(RIGHT + (RIGHT_WIDTH - length) / 2, right - 3, length)
    if authority.get("place"):
        signed_on = datetime.fromisoformat(payload["inspection"]["ended_at"]).date()
        place = f"{authority['place']}, {strings.long_day(signed_on)}"
        right = _centred(sheet, RIGHT, RIGHT_WIDTH, right - 10, place, PLACE)

    sheet.y = min(left, right) - 18
    sheet.y = _centred(sheet, LEFT, WIDTH, sheet.y, title, TITLE)
    establishment = payload["establishment"]
    subject = strings.SUBJECTS.get(establishment["kind"], "Kiểm tra tại {name}")
    subject = subject.format(name=establishment["name"])
    sheet.y = _centred(sheet, LEFT + 30, WIDTH - 60, sheet.y, subject, SUBJECT)
    sheet.rule(LEFT + WIDTH / 2 - 40, sheet.y - 4, 80)
    sheet.y -= 14
    if note.get("test"):
        _framed(sheet, strings.TEST_MARK)


def _centred(sheet: Sheet, x: float, width: float, top: float, text: str, style: Style) -> float:
    """Draw and give the lower edge."""
    lines = balance(text, style, width)
    sheet.lines(x, top, lines, style, width, align="center")
    return top - style.leading * len(lines)


def _framed(sheet: Sheet, text: str) -> None:
    width = measure(text, MARK) + 24
    x = LEFT + (WIDTH - width) / 2
    sheet.draw(f"1 w {x:.2f} {sheet.y - 22:.2f} {width:.2f} 20 re S")
    _centred(sheet, LEFT, WIDTH, sheet.y - 4.5, text, MARK)
    sheet.y -= 30
