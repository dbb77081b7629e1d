"""JSON as the API takes it: one meaning for every body, nothing that a database or PDF chokes on.

Refused: invalid UTF-8, a byte order mark, more than ``MAX_DEPTH`` levels, an object of more than
``MAX_KEYS``, a key given twice, NaN and Infinity, integers beyond 2^53 - 1, numbers of absurd
length, and texts with a control or format character, a lone surrogate, a noncharacter or a pile of
marks. Texts come out in NFC.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from typing import Any, NoReturn
from unicodedata import is_normalized

from backend.common.errors import FieldError, Malformed
from backend.common.text import Bilingual, nfc

MAX_DEPTH = 20
MAX_KEYS = 10_000  # a hundred times what any body needs; naming each as unknown costs seconds
MAX_INTEGER = 2**53 - 1
MAX_NUMBER_LENGTH = 40

# Inside of a character class, in a spelling that Python, JavaScript and Rust read alike: the API
# description prints it. Line feed is the one control character that a note may hold. Format
# characters (bidirectional overrides, zero-width ones, tags) make a text read differently from
# what it says; non-characters mean nothing. What else a record cannot show, its rules refuse.
FORBIDDEN = (
    r"\x00-\x09\x0B-\x1F\x7F-\x9F\xAD"
    r"\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u180E"
    r"\u200B-\u200F\u202A-\u202E\u2060-\u206F"
    r"\uFDD0-\uFDEF\uFEFF\uFFF0-\uFFFB\uFFFE\uFFFF"
    "\U000e0000-\U000e01ef"
)
_ASCII = re.compile(r"[\n\x20-\x7e]*")
# A lone surrogate cannot stand in UTF-8, but an escape in JSON can spell one.
_FORBIDDEN = re.compile(rf"[\uD800-\uDFFF{FORBIDDEN}]")
_MARKS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# More marks on one letter than any language needs: they would run over the lines of a record.
_PILE_OF_MARKS = re.compile(rf"[{_MARKS}]{{5}}")
# Ordinary texts hold neither, which one look shows.
_SUSPECT = re.compile(rf"[\uD800-\uDFFF{FORBIDDEN}{_MARKS}]")
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - _STEPS.keys())


def loads(body: bytes) -> Any:
    """The value of ``body``, fractions as ``Decimal``. Raises Malformed with a pointer."""
    text = _decode(body)
    _check_depth(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        _refuse("", "json_invalid", "JSON sai cú pháp", f"{error.msg} at character {error.pos}")
    except RecursionError:
        _refuse("", "json_too_deep", "JSON lồng quá sâu", "JSON is nested too deep")
    return value if _needs_no_cleaning(text) else _clean(value, "")


def check_nesting(body: bytes) -> None:
    """For who reads ``body`` otherwise, part by part. Raises Malformed as ``loads`` does: no
    UTF-8, or nested too deep.
    """
    _decode(body)
    _check_depth(body)


def forbidden_characters(text: str) -> list[str]:
    """The characters of ``text`` that no text may hold, as U+XXXX, each once."""
    if _SUSPECT.search(text) is None:
        return []
    found = _FORBIDDEN.findall(text)
    if pile := _PILE_OF_MARKS.search(text):
        found.append(pile[0][0])
    return [f"U+{ord(char):04X}" for char in dict.fromkeys(found)]


def escape(token: str) -> str:
    """A key as a token of a JSON pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")


def _decode(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        _refuse("", "json_invalid", "JSON có ký hiệu BOM", "JSON starts with a byte order mark")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("", "json_encoding", "JSON phải là UTF-8", "JSON must be UTF-8")


def _needs_no_cleaning(text: str) -> bool:
    """Whether every text in a body is fit, seen at once: nothing is escaped, all of it is fit.

    Ordinary bodies are so, and looking at each of their texts takes ten times as long.
    """
    return "\\" not in text and is_normalized("NFC", text) and not forbidden_characters(text)


def _check_depth(body: bytes) -> None:
    """Count brackets outside of strings before parsing: the parser itself would recurse.

    A backslash outside of a string is no JSON, so the parser comes no further than that.
    """
    quoted = _ESCAPED.sub(b"", body) if b"\\" in body else body
    outside = b"".join(quoted.split(b'"')[::2])
    brackets = outside.translate(None, delete=_NO_BRACKETS)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH:
        _refuse(
            "",
            "json_too_deep",
            f"JSON lồng quá {MAX_DEPTH} cấp",
            f"JSON is nested deeper than {MAX_DEPTH} levels",
        )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        _refuse(
            "",
            "json_too_wide",
            f"JSON có hơn {MAX_KEYS} trường trong một đối tượng",
            f"An object of the JSON has more than {MAX_KEYS} fields",
        )
    result = dict(pairs)
    if len(result) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        _refuse_duplicate(next(key for key, times in counts.items() if times > 1), "")
    return result


def _integer(text: str) -> int:
    if len(text) > MAX_NUMBER_LENGTH or abs(int(text)) > MAX_INTEGER:
        _refuse("", "number_too_large", "Số quá lớn", "A number is too large")
    return int(text)


def _decimal(text: str) -> Decimal | int:
    value = None
    if len(text) <= MAX_NUMBER_LENGTH:
        with suppress(InvalidOperation):  # an exponent of twenty digits
            value = Decimal(text)
    if value is None or abs(value.adjusted()) > MAX_NUMBER_LENGTH:
        _refuse("", "number_too_large", "Số quá lớn", "A number is too large")
    # To JSON Schema 5.0 is an integer, and to JavaScript it is 5.
    return _integer(str(int(value))) if value == int(value) else value


def _constant(text: str) -> NoReturn:
    _refuse("", "json_invalid", f"{text} không phải là JSON", f"{text} is not JSON")


def _clean(value: Any, pointer: str) -> Any:
    if isinstance(value, str):
        return _clean_text(value, pointer)
    if isinstance(value, dict):
        cleaned = {
            _clean_text(key, pointer): _clean(item, f"{pointer}/{escape(key)}")
            for key, item in value.items()
        }
        if len(cleaned) != len(value):
            counts = Counter(map(nfc, value))
            _refuse_duplicate(next(key for key, times in counts.items() if times > 1), pointer)
        return cleaned
    if isinstance(value, list):
        return [_clean(item, f"{pointer}/{index}") for index, item in enumerate(value)]
    return value


def _clean_text(text: str, pointer: str) -> str:
    if _ASCII.fullmatch(text):
        return text
    text = nfc(text)
    forbidden = forbidden_characters(text)
    if forbidden:
        _refuse_text(pointer, forbidden)
    return text


def _refuse_duplicate(key: str, pointer: str) -> NoReturn:
    _refuse(pointer, "duplicate_key", f"Khóa lặp lại: {key!r}", f"Key given twice: {key!r}")


def _refuse_text(pointer: str, forbidden: Iterable[str]) -> NoReturn:
    names = ", ".join(forbidden)
    _refuse(
        pointer.encode("utf-8", "replace").decode(),
        "text_forbidden_char",
        f"Ký tự không được phép: {names}",
        f"Characters that no text may hold: {names}",
    )


def _refuse(pointer: str, code: str, vi: str, en: str) -> NoReturn:
    detail = Bilingual(vi=vi, en=en)
    raise Malformed(detail, errors=[FieldError(pointer, code, detail)])
