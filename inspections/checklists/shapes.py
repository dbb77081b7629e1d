"""Typed reading of a marked tree: what a file may hold, said as a value.

A shape reads a node into plain JSON values. What does not fit is named in
``Reading.faults`` and left out (None in a list, so that positions hold): everything
wrong with a file is told at once.
"""

import re
import unicodedata
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from backend.common.text import Bilingual, nfc
from inspections.checklists.decimals import DecimalError, normal_decimal
from inspections.checklists.nodes import Mapping, Node, Scalar, Sequence

UNREADABLE: Any = object()

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_COUNT = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class Fault(NamedTuple):
    """Where (see ``nodes.Node``) and what; ``pointer`` is a JSON pointer into the content."""

    line: int
    column: int
    pointer: str
    code: str
    detail: Bilingual
    sheet: str = ""

    @property
    def place(self) -> tuple[str, int, int]:
        return self.sheet, self.line, self.column


@dataclass(slots=True)
class Reading:
    """``nodes``: what was read by JSON pointer, for whoever finds fault later."""

    faults: list[Fault] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)

    def refuse(self, node: Node, pointer: str, code: str, vi: str, en: str) -> Any:
        """``node`` is where to look, ``pointer`` what is wrong there."""
        detail = Bilingual(vi, en)
        self.faults.append(Fault(node.line, node.column, pointer, code, detail, node.sheet))
        return UNREADABLE


class Shape(Protocol):
    def read(self, node: Node, at: str, reading: Reading) -> Any:
        """The value, or UNREADABLE after naming the fault."""


def scalar(node: Node, at: str, reading: Reading) -> str | None:
    """The text of a scalar in composed form; None after naming the fault."""
    if not isinstance(node, Scalar) or (node.is_plain and node.text in _NULLS):
        reading.refuse(node, at, "wrong_type", "Cần một giá trị đơn.", "A single value is needed.")
        return None
    return nfc(node.text)


@dataclass(frozen=True, slots=True)
class Text:
    max_length: int = 1000

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text is None:
            return UNREADABLE
        if not text.strip():
            return reading.refuse(node, at, "wrong_type", "Cần văn bản.", "Text is needed.")
        if len(text) > self.max_length:
            limit = self.max_length
            return reading.refuse(
                node, at, "too_long", f"Dài quá {limit} ký tự.", f"Over {limit} characters."
            )
        if any(unicodedata.category(char) in _UNPRINTABLE for char in text):
            return reading.refuse(
                node,
                at,
                "control_character",
                "Văn bản có ký tự điều khiển hoặc xuống dòng.",
                "The text has a control character or a line break.",
            )
        return text


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text of one form; ``example`` is shown to the author."""

    pattern: re.Pattern[str]
    example: str

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text is None:
            return UNREADABLE
        if self.pattern.fullmatch(text) is None:
            return reading.refuse(
                node,
                at,
                "wrong_type",
                f"Không đúng dạng; ví dụ: {self.example}.",
                f"Not of the form needed; an example: {self.example}.",
            )
        return text


@dataclass(frozen=True, slots=True)
class Count:
    least: int
    most: int

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text is None:
            return UNREADABLE
        if _COUNT.fullmatch(text) is None or not self.least <= int(text) <= self.most:
            return reading.refuse(
                node,
                at,
                "out_of_range",
                f"Cần số nguyên từ {self.least} đến {self.most}.",
                f"A whole number from {self.least} to {self.most} is needed.",
            )
        return int(text)


class DecimalText:
    """A decimal, kept as text in its one spelling."""

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text is None:
            return UNREADABLE
        try:
            return normal_decimal(text)
        except DecimalError as invalid:
            return reading.refuse(
                node, at, invalid.code, "Cần một số thập phân.", "A decimal number is needed."
            )


class Flag:
    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text not in ("true", "false", None):
            reading.refuse(node, at, "wrong_type", "Cần true hoặc false.", "true or false.")
            return UNREADABLE
        return UNREADABLE if text is None else text == "true"


class Day:
    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text is None:
            return UNREADABLE
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text).isoformat()
        except ValueError:
            pass  # 2026-02-30 has the form of a day
        return reading.refuse(
            node, at, "wrong_type", "Cần ngày dạng 2026-01-31.", "A date such as 2026-01-31."
        )


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[str, ...]

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        text = scalar(node, at, reading)
        if text is None:
            return UNREADABLE
        if text not in self.values:
            listed = ", ".join(self.values)
            return reading.refuse(
                node, at, "unknown_value", f"Chỉ nhận: {listed}.", f"One of: {listed}."
            )
        return text


@dataclass(frozen=True, slots=True)
class ListOf:
    """An entry that cannot be read is None."""

    shape: Shape
    least: int = 0
    most: int = 100

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        if not isinstance(node, Sequence):
            return reading.refuse(node, at, "wrong_type", "Cần danh sách.", "A list is needed.")
        if not self.least <= len(node.entries) <= self.most:
            return reading.refuse(
                node,
                at,
                "out_of_range",
                f"Cần từ {self.least} đến {self.most} mục.",
                f"From {self.least} to {self.most} entries are needed.",
            )
        reading.nodes[at] = node
        values = [self._entry(entry, f"{at}/{i}", reading) for i, entry in enumerate(node.entries)]
        return [None if value is UNREADABLE else value for value in values]

    def _entry(self, node: Node, at: str, reading: Reading) -> Any:
        reading.nodes[at] = node
        return self.shape.read(node, at, reading)


def pairs(node: Node, at: str, reading: Reading) -> list[tuple[str, Node, Node]]:
    """The keys of a mapping with their nodes; repeated keys and keys that are no text named."""
    if not isinstance(node, Mapping):
        reading.refuse(
            node, at, "wrong_type", "Cần các cặp khóa: giá trị.", "Pairs of key: value are needed."
        )
        return []
    found: dict[str, tuple[str, Node, Node]] = {}
    for key, value in zip(node.entries[::2], node.entries[1::2], strict=True):
        name = scalar(key, at, reading)
        if name is None:
            continue
        if name in found:
            reading.refuse(
                key, f"{at}/{name}", "duplicate_key", f'Khóa "{name}" lặp.', f'"{name}" twice.'
            )
        else:
            found[name] = (name, key, value)
            reading.nodes[f"{at}/{name}"] = value
    return list(found.values())


@dataclass(frozen=True, slots=True)
class MapOf:
    """Names of the author's own choice, all with values of one shape."""

    key: re.Pattern[str]
    shape: Shape
    most: int = 50

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        entries = pairs(node, at, reading)
        if len(entries) > self.most:
            limit = self.most
            return reading.refuse(
                node, at, "out_of_range", f"Không quá {limit} mục.", f"At most {limit} entries."
            )
        values = {}
        for name, key, value in entries:
            if self.key.fullmatch(name) is None:
                reading.refuse(
                    key, f"{at}/{name}", "unknown_key", f'Mã "{name}" không hợp lệ.', "Not a code."
                )
                continue
            read = self.shape.read(value, f"{at}/{name}", reading)
            if read is not UNREADABLE:
                values[name] = read
        return values


@dataclass(frozen=True, slots=True)
class Record:
    required: MappingType[str, Shape]
    optional: MappingType[str, Shape] = field(default_factory=dict)

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        entries = pairs(node, at, reading)
        if not isinstance(node, Mapping):
            return UNREADABLE
        values = {}
        for name, key, value in entries:
            shape = self.required.get(name) or self.optional.get(name)
            if shape is None:
                reading.refuse(
                    key,
                    f"{at}/{name}",
                    "unknown_key",
                    f'Không có khóa "{name}" ở đây.',
                    f'There is no key "{name}" here.',
                )
                continue
            read = shape.read(value, f"{at}/{name}", reading)
            if read is not UNREADABLE:
                values[name] = read
        given = {name for name, _, _ in entries}
        for name in self.required:
            if name not in given:
                reading.refuse(
                    node.gaps.get(name, node),
                    f"{at}/{name}",
                    "missing_key",
                    f'Thiếu khóa "{name}".',
                    f'The key "{name}" is missing.',
                )
        return values


@dataclass(frozen=True, slots=True)
class Variant:
    """A record whose other keys depend on the value of ``key``."""

    key: str
    shapes: MappingType[str, Record]

    def read(self, node: Node, at: str, reading: Reading) -> Any:
        kinds = OneOf(tuple(self.shapes))
        entries = node.entries if isinstance(node, Mapping) else []
        for key, value in zip(entries[::2], entries[1::2], strict=True):
            if isinstance(key, Scalar) and key.text == self.key:
                kind = kinds.read(value, f"{at}/{self.key}", reading)
                return kind if kind is UNREADABLE else self.shapes[kind].read(node, at, reading)
        return reading.refuse(
            node,
            f"{at}/{self.key}",
            "missing_key",
            f'Thiếu khóa "{self.key}".',
            f'The key "{self.key}" is missing.',
        )
