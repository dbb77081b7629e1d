"""One spelling of a value."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.common import canonical


def test_is_utf8_with_sorted_keys_and_no_spaces() -> None:
    assert canonical.dumps({"b": [1, None, True], "a": "Bộc Bố"}) == (
        '{"a":"Bộc Bố","b":[1,null,true]}'.encode()
    )


def test_the_order_of_keys_and_the_form_of_letters_do_not_count() -> None:
    composed = {"tên": "Bộc Bố", "số": "7"}
    decomposed = {"so\u0302\u0301": "7", "te\u0302n": "Bo\u0323\u0302c Bo\u0302\u0301"}

    assert canonical.sha256(composed) == canonical.sha256(decomposed)


def test_keys_are_sorted_as_they_are_spelled_in_the_end() -> None:
    # Decomposed, "e" with its mark would come before "f"; composed it comes behind.
    decomposed = {"e\u0301": 1, "f": 2}

    assert canonical.dumps(decomposed) == canonical.dumps({"\u00e9": 1, "f": 2})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("86.50", "86.5"),
        ("86.00", "86"),
        ("0.00", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("1E+3", "1000"),
        ("1E-3", "0.001"),
        ("100", "100"),
        ("-2.50", "-2.5"),
    ],
)
def test_a_decimal_has_one_spelling(value: str, text: str) -> None:
    assert canonical.decimal_text(Decimal(value)) == text
    assert canonical.dumps([Decimal(value)]) == f'["{text}"]'.encode()


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.dumps({"value": value})


def test_the_digest_is_that_of_the_spelling() -> None:
    assert canonical.sha256({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(VALUES)
def test_reading_it_and_spelling_it_again_changes_nothing(value: Any) -> None:
    once = canonical.dumps(value)

    assert canonical.dumps(json.loads(once)) == once


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@given(PLAIN)
def test_without_decimals_the_fast_way_gives_the_same_bytes(value: Any) -> None:
    assert canonical.dumps_plain(value) == canonical.dumps(value)


def test_members_that_are_spelled_already_join_to_the_same_bytes() -> None:
    whole = {"b": {"số": "7", "a": [1]}, "a": "Bo\u0323\u0302", "c": None}

    spelled = {name: canonical.dumps(value) for name, value in whole.items()}

    assert canonical.joined(spelled) == canonical.dumps(whole)


def test_the_fast_way_escapes_and_composes_as_the_other() -> None:
    value = {"te\u0302n": "".join(map(chr, range(0x180))) + "\u2028e\u0301", "\uffff": 1, "😀": 2}

    assert canonical.dumps_plain(value) == canonical.dumps(value)
