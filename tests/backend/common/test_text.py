"""Search without accents; the two languages."""

import pytest

from backend.common.text import Bilingual, fold, nfc


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bộc Bố", "boc bo"),
        ("BO\u0323\u0302C BO\u0302\u0301", "boc bo"),
        ("Chợ Phủ Thông", "cho phu thong"),
        ("Đường  Đồng\tĐăng ", "duong dong dang"),
        ("ừ ữ ự Ỵ", "u u u y"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_composes() -> None:
    assert nfc("Bo\u0323\u0302c") == "Bộc"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "pass"), ("en-gb", "pass"), ("vi", "đạt"), ("fr", "đạt")]
)
def test_anything_but_english_is_vietnamese(language: str, text: str) -> None:
    assert Bilingual(vi="đạt", en="pass").in_language(language) == text
