"""Texts: one Unicode form, search without accents, the two languages of the API."""

import unicodedata
from dataclasses import dataclass

# Letters that Unicode does not decompose into a base letter and a mark.
_WITHOUT_DECOMPOSITION = str.maketrans({"đ": "d", "Đ": "d"})


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text shown to people, in the two languages of the API."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """``language``: a code such as "en" or "en-gb"; anything but English is Vietnamese."""
        return self.en if language.startswith("en") else self.vi


ONE_LINE = Bilingual("Chỉ được viết trên một dòng.", "Must be a single line.")


def nfc(text: str) -> str:
    """The composed form in which every text is stored, compared and drawn."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """``text`` for searching: lower case, no accents, single spaces (``Bộc Bố`` -> ``boc bo``)."""
    decomposed = unicodedata.normalize("NFD", text.translate(_WITHOUT_DECOMPOSITION))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.casefold().split())
