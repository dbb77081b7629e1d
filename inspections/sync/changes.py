"""What has changed since a phone asked last: rows as they are now, and tombstones.

An entry of the trail says which rows to look at; what is told is read now, so that a row that
changed ten times is told once. Nothing that commits later has a number before the new cursor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.audit.models import AuditEntry
from inspections.sync import changed_rows, scope
from inspections.sync.changed_rows import ALL, Key
from inspections.sync.cursors import Position
from inspections.sync.scope import Scope

TOLD = (
    *scope.SHARED, "record.issued", "draft.created", "draft.replaced", "draft.discarded",
    "person.described",
)  # fmt: skip
# Of what else is told by a place as a whole.
_OF_PLACES = {*scope.VISITS, *scope.FINDINGS}


@dataclass(frozen=True, slots=True)
class Page:
    """``changes``: each row once, in the order of its last entry; ``at``: how far they reach."""

    changes: list[dict[str, Any]]
    at: Position
    more: bool


def page(present: Scope, since: Position, size: int) -> Page:
    """The changes after ``since``: of at most ``size`` rows, unless one entry names more.

    One statement for the entries and a few for each type of row, however many there are.
    """
    entries = list(
        AuditEntry.objects.filter(
            sequence__gt=since.sequence, sequence__lte=present.sequence, action__in=TOLD
        ).order_by("sequence")[: size + 1]
    )
    latest: dict[Key, AuditEntry] = {}
    at = since
    for entry in entries[:size]:
        keys = {key for key in _named(entry) if key.left in ("", present.by.username)}
        if latest and len(latest.keys() | keys) > size:
            break
        for key in keys:
            latest.pop(key, None)  # the order is that of the last entry
            latest[key] = entry
        at = Position(entry.sequence, entry.sha256)
    more = bool(entries) and at.sequence < entries[-1].sequence
    if not more:
        at = Position(present.sequence, present.head)
    found = changed_rows.read(present, latest)
    return Page(sorted(found, key=lambda change: change["sequence"]), at, more)


def _named(entry: AuditEntry) -> Iterator[Key]:
    """The rows that an entry is about. A place is named by its code, or by one of its visits."""
    noun, _, _ = entry.action.partition(".")
    name = entry.subject.partition(":")[2]
    if entry.action in scope.PLACES:
        yield from (Key("establishment", code) for code in _places(entry))
    elif noun == "checklist":
        # A new version ends the one before it.
        yield Key("checklist", name.partition("@")[0])
    elif noun == "record":
        yield Key("inspection", name)
    elif noun == "inspection":
        yield from (Key("inspection", name), Key("draft", name))
    elif noun in ("assignment", "finding", "draft", "person"):
        yield Key(noun, name)
        yield from (Key(noun, name, left=who) for who in _left(entry))
    if entry.action in _OF_PLACES:
        code = entry.data.get("establishment")
        yield Key("establishment", code) if code else Key("place of", name)


def _left(entry: AuditEntry) -> Iterator[str]:
    """Usernames of whoever the row is taken from."""
    yield from entry.data.get("left", ())
    changed = entry.data.get("changed", {})
    before, after = changed.get("inspector", (None, None))
    if before and before != after:
        yield before
    went_along, go_along = changed.get("members", ((), ()))
    yield from set(went_along) - set(go_along)


def _places(entry: AuditEntry) -> Iterator[str]:
    """Codes; or ``ALL`` where the entry is about more than it names one by one."""
    kind, _, name = entry.subject.partition(":")
    if kind == "establishment":
        yield name
    elif code := entry.data.get("establishment"):
        yield code
    elif entry.action == "establishments.imported" and not _is_cut(entry.data):
        for part in entry.data.values():
            yield from (each.partition(":")[2] for each in part["subjects"])
    else:
        yield ALL


def _is_cut(data: Mapping[str, Any]) -> bool:
    return any(part["count"] > len(part["subjects"]) for part in data.values())
