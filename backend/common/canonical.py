"""One spelling of a value, so that equal contents have equal digests."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

import msgspec

from backend.common.text import nfc

_plain = msgspec.json.Encoder(order="sorted")


def dumps(value: Any) -> bytes:
    """``value`` as JSON: UTF-8, NFC, sorted keys, no spaces.

    Takes what ``strict_json.loads`` gives; a decimal is spelled as text. Raises TypeError for
    anything else.
    """
    text = _spelled(value)
    if not is_normalized("NFC", text):
        # Keys are sorted as they are spelled in the end.
        text = _spelled(json.loads(nfc(text)))
    return text.encode()


def dumps_plain(value: Any) -> bytes:
    """The bytes of ``dumps``, several times faster, of what holds no ``Decimal``.

    A ``Decimal`` would be spelled with the zeros that it came with.
    """
    text = _plain.encode(value)
    return text if is_normalized("NFC", text.decode()) else dumps(value)


def joined(members: Mapping[str, bytes]) -> bytes:
    """The object whose members are spelled already, under names in ASCII without escapes."""
    return b"{%b}" % b",".join(
        b'"%b":%b' % (name.encode(), members[name]) for name in sorted(members)
    )


def decimal_text(value: Decimal) -> str:
    """The one spelling of a decimal: no exponent, no trailing zeros, no negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def sha256(value: Any) -> str:
    """Hex digest of ``dumps(value)``."""
    return hashlib.sha256(dumps(value)).hexdigest()


def _spelled(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_spell
    )


def _spell(value: Any) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")
