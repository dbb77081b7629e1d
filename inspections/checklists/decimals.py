"""Decimals as people and clients write them, read without ever being a float."""

import re
from decimal import Decimal
from typing import Literal

MAX_DIGITS = 18

_DECIMAL = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


class DecimalError(ValueError):
    """``code``: wrong_type (not a decimal) or out_of_range (too many digits)."""

    def __init__(self, code: Literal["wrong_type", "out_of_range"]) -> None:
        super().__init__(code)
        self.code = code


def parse_decimal(text: object) -> Decimal:
    """``"3,5"`` and ``"3.5"`` are equal.

    ASCII digits, an optional leading minus and one decimal sign with digits on both
    sides; at most 18 digits; never a JSON number, which may have been a float on its way.
    Raises ``DecimalError``.
    """
    if not isinstance(text, str) or _DECIMAL.fullmatch(text) is None:
        raise DecimalError("wrong_type")
    if len(text) - text.startswith("-") - ("." in text or "," in text) > MAX_DIGITS:
        raise DecimalError("out_of_range")
    return Decimal(text.replace(",", "."))


def normal_decimal(text: object) -> str:
    """The one spelling of a decimal, for digests and exports: ``"-03,50"`` -> ``"-3.5"``.

    Raises ``DecimalError``.
    """
    value = format(parse_decimal(text).normalize(), "f")
    return "0" if value == "-0" else value
