"""Tables whose rows may be long: repeated head, rows that split only when they must."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspections.records.rendering.fonts import BOLD, ITALIC, REGULAR
from inspections.records.rendering.sheet import BOTTOM, LEFT, TOP, Align, Sheet
from inspections.records.rendering.text import Line, Style, wrap

CELL = Style(REGULAR, 11, 13)
CELL_BOLD = Style(BOLD, 11, 13)
CELL_ITALIC = Style(ITALIC, 11, 13)
FINE = Style(REGULAR, 10, 12)
FINE_BOLD = Style(BOLD, 10, 12)
FINE_ITALIC = Style(ITALIC, 10, 12)

PAD_X, PAD_TOP, PAD_BOTTOM = 3.5, 1.5, 3.0
# A row that fits on a page is moved there whole unless that would leave more than this empty.
MOST_EMPTY = (TOP - BOTTOM) * 0.3

# A head stands on every page, so it must leave room for rows.
MOST_HEAD = 6


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of a cell; ``ticked`` puts a ticked box before it."""

    text: str
    style: Style | None = None
    ticked: bool = False


Cell = str | Text | Sequence[Text]


@dataclass(slots=True)
class _Piece:
    """A line of a cell with all that is needed to draw it alone."""

    line: Line
    style: Style
    ticked: bool


class Table:
    """Draws rows as they come; ``finish`` closes the last one's frame."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column], style: Style = CELL) -> None:
        self.sheet, self.columns, self.style = sheet, columns, style
        bold = Style(BOLD, style.size, style.leading)
        self._bold = bold
        self._head = [
            [
                _Piece(line, bold, False)
                for line in wrap(column.title, bold, _room(column))[:MOST_HEAD]
            ]
            for column in columns
        ]
        self._pending: str | None = None
        self._framed: float | None = None  # where the outer frame on this page begins
        self._divided = 0.0  # where the columns of the current group begin
        self._edges = [LEFT]
        for column in columns:
            self._edges.append(self._edges[-1] + column.width)

    def span(self, title: str) -> None:
        """A bold line over all columns, kept together with the next row."""
        self._pending = title

    def row(self, cells: Sequence[Cell]) -> None:
        columns = [
            self._pieces(cell, column) for cell, column in zip(cells, self.columns, strict=True)
        ]
        height = _height(columns)
        self._begin(height)
        while True:
            free = self.sheet.y - BOTTOM
            if height <= free:
                self._place(columns, height)
                return
            if height > TOP - BOTTOM - _height(self._head) or free > MOST_EMPTY:
                columns, height = self._split(columns, free)
            self._turn()

    def finish(self, after: float = 8.0) -> None:
        self._close_frame()
        self.sheet.y -= after

    def _begin(self, height: float) -> None:
        """Place head and pending span so that neither is left without (some of) the row."""
        width = self._edges[-1] - LEFT - 2 * PAD_X
        title = wrap(self._pending, self._bold, width) if self._pending else ()
        span = len(title) * self._bold.leading + PAD_TOP + PAD_BOTTOM if title else 0.0
        needed = span + min(height, 4 * self.style.leading)
        if self._framed is None:
            self.sheet.need(_height(self._head) + needed)
            self._draw_head()
        elif self.sheet.y - needed < BOTTOM:
            self._turn()
        if title:
            self._close_columns()
            top = self.sheet.y - PAD_TOP
            self.sheet.lines(LEFT + PAD_X, top, title, self._bold, width)
            self.sheet.y -= span
            self._rule()
            self._divided = self.sheet.y
            self._pending = None

    def _turn(self) -> None:
        self._close_frame()
        self.sheet.new_page()
        self._draw_head()

    def _draw_head(self) -> None:
        self._framed = self._divided = self.sheet.y
        height, width = _height(self._head), self._edges[-1] - LEFT
        self.sheet.draw(
            f"q 0.92 g {LEFT:.2f} {self.sheet.y - height:.2f} {width:.2f} {height:.2f} re f Q"
        )
        self._rule()
        self._place(self._head, height, centred=True)

    def _place(
        self, columns: Sequence[Sequence[_Piece]], height: float, *, centred: bool = False
    ) -> None:
        for left, column, pieces in zip(self._edges[:-1], self.columns, columns, strict=True):
            align: Align = "center" if centred else column.align
            top = self.sheet.y - PAD_TOP
            if centred:
                top -= (height - _height([pieces])) / 2
            for style, group in _runs(pieces):
                self.sheet.lines(
                    left + PAD_X,
                    top,
                    [piece.line for piece in group],
                    style,
                    _room(column),
                    align=align,
                    indent=_tick_width(style) if group[0].ticked else 0.0,
                )
                if group[0].ticked:
                    self._tick(left + PAD_X, top, style)
                top -= style.leading * len(group)
        self.sheet.y -= height
        self._rule()

    def _tick(self, x: float, top: float, style: Style) -> None:
        """A ticked box, drawn: the typeface has none."""
        side = style.size * 0.62
        y = top - (style.leading - style.size) / 2 - 0.8 * style.size
        self.sheet.draw(
            f"q 0.6 w {x:.2f} {y:.2f} {side:.2f} {side:.2f} re S "
            f"1.1 w {x + side * 0.2:.2f} {y + side * 0.5:.2f} m "
            f"{x + side * 0.42:.2f} {y + side * 0.22:.2f} l "
            f"{x + side * 0.85:.2f} {y + side * 0.85:.2f} l S Q"
        )

    def _split(
        self, columns: Sequence[Sequence[_Piece]], free: float
    ) -> tuple[list[list[_Piece]], float]:
        """Draw what fits into ``free`` and give back the rest of the row with its height."""
        now: list[list[_Piece]] = []
        rest: list[list[_Piece]] = []
        for pieces in columns:
            room, count = free - PAD_TOP - PAD_BOTTOM, 0
            while count < len(pieces) and room >= pieces[count].style.leading:
                room -= pieces[count].style.leading
                count += 1
            now.append(list(pieces[:count]))
            rest.append(list(pieces[count:]))
        if any(now):
            self._place(now, _height(now))
        return rest, _height(rest)

    def _pieces(self, cell: Cell, column: Column) -> list[_Piece]:
        texts: Iterable[Text] = (
            (Text(cell),) if isinstance(cell, str) else (cell,) if isinstance(cell, Text) else cell
        )
        pieces: list[_Piece] = []
        for text in texts:
            style = text.style or self.style
            indent = _tick_width(style) if text.ticked else 0.0
            lines = wrap(text.text, style, _room(column), indent)
            pieces.extend(
                _Piece(line, style, text.ticked and number == 0)
                for number, line in enumerate(lines)
            )
        return pieces

    def _rule(self) -> None:
        self.sheet.rule(LEFT, self.sheet.y, self._edges[-1] - LEFT, 0.5)

    def _close_columns(self) -> None:
        self._verticals(self._edges[1:-1], self._divided)

    def _close_frame(self) -> None:
        if self._framed is not None:
            self._close_columns()
            self._verticals((self._edges[0], self._edges[-1]), self._framed)
            self._framed = None

    def _verticals(self, edges: Sequence[float], top: float) -> None:
        bottom = self.sheet.y
        if edges and top > bottom:
            path = " ".join(f"{x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l" for x in edges)
            self.sheet.draw(f"0.5 w {path} S")


def _room(column: Column) -> float:
    return column.width - 2 * PAD_X


def _tick_width(style: Style) -> float:
    return style.size * 0.9


def _height(columns: Sequence[Sequence[_Piece]]) -> float:
    tallest = max(sum(piece.style.leading for piece in pieces) for pieces in columns)
    return tallest + PAD_TOP + PAD_BOTTOM


def _runs(pieces: Sequence[_Piece]) -> list[tuple[Style, list[_Piece]]]:
    """Neighbouring lines that can be drawn as one text object."""
    runs: list[tuple[Style, list[_Piece]]] = []
    for piece in pieces:
        if runs and runs[-1][0] is piece.style and not piece.ticked:
            runs[-1][1].append(piece)
        else:
            runs.append((piece.style, [piece]))
    return runs
