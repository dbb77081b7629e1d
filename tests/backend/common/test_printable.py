"""backend.common.printable: texts that no record could show are refused, each by its place"""

import pytest
from django.core.exceptions import ValidationError

from backend.common.errors import Kind
from backend.common.printable import CharacterNotSupported, check_printable, unprintable_texts
from backend.common.validators import validate_printable


def test_every_text_that_cannot_be_shown_is_named_and_what_is_no_text_is_not() -> None:
    with pytest.raises(CharacterNotSupported) as refused:
        check_printable({"name": "Chợ 市", "address": "Tổ 🐟 1", "zone": "Khu cá", "year": 2026})

    assert refused.value.kind is Kind.UNPROCESSABLE
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/name", "character_not_supported"),
        ("/address", "character_not_supported"),
    ]
    assert refused.value.errors[0].detail.vi.endswith("không có: 市 (U+5E02)")


def test_texts_are_found_at_any_depth_and_keys_as_well() -> None:
    value = {"a/b": [{"x": "市"}], "市": "", "note": "ổn"}

    assert [error.pointer for error in unprintable_texts(value, "")] == ["/a~1b/0/x", "/市"]


def test_what_can_be_shown_passes() -> None:
    check_printable({"name": "Chợ Bộc Bố – “khu 1”\nTổ 2", "unit": None})
    validate_printable("Nông Văn Páo")


def test_what_stands_on_one_line_of_a_record_has_no_second() -> None:
    with pytest.raises(ValidationError, match="một dòng"):
        validate_printable("Nông Văn Páo\nKẾT LUẬN: ĐẠT")


def test_a_form_says_which_character_it_was() -> None:
    with pytest.raises(ValidationError, match=r"市 \(U\+5E02\)"):
        validate_printable("Lý 市")
