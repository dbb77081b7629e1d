"""inspections.records.rendering.fonts: the faces, and what stands for what they lack"""

import hashlib
import unicodedata

from reportlab.pdfbase.ttfonts import TTFontFile

from backend.common.typeface import CODE_POINTS
from inspections.records.rendering import fonts

REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"}
RIGHT_TO_LEFT = {"R", "AL", "AN"}


def drawable() -> list[tuple[int, int]]:
    """Ranges of the code points that all four faces have and that may stand in a record."""
    faces = [TTFontFile(str(fonts.TYPEFACES / f"{face}.ttf")) for face in fonts.FACES]
    common = set.intersection(*(set(face.charToGlyph) for face in faces))
    allowed = sorted(
        code
        for code in common
        if unicodedata.category(chr(code)) not in REFUSED_CATEGORIES
        and unicodedata.bidirectional(chr(code)) not in RIGHT_TO_LEFT
        and unicodedata.is_normalized("NFC", chr(code))
    )
    ranges: list[tuple[int, int]] = [(10, 10)]
    for code in allowed:
        if code == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def test_the_table_of_code_points_is_what_the_four_faces_have() -> None:
    assert list(CODE_POINTS) == drawable()


def test_the_faces_are_the_published_files() -> None:
    for line in (fonts.TYPEFACES / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((fonts.TYPEFACES / name).read_bytes()).hexdigest() == digest


def test_frozen_text_shows_what_the_font_lacks_as_a_code_point() -> None:
    assert fonts.printable("cho\u031b\u0323 🐟\tvà\r\nrau") == "chợ [U+1F41F] và\nrau"
