"""Measured, wrapped and encoded text: what a canvas's own text calls would do, at half the cost.

A record is hundreds of short cells. One text object per line and a search
for the font subset per letter was most of the time of drawing it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import getFont, registerFont
from reportlab.pdfbase.ttfonts import TTFont

from inspections.records.rendering import fonts

# More than anyone types into one field of a phone; each takes a line of paper at least.
MOST_PARAGRAPHS = 40


@dataclass(frozen=True, slots=True)
class Style:
    face: str
    size: float
    leading: float


class Line(NamedTuple):
    """``width`` in points; ``ends``: last of its paragraph, so never stretched."""

    text: str
    width: float
    ends: bool


@cache
def register() -> None:
    """Make the four faces known to reportlab; the first call in a process parses them (30 ms)."""
    # ASCII85 costs a quarter in size and half of the time, and serves no reader of today.
    rl_config.useA85 = 0
    for face in fonts.FACES:
        registerFont(TTFont(face, str(fonts.TYPEFACES / f"{face}.ttf")))


@lru_cache(maxsize=4096)
def measure(text: str, style: Style) -> float:
    width: float = getFont(style.face).stringWidth(text, style.size)
    return width


@lru_cache(maxsize=1024)
def wrap(text: str, style: Style, width: float, indent: float = 0.0) -> tuple[Line, ...]:
    """Break ``text`` into lines of at most ``width`` points; the first is ``indent`` shorter.

    A line feed ends a paragraph (see ``paragraphs``). A word wider than a line
    is cut where the line is full. Linear in the length of the text.
    """
    lines: list[Line] = []
    space = measure(" ", style)
    for paragraph in paragraphs(fonts.printable(text)):
        words: list[str] = []
        used, room = 0.0, width - (0.0 if lines else indent)
        for word in paragraph.split(" "):
            if not word:
                continue
            size = measure(word, style)
            if words and used + space + size > room:
                lines.append(Line(" ".join(words), used, ends=False))
                words, used, room = [], 0.0, width
            if size > room:
                *full, last = _cut(word, style, room, width)
                lines.extend(Line(piece, length, ends=False) for piece, length in full)
                words, used, room = [last[0]], last[1], width
                continue
            used += size + (space if words else 0.0)
            words.append(word)
        lines.append(Line(" ".join(words), used, ends=True))
    return tuple(lines)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of ``text``: at least one, and few however many line feeds it has.

    Blank lines count as one between paragraphs and as none at either end. Paragraphs beyond
    ``MOST_PARAGRAPHS`` are run together, with a stroke between them, and none is left out.
    """
    lines = [line.strip() for line in text.strip().split("\n")]
    kept = [line for before, line in zip(["-", *lines], lines, strict=False) if line or before]
    if len(kept) > MOST_PARAGRAPHS:
        kept[MOST_PARAGRAPHS - 1 :] = [" / ".join(filter(None, kept[MOST_PARAGRAPHS - 1 :]))]
    return kept


@lru_cache(maxsize=256)
def balance(text: str, style: Style, width: float) -> tuple[Line, ...]:
    """As ``wrap``, with lines of about equal length: for centred heads of several lines."""
    lines = wrap(text, style, width)
    narrow, wide = width / 2, width
    while len(lines) > 1 and wide - narrow > 4:
        middle = (narrow + wide) / 2
        fewer = len(wrap(text, style, middle)) <= len(lines)
        narrow, wide = (narrow, middle) if fewer else (middle, wide)
    return wrap(text, style, wide)


def _cut(word: str, style: Style, first: float, width: float) -> Iterator[tuple[str, float]]:
    """Pieces of a word that is wider than a line, with their widths."""
    start, used, room = 0, 0.0, first
    for index, char in enumerate(word):
        size = measure(char, style)
        if used + size > room and index > start:
            yield word[start:index], used
            start, used, room = index, 0.0, width
        used += size
    yield word[start:], used


class Encoder(dict[int, str]):
    """Letters of one face as they stand in a string of the page stream.

    A document's first subset of a face holds the first 255 letters used,
    enough for Vietnamese. Letters of later subsets map to ``ELSEWHERE`` and
    their line takes the slow way.
    """

    ELSEWHERE = "\uffff"

    def __init__(self, face: str, document: Any) -> None:
        super().__init__()
        self.font, self.document = getFont(face), document
        self.font.splitString(" ", document)
        self.name = self.font.getSubsetInternalName(0, document)

    def __missing__(self, code: int) -> str:
        [(subset, encoded)] = self.font.splitString(chr(code), self.document)
        self[code] = self.ELSEWHERE if subset else _escaped(encoded)
        return self[code]

    def show(self, text: str, size: float) -> str:
        """Operators that show ``text`` at the current point, in this face at ``size``."""
        encoded = text.translate(self)
        if self.ELSEWHERE not in encoded:
            return f"({encoded}) Tj"
        operators = [
            f"{self.font.getSubsetInternalName(subset, self.document)} {size:g} Tf "
            f"({_escaped(part)}) Tj"
            for subset, part in self.font.splitString(text, self.document)
        ]
        return " ".join((*operators, f"{self.name} {size:g} Tf"))


def _escaped(encoded: bytes) -> str:
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b"()\\" else f"\\{byte:03o}"
        for byte in encoded
    )
