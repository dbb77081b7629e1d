"""The typeface of the record and the characters that it can show."""

from pathlib import Path
from unicodedata import normalize

from inspections.records.rendering.coverage import CODE_POINTS

TYPEFACES = Path(__file__).parent / "typefaces"

REGULAR = "Tinos-Regular"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"
BOLD_ITALIC = "Tinos-BoldItalic"
FACES = (REGULAR, BOLD, ITALIC, BOLD_ITALIC)

SUPPORTED = frozenset(chr(code) for span in CODE_POINTS for code in range(span[0], span[1] + 1))


def unsupported(text: str) -> str:
    """The characters of ``text`` that a record cannot show, each once, in order.

    ``text`` is NFC: a combining mark that NFC leaves on its own counts as
    unsupported, because it would be drawn beside its letter.
    """
    if SUPPORTED.issuperset(text):
        return ""
    return "".join(dict.fromkeys(char for char in text if char not in SUPPORTED))


def printable(text: str) -> str:
    """``text`` in NFC, with each unsupported character as its code point.

    The doors refuse such characters; one that is in frozen data all the same
    (a name imported years ago) must be seen on paper, not vanish from it.
    """
    text = normalize("NFC", text)
    if SUPPORTED.issuperset(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(char if char in SUPPORTED else f"[U+{ord(char):04X}]" for char in text)
