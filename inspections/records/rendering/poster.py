"""One page for the market's wall: verdict, day, and the way to the record."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.canvas import faces, new
from inspections.records.rendering.closing import code
from inspections.records.rendering.fonts import BOLD, ITALIC, REGULAR
from inspections.records.rendering.sheet import MM, PAGE_HEIGHT, PAGE_WIDTH, Sheet
from inspections.records.rendering.text import Line, Style, balance, measure, wrap

LEFT, WIDTH = 20 * MM, PAGE_WIDTH - 40 * MM
EDGE = 12 * MM
QR_SIZE = 50 * MM

AGENCY = Style(BOLD, 13, 17)
HEAD = Style(BOLD, 22, 28)
# The first that has room for a name, with the lines that it may take.
PLACES = ((Style(BOLD, 34, 41), 2), (Style(BOLD, 26, 32), 3), (Style(BOLD, 19, 24), 4))
VERDICT = Style(BOLD, 46, 58)
IN_ENGLISH = Style(ITALIC, 18, 24)
DAY = Style(BOLD, 20, 27)
PLAIN = Style(REGULAR, 15, 20)
SMALL = Style(REGULAR, 11, 14)
MARK = Style(BOLD, 14, 19)

ENGLISH = {"pass": "Pass", "to_complete": "To be completed", "fail": "Fail"}
# Pale, so that black words are read on them in print without colours too.
GROUNDS = {"pass": "0.85 0.95 0.87", "to_complete": "1 0.94 0.78", "fail": "0.99 0.87 0.86"}


class Wall(Sheet):
    """A single page without the footer of records."""

    def _open(self) -> None:
        self.y = PAGE_HEIGHT - EDGE

    def finish(self) -> None:
        self._close()

    def centred(self, text: str, style: Style, *, most: int = 2, after: float = 0.0) -> None:
        """What takes more lines than ``most`` is cut: the page has no second one."""
        lines = balance(text, style, WIDTH)
        if len(lines) > most:
            *whole, last = wrap(text, style, WIDTH)[:most]
            cut = last.text.rpartition(" ")[0] + " …"
            lines = (*whole, Line(cut, measure(cut, style), ends=True))
        self.lines(LEFT, self.y, lines, style, WIDTH, align="center")
        self.y -= style.leading * len(lines) + after


def render(public: Mapping[str, Any], url: str) -> bytes:
    """``public``: what ``reading.public`` tells of the record; ``url``: where it is verified.

    The same arguments give the same bytes.
    """
    out = BytesIO()
    canvas = new(
        out,
        url,
        title=f"Kết quả kiểm tra – {public['establishment']}",
        author=public["authority"],
        subject=public["checklist"],
        creator="inspection-poster/1",
        at=datetime.fromisoformat(f"{public['inspected_on']}T00:00:00+07:00"),
    )
    with faces:
        sheet = Wall(canvas, footer="")
        _draw(sheet, public, url)
        sheet.finish()
        canvas.save()
    return out.getvalue()


def _draw(sheet: Wall, public: Mapping[str, Any], url: str) -> None:
    sheet.centred(public["authority"].upper(), AGENCY, after=14)
    sheet.centred("KẾT QUẢ KIỂM TRA", HEAD)
    sheet.centred(public["checklist"], PLAIN, after=14)
    name = public["establishment"]
    fitting = (each for each in PLACES if len(balance(name, each[0], WIDTH)) <= each[1])
    style, most = next(fitting, PLACES[-1])
    sheet.centred(name, style, most=most)
    sheet.centred(public["address"], PLAIN, after=12)
    _verdict(sheet, public)
    sheet.centred(f"Kiểm tra ngày {strings.day(public['inspected_on'])}", DAY)
    sheet.centred(f"Biên bản số {public['number']} năm {public['year']}", PLAIN, after=4)
    for mark in marks(public):
        sheet.centred(mark, MARK)
    _way_to_the_record(sheet, url)


def _way_to_the_record(sheet: Wall, url: str) -> None:
    """At the foot of the page, where people look for a code."""
    sheet.y = EDGE + QR_SIZE + PLAIN.leading + 2 * SMALL.leading + 8
    code(sheet, (PAGE_WIDTH - QR_SIZE) / 2, sheet.y, url, QR_SIZE)
    sheet.y -= QR_SIZE + 8
    sheet.centred("Quét mã để xem biên bản này là thật và còn hiệu lực hay không.", PLAIN)
    sheet.centred("Scan to see whether the record is genuine and the current one.", SMALL)
    sheet.centred(url, SMALL)


def _verdict(sheet: Wall, public: Mapping[str, Any]) -> None:
    """The words in a frame; the ground only underlines what they say."""
    verdict = public["verdict"]
    words = strings.VERDICTS.get(verdict, strings.NO_VERDICT).upper()
    height = VERDICT.leading + IN_ENGLISH.leading + DAY.leading + 34
    bottom = sheet.y - height
    frame = f"{LEFT:.2f} {bottom:.2f} {WIDTH:.2f} {height:.2f} re"
    sheet.draw(f"q {GROUNDS.get(verdict, '1 1 1')} rg 3 w {frame} B Q")
    sheet.y -= 14
    sheet.centred(words, VERDICT if verdict else HEAD)
    sheet.centred(ENGLISH.get(verdict, "No verdict"), IN_ENGLISH, after=4)
    if public["score"] is not None:
        sheet.centred(f"{strings.decimal(public['score'])} điểm trên 100", DAY)
    sheet.y = bottom - 16


def marks(public: Mapping[str, Any]) -> list[str]:
    """What must not be left out beside the verdict."""
    return [
        text
        for is_so, text in (
            (public["trial"], "BẢN THỬ: phiếu kiểm tra chưa được phê duyệt"),
            (public["test"], strings.TEST_MARK),
            (public["status"] == "provisional", strings.PROVISIONAL_MARK),
            (public["disputed"], "Đang có kiến nghị xem xét lại kết luận này"),
            (public["replies"], "Cơ sở đã có ý kiến giải trình, xem theo mã dưới đây"),
        )
        if is_so
    ]
