"""A file as a tree in which every node knows where it stands, whatever the format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    """``line`` and ``column`` count from 1; ``sheet`` is that of a workbook, else empty."""

    line: int
    column: int
    sheet: str = field(default="", kw_only=True)


@dataclass(slots=True)
class Scalar(Node):
    """``is_plain``: written without quotes, so that ``null`` may mean nothing."""

    text: str
    is_plain: bool


@dataclass(slots=True)
class Sequence(Node):
    entries: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping(Node):
    """``entries``: keys and values in turn, as written; repeated keys are kept.

    ``gaps``: where a value would stand that was left out, as far as the format has a place.
    """

    entries: list[Node] = field(default_factory=list)
    gaps: dict[str, Node] = field(default_factory=dict)

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        return zip(self.entries[::2], self.entries[1::2], strict=True)


def text_at(at: Node, text: str) -> Scalar:
    return Scalar(at.line, at.column, text, False, sheet=at.sheet)


def list_at(at: Node, entries: Iterable[Node] = ()) -> Sequence:
    return Sequence(at.line, at.column, list(entries), sheet=at.sheet)


def mapping_at(at: Node, entries: Iterable[Node] = ()) -> Mapping:
    return Mapping(at.line, at.column, list(entries), sheet=at.sheet)
