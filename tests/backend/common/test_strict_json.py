"""What is refused before anything reads it, and what comes out of the rest."""

import json
import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.common import strict_json
from backend.common.errors import Malformed
from backend.common.text import nfc


def refusal(body: bytes | str) -> tuple[str, str]:
    """The code and the pointer with which ``body`` is refused."""
    with pytest.raises(Malformed) as caught:
        strict_json.loads(body.encode() if isinstance(body, str) else body)
    (error,) = caught.value.errors
    return error.code, error.pointer


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": [1, "x", null, true]}', {"a": [1, "x", None, True]}),
        ("3.50", Decimal("3.50")),
        ("1e3", Decimal(1000)),
        ("9007199254740991", 2**53 - 1),
        ("-0", 0),
        ('"line\\nfeed"', "line\nfeed"),
        ('"\\ud83e\\udd6c"', "🥬"),
        ('"Bo\u0323\u0302c Bo\u0302\u0301"', "Bộc Bố"),
        ('{"e\u0301": 1}', {"é": 1}),
        (" \t\r\n[] ", []),
        ('"[[[[[[[[[[[[[[[[[[[[[[[["', "[" * 24),
        ('"\\"[[[[[[[[[[[[[[[[[[[[[[["', '"' + "[" * 23),
    ],
)
def test_takes(body: str, value: Any) -> None:
    assert strict_json.loads(body.encode()) == value


def test_twenty_levels_and_no_more() -> None:
    assert strict_json.loads(b"[" * 20 + b"]" * 20)
    assert refusal("[" * 21 + "]" * 21) == ("json_too_deep", "")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ("", "json_invalid", ""),
        ('{"uid":', "json_invalid", ""),
        ("[1,]", "json_invalid", ""),
        ("{'a': 1}", "json_invalid", ""),
        ("[1] // no", "json_invalid", ""),
        ("NaN", "json_invalid", ""),
        ("[-Infinity]", "json_invalid", ""),
        (b"\xef\xbb\xbf{}", "json_invalid", ""),
        (b'"\xff"', "json_encoding", ""),
        ('"a"'.encode("utf-16"), "json_encoding", ""),
        (b'"\xed\xa0\x80"', "json_encoding", ""),
        (b"[" * 960 + b"]" * 960, "json_too_deep", ""),
        (b"[" * 100_000, "json_too_deep", ""),
        (b'{"a":' * 100_000, "json_too_deep", ""),
        ('{"a": 1, "b": 2, "a": 1}', "duplicate_key", ""),
        ('{"x": {"\u00e9": 1, "e\u0301": 2}}', "duplicate_key", "/x"),
        ("9007199254740992", "number_too_large", ""),
        ("-9007199254740992", "number_too_large", ""),
        ("1" * 5_000, "number_too_large", ""),
        ("1e400", "number_too_large", ""),
        ("1e99999999999999999999", "number_too_large", ""),
        ("1e-99999999999999999999", "number_too_large", ""),
        ("0." + "1" * 50, "number_too_large", ""),
        ('{"note": "a\\u0000b"}', "text_forbidden_char", "/note"),
        ('{"notes": ["ok", "a\\u0007"]}', "text_forbidden_char", "/notes/1"),
        ('{"a\\u0000": 1}', "text_forbidden_char", ""),
        ('{"a/b~c": "\\ud800"}', "text_forbidden_char", "/a~1b~0c"),
        ('["\\udfff"]', "text_forbidden_char", "/0"),
        ('["\\u202e"]', "text_forbidden_char", "/0"),
        ('["\\u200b"]', "text_forbidden_char", "/0"),
        ('["\\ufffe"]', "text_forbidden_char", "/0"),
        ('["\\u0085"]', "text_forbidden_char", "/0"),
        ('["\\udb40\\udc41"]', "text_forbidden_char", "/0"),
        ('["\\t"]', "text_forbidden_char", "/0"),
        ('["\\r"]', "text_forbidden_char", "/0"),
        (f'["a{chr(0x301) * 1_000}"]', "text_forbidden_char", "/0"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refuses(body: bytes | str, code: str, pointer: str) -> None:
    assert refusal(body) == (code, pointer)


def test_names_the_forbidden_character_and_repeats_no_text() -> None:
    with pytest.raises(Malformed) as caught:
        strict_json.loads(b'{"password": "secret\\u0000"}')

    assert caught.value.detail is not None
    assert "U+0000" in caught.value.detail.en
    assert "secret" not in caught.value.detail.en + caught.value.detail.vi


@pytest.mark.parametrize(
    "body",
    [
        b'{"k0":1,' + b",".join(b'"k%d":1' % number for number in range(100_000)) + b"}",
        b'"' * 1_000_000,
        b'"\\' * 500_000,
        b"[" + b'"\\"",' * 200_000,
        b"1" * 1_000_000,
        b"0." + b"1" * 1_000_000,
        b"]" * 1_000_000,
    ],
    ids=lambda body: str(body[:8]),
)
def test_a_hostile_megabyte_is_refused_quickly(body: bytes) -> None:
    started = time.process_time()

    refusal(body)

    assert time.process_time() - started < 3


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "M"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS.map(nfc), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_reads_what_any_client_writes(value: Any) -> None:
    def composed(part: Any) -> Any:
        if isinstance(part, str):
            return nfc(part)
        if isinstance(part, list):
            return [composed(item) for item in part]
        if isinstance(part, dict):
            return {key: composed(item) for key, item in part.items()}
        return part

    assert strict_json.loads(json.dumps(value).encode()) == composed(value)


@given(st.binary(max_size=200) | st.text(max_size=100).map(json.dumps).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(Malformed):
        strict_json.loads(body)
