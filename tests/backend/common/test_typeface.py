"""backend.common.typeface: which characters a record can show.

That the table is what the files of the typeface have: tests/inspections/records/test_pdf_fonts.py.
"""

import unicodedata

from backend.common.typeface import unsupported

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


def test_every_vietnamese_letter_can_be_shown() -> None:
    assert unsupported(VIETNAMESE + VIETNAMESE.upper() + "fjwzFJWZ0123456789") == ""


def test_signs_of_measures_and_quotations_can_be_shown() -> None:
    assert unsupported("≥ ≤ ° ² ³ µ ₫ % – — “ ” ‘ ’ … • × №\n\u00a0") == ""


def test_unsupported_characters_are_named_once_in_order() -> None:
    assert unsupported("chợ 🐟 họp 市 rồi 🐟") == "🐟市"


def test_characters_that_steer_text_are_refused_though_the_font_may_have_them() -> None:
    hostile = "\x00\x07\x1b\x7f\u200b\u200e\u202e\u2066\ufeff\ud800\ue000\u2028א"
    assert unsupported(hostile) == hostile


def test_a_mark_that_stands_alone_after_nfc_is_refused() -> None:
    assert unsupported(unicodedata.normalize("NFC", "q\u0323")) == "\u0323"
    assert unsupported(unicodedata.normalize("NFC", "o\u0323")) == ""
