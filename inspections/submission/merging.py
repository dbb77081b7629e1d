"""Two phones, one draft: what each changed, merged path by path. Rules M1 to M5 of
docs/rules/drafts.md.

A document is looked at as values by path: ``opinion``, ``answers.B02``, ``measures.PM01``,
``stalls.<id>`` (a sheet without its answers) and ``stalls.<id>.answers.J01``. ``id`` and
``device`` are no part of it. A path that is not there has no value; that is a value too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from backend.common import canonical

Values = Mapping[str, Any]

GROUPS = ("answers", "measures", "stalls")
_APART = ("id", "device", *GROUPS)
_ANSWERS = ".answers."


class _Absent:
    """Equal to nothing but itself: null is a value that may be sent."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(slots=True)
class Merged:
    """``values``: the document now; ``applied``: the paths that differ from before;
    ``conflicts``: what was sent and stands aside, ``ABSENT`` where it was to be taken away.
    """

    values: dict[str, Any]
    applied: set[str] = field(default_factory=set)
    conflicts: dict[str, Any] = field(default_factory=dict)


def values_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` by path."""
    found = {name: value for name, value in document.items() if name not in _APART}
    for group in ("answers", "measures"):
        found |= {f"{group}.{code}": value for code, value in document.get(group, {}).items()}
    for sheet in document.get("stalls", ()):
        head = f"stalls.{_stall(sheet)}"
        found[head] = {name: value for name, value in sheet.items() if name != "answers"}
        found |= {f"{head}{_ANSWERS}{c}": value for c, value in sheet.get("answers", {}).items()}
    return found


def document_of(values: Values) -> dict[str, Any]:
    """The members that stand at the paths of ``values``; sheets in the order of their heads."""
    document: dict[str, Any] = {"answers": {}, "measures": {}, "stalls": []}
    sheets: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        if path.startswith("stalls.") and _ANSWERS not in path:
            sheets[path] = {**value, "answers": {}}
    for path, value in values.items():
        group, _, rest = path.partition(".")
        if not rest:
            document[path] = value
        elif group != "stalls":
            document[group][rest] = value
        elif _ANSWERS in path:
            head, _, code = path.partition(_ANSWERS)
            sheets[head]["answers"][code] = value
    document["stalls"] = list(sheets.values())
    return document


def differing(before: Values, after: Values) -> set[str]:
    """The paths at which two documents do not have the same value."""
    return {
        path
        for path in before.keys() | after.keys()
        if before.get(path, ABSENT) != after.get(path, ABSENT)
    }


def merge(
    here: Values,
    stamps: Mapping[str, int],
    sent: Values,
    base: int,
    changed: Iterable[str],
    past: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Merged:
    """What another phone ``changed`` since version ``base``, merged into what is ``here``.

    ``stamps``: the version in which each path changed last, on another phone. A path that was
    changed on both sides to other values keeps the value that is here. Nothing that was sent is
    dropped: it is in ``values`` or in ``conflicts``, unless it is ``past``: a value (by digest)
    that the path had since ``base``, and that somebody has replaced who saw it. Who comes first
    decides only which of the two.
    """
    merged = Merged(dict(here))
    for path in sorted(set(_single(changed, here.keys() | sent.keys()))):
        mine, theirs = sent.get(path, ABSENT), merged.values.get(path, ABSENT)
        head, is_of_sheet = _head(path)
        if mine == theirs or (mine is ABSENT and merged.conflicts.get(head) is ABSENT):
            continue
        below = [head, *_answers(head, here)] if path == head and mine is ABSENT else [path]
        # Of a sheet that somebody has taken away since, no answer comes back unasked.
        asked = [*below, head] if is_of_sheet and head not in merged.values else below
        if any(stamps.get(each, 0) > base for each in asked):
            if digest(mine) not in past.get(path, ()):
                merged.conflicts[path] = mine
        elif mine is ABSENT:
            for each in below:
                del merged.values[each]
            merged.applied |= set(below)
        else:
            if is_of_sheet and head not in merged.values:
                merged.values[head] = sent[head]
                merged.applied.add(head)
            merged.values[path] = mine
            merged.applied.add(path)
    return merged


def digest(value: Any) -> str:
    """Of a value at a path; "absent" where there is none."""
    return "absent" if value is ABSENT else canonical.sha256(value)


def _stall(sheet: Mapping[str, Any]) -> str:
    return str(sheet.get("stall") or sheet["new"]["id"])


def _head(path: str) -> tuple[str, bool]:
    """The path of the sheet that ``path`` is of, and whether it is an answer on one."""
    if not path.startswith("stalls."):
        return "", False
    head, is_of_sheet, _ = path.partition(_ANSWERS)
    return head, bool(is_of_sheet)


def _answers(head: str, values: Values) -> list[str]:
    return [path for path in values if path.startswith(head + _ANSWERS)]


def _single(changed: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """``changed`` without names of whole groups: those stand for all that is in the group."""
    for path in changed:
        if path in GROUPS:
            yield from (each for each in known if each.startswith(f"{path}."))
        elif path not in _APART:
            yield path
