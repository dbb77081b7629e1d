"""The typeface of the record, and what it shows in place of a character that it lacks."""

from pathlib import Path
from unicodedata import normalize

from backend.common.typeface import SUPPORTED

TYPEFACES = Path(__file__).parent / "typefaces"

REGULAR = "Tinos-Regular"
BOLD = "Tinos-Bold"
ITALIC = "Tinos-Italic"
BOLD_ITALIC = "Tinos-BoldItalic"
FACES = (REGULAR, BOLD, ITALIC, BOLD_ITALIC)


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
