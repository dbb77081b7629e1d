"""YAML text as a tree in which every node knows its line and column.

Only the plain part of YAML is read: one document, no anchors, aliases or tags, no deep
nesting. Scalars stay text: whether ``1.50`` is a number is for whoever asks.
"""

from typing import Any, NoReturn

import yaml

from backend.common.text import Bilingual
from inspections.checklists.nodes import Mapping, Node, Scalar, Sequence

MAX_CHARACTERS = 500_000
MAX_DEPTH = 20

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster


class YamlError(Exception):
    """The text is not the YAML that is read here; ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, column: int, code: str, detail: Bilingual) -> None:
        super().__init__(code)
        self.line, self.column, self.code, self.detail = line, column, code, detail


def read(text: str) -> Node:
    """Raises ``YamlError`` at the first thing that cannot be read."""
    if len(text) > MAX_CHARACTERS:
        _refuse(1, 1, "too_large", "Tệp quá lớn.", "The file is too large.")
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if unprintable:
        before = text[: unprintable.start()]
        _refuse(
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
            "control_character",
            "Tệp có ký tự điều khiển.",
            "The file has a control character.",
        )
    try:
        return _compose(text)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise YamlError(
            mark.line + 1 if mark else 1,
            mark.column + 1 if mark else 1,
            "not_yaml",
            Bilingual("Không đọc được YAML ở đây.", "This cannot be read as YAML."),
        ) from error


def _compose(text: str) -> Node:
    root: list[Node] = []
    open_lists = [root]
    for event in yaml.parse(text, Loader=_LOADER):
        mark: Any = event.start_mark
        at = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent) and root:
            _refuse(*at, "one_document", "Chỉ một tài liệu trong tệp.", "Only one document.")
        if isinstance(event, yaml.NodeEvent):
            _refuse_extras(event, at)
        if isinstance(event, yaml.ScalarEvent):
            open_lists[-1].append(Scalar(*at, event.value, bool(event.implicit[0])))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            kind = Sequence if isinstance(event, yaml.SequenceStartEvent) else Mapping
            node = kind(*at)
            open_lists[-1].append(node)
            open_lists.append(node.entries)
            if len(open_lists) > MAX_DEPTH:
                _refuse(*at, "too_deep", "Lồng quá sâu.", "Nested too deeply.")
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            open_lists.pop()
    if not root:
        _refuse(1, 1, "not_yaml", "Tệp trống.", "The file is empty.")
    return root[0]


def _refuse_extras(event: Any, at: tuple[int, int]) -> None:
    if event.anchor is not None:
        _refuse(
            *at,
            "anchor_not_allowed",
            "Không dùng neo (&) và bí danh (*).",
            "Anchors (&) and aliases (*) are not read.",
        )
    if getattr(event, "tag", None) is not None:
        _refuse(*at, "tag_not_allowed", "Không dùng thẻ kiểu (!).", "Tags (!) are not read.")


def _refuse(line: int, column: int, code: str, vi: str, en: str) -> NoReturn:
    raise YamlError(line, column, code, Bilingual(vi, en))
