"""Pages of a record and the place on them where the next piece goes.

Paper, margins, page numbers: Decree 30/2020/NĐ-CP, annex I. Lengths are in
points, y grows upwards as in PDF. Operators of a page are gathered and handed
to the canvas in one go when the page is full.
"""

from collections.abc import Sequence
from typing import Any, Literal

from inspections.records.rendering.fonts import BOLD, BOLD_ITALIC, ITALIC, REGULAR
from inspections.records.rendering.text import Encoder, Line, Style, measure, wrap

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, TOP, BOTTOM = 30 * MM, PAGE_HEIGHT - 20 * MM, 20 * MM
WIDTH = PAGE_WIDTH - LEFT - 15 * MM
FIRST_LINE = 10 * MM

# A line that would need wider gaps than this between its words is left ragged.
MOST_STRETCH = 6.0

BODY = Style(REGULAR, 13, 16)
BODY_BOLD = Style(BOLD, 13, 16)
BODY_ITALIC = Style(ITALIC, 13, 16)
SMALL = Style(REGULAR, 11, 13.5)
FOOTER = Style(REGULAR, 9, 11)
FOOTER_BOLD = Style(BOLD, 9, 11)
WATERMARK = Style(BOLD, 44, 50)
RECIPIENTS_HEAD = Style(BOLD_ITALIC, 12, 14.5)

Align = Literal["left", "center", "right", "justify"]


class Sheet:
    """The running page: ``y`` is the upper edge of what is still free.

    ``footer`` stands on every page with the count of sheets, ``mark`` in its
    middle; ``watermark`` lies under everything, so that it hides nothing.
    """

    def __init__(self, canvas: Any, footer: str, mark: str = "", watermark: str = "") -> None:
        self.canvas = canvas
        self.y = TOP
        self._footer, self._mark, self._watermark = footer, mark, watermark
        self._encoders: dict[str, Encoder] = {}
        self._operators: list[str] = []
        self._sheets = self._number = 0
        self._open()

    # Pages

    def need(self, height: float) -> None:
        """Go to a new page when less than ``height`` is free on this one."""
        if self.y - height < BOTTOM:
            self.new_page()

    def new_page(self) -> None:
        self._close()
        self._open()

    def start_annex(self) -> None:
        """Begin a page whose numbers count from 1 again, as each annex of a document does."""
        self._number = 0
        self.new_page()

    def finish(self) -> None:
        """Close the last page, and fill in the count of sheets that every footer shows."""
        self._close()
        self.canvas.beginForm("sheets")
        self.show(0, 0, str(self._sheets), FOOTER)
        self._flush()
        self.canvas.endForm()

    def _open(self) -> None:
        self._sheets += 1
        self._number += 1
        self.y = TOP
        if self._watermark:
            self._draw_watermark()
        if self._number > 1:
            number = str(self._number)
            self.show(self._centred(number, BODY), TOP + 7 * MM, number, BODY)
        baseline = BOTTOM - 9 * MM
        self.show(LEFT, baseline, self._footer, FOOTER)
        if self._mark:
            self.show(self._centred(self._mark, FOOTER_BOLD), baseline, self._mark, FOOTER_BOLD)
        sheet = f"tờ {self._sheets}/"
        right = LEFT + WIDTH - measure("00", FOOTER)
        self.show(right - measure(sheet, FOOTER), baseline, sheet, FOOTER)
        self._flush()
        self.canvas.saveState()
        self.canvas.translate(right, baseline)
        self.canvas.doForm("sheets")
        self.canvas.restoreState()

    def _close(self) -> None:
        self._flush()
        self.canvas.showPage()

    def _draw_watermark(self) -> None:
        centre = f"{PAGE_WIDTH / 2:.2f} {PAGE_HEIGHT / 2:.2f}"
        self.draw(f"q 0.85 g 0.7071 0.7071 -0.7071 0.7071 {centre} cm")
        self.show(-measure(self._watermark, WATERMARK) / 2, 0, self._watermark, WATERMARK)
        self.draw("Q")

    def _centred(self, text: str, style: Style) -> float:
        return LEFT + (WIDTH - measure(text, style)) / 2

    def _flush(self) -> None:
        self.canvas.addLiteral("\n".join(self._operators))
        self._operators.clear()

    # Ink

    def draw(self, operators: str) -> None:
        self._operators.append(operators)

    def rule(self, x: float, y: float, width: float, thickness: float = 0.75) -> None:
        self.draw(f"{thickness} w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S")

    def show(self, x: float, y: float, text: str, style: Style) -> None:
        """One line with its baseline at ``y``."""
        encoder = self.encoder(style.face)
        shown = encoder.show(text, style.size)
        self.draw(f"BT {encoder.name} {style.size:g} Tf {x:.2f} {y:.2f} Td {shown} ET")

    def lines(
        self,
        x: float,
        top: float,
        lines: Sequence[Line],
        style: Style,
        width: float,
        *,
        align: Align = "left",
        indent: float = 0.0,
    ) -> None:
        """Lines of one style under ``top``, the first one moved in by ``indent``."""
        encoder = self.encoder(style.face)
        size, leading = style.size, style.leading
        # The first baseline leaves the ascent of the face plus half of the spare leading.
        at_x, at_y = x, top - (leading - size) / 2 - 0.8 * size
        operators = [f"BT {encoder.name} {size:g} Tf {at_x:.2f} {at_y:.2f} Td"]
        left = x
        for number, line in enumerate(lines):
            lead = indent if number == 0 else 0.0
            room = width - lead - line.width
            target = x + lead
            if align == "center":
                target += room / 2
            elif align == "right":
                target += room
            elif align == "justify":
                gaps = 0 if line.ends else line.text.count(" ") + line.text.count("\u00a0")
                stretch = room / gaps if gaps else 0.0
                operators.append(f"{stretch if stretch <= MOST_STRETCH else 0:.3f} Tw")
            drop = -leading if number else 0.0
            operators.append(f"{target - left:.2f} {drop:.2f} Td {encoder.show(line.text, size)}")
            left = target
        operators.append("0 Tw ET" if align == "justify" else "ET")
        self.draw("\n".join(operators))

    def picture(self, reader: Any, x: float, y: float, width: float, height: float) -> None:
        self._flush()
        self.canvas.drawImage(reader, x, y, width, height)

    def encoder(self, face: str) -> Encoder:
        if face not in self._encoders:
            self._encoders[face] = Encoder(face, self.canvas._doc)  # noqa: SLF001 (no public name)
        return self._encoders[face]

    # Flow

    def paragraph(
        self,
        text: str,
        style: Style = BODY,
        *,
        lead: str = "",
        align: Align = "justify",
        indent: float = FIRST_LINE,
        after: float = 4.0,
    ) -> None:
        """A paragraph that may run over pages; ``lead`` opens it in bold.

        At least two of its lines stay together on either side of a page break.
        """
        bold = Style(BOLD, style.size, style.leading)
        shift = measure(lead + " ", bold) if lead else 0.0
        lines = wrap(text, style, WIDTH, indent + shift)
        while lines:
            fits = int((self.y - BOTTOM) / style.leading)
            if fits < len(lines):
                fits = min(fits, len(lines) - 2)
            if fits < min(2, len(lines)):
                self.new_page()
                continue
            if lead:
                self.lines(LEFT + indent, self.y, [Line(lead, 0, ends=True)], bold, WIDTH)
            self.lines(LEFT, self.y, lines[:fits], style, WIDTH, align=align, indent=indent + shift)
            self.y -= style.leading * len(lines[:fits])
            lines, lead, indent, shift = lines[fits:], "", 0.0, 0.0
        self.y -= after

    def heading(self, text: str, *, keep: float = 110.0) -> None:
        """A bold line that stays with at least ``keep`` points of what follows.

        The default is room for the head of a table and the beginning of its first row.
        """
        lines = wrap(text, BODY_BOLD, WIDTH)
        height = BODY_BOLD.leading * len(lines)
        self.need(6 + height + keep)
        self.y -= 6
        self.lines(LEFT, self.y, lines, BODY_BOLD, WIDTH)
        self.y -= height + 3
