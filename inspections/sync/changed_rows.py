"""Rows of the change feed as they are now. What is out of the person's sight is a tombstone,
where it may have been in sight before, and nothing at all where it was not."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from backend.audit.models import AuditEntry
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.models import Finding, Inspection
from inspections.fieldwork.serializers import InspectionRowSerializer
from inspections.planning.models import Assignment
from inspections.sync import bundle
from inspections.sync.places import establishments, finding, open_findings
from inspections.sync.scope import Scope, places_of
from markets.models import Establishment

ALL = "*"
Found = Iterable[tuple[str, Any]]  # name and data; None: gone


class Key(NamedTuple):
    """``left``: the username of whoever the row was taken from, "" for the row itself."""

    type: str
    name: str
    left: str = ""


def read(present: Scope, latest: Mapping[Key, AuditEntry]) -> Iterator[dict[str, Any]]:
    """The changes of the rows in ``latest``, each with the number of its last entry."""
    by_type: dict[str, dict[str, AuditEntry]] = {}
    taken: dict[str, set[str]] = {}
    for key, entry in latest.items():
        if key.left:
            taken.setdefault(key.type, set()).add(key.name)
        else:
            by_type.setdefault(key.type, {})[key.name] = entry
    _find_places(by_type)
    for kind, entries in by_type.items():
        last = max(entry.sequence for entry in entries.values())
        told = dict(_READERS[kind](present, entries))
        # Of what was taken from the person, and is out of sight now, nobody else would tell.
        for name, data in (dict.fromkeys(taken.get(kind, ())) | told).items():
            change: dict[str, Any] = {"type": kind, "id": name}
            change |= {"op": "delete"} if data is None else {"op": "upsert", "data": data}
            yield change | {"sequence": entries[name].sequence if name in entries else last}


def _find_places(by_type: dict[str, dict[str, AuditEntry]]) -> None:
    """Visits that stand for their places, put among the places."""
    visits = by_type.pop("place of", {})
    if not visits:
        return
    rows = Inspection.objects.filter(pk__in=visits).values_list("pk", "establishment__code")
    places = by_type.setdefault("establishment", {})
    for pk, code in rows:
        entry = visits[str(pk)]
        if code not in places or places[code].sequence < entry.sequence:
            places[code] = entry


def _establishments(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    places = places_of(present.by, present.day)
    if ALL not in entries:
        places = places.filter(code__in=entries)
    rows = {row["code"]: row for row in establishments(present, places)}
    yield from rows.items()
    gone = Establishment.objects.filter(code__in=entries.keys() - rows.keys())
    if present.by.role == "manager":
        gone = gone.managed_by(present.by.id, on=present.day)
    yield from ((code, None) for code in gone.values_list("code", flat=True))


def _checklists(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    """By code; told under the names of its versions."""
    kinds = set(places_of(present.by, present.day).values_list("kind", flat=True))
    used = {row["name"]: row for row in bundle.checklists(present.by, kinds)}
    versions = ChecklistVersion.objects.filter(code__in=entries).ever_published()
    for version in versions.defer("content"):
        yield version.name, used.get(version.name)


def _assignments(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    own = Assignment.objects.of(present.by.id).filter(pk__in=entries)
    for row in bundle.with_people(own):
        is_open = row.status == Assignment.Status.OPEN
        yield str(row.pk), bundle.assignment(row) if is_open else None


def _findings(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    seen = Finding.objects.visible_to(present.by.id, present.by.role).filter(pk__in=entries)
    waiting = open_findings(present).filter(pk__in=entries).select_related("establishment")
    found = {row.pk: {**finding(row), "establishment": row.establishment.code} for row in waiting}
    yield from ((str(pk), found.get(pk)) for pk in seen.values_list("pk", flat=True))


def _inspections(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    rows = Inspection.objects.visible_to(present.by.id, present.by.role).filter(pk__in=entries)
    told = rows.exclude(status=Inspection.Status.DRAFT)
    told = told.with_dispute().select_related("establishment", "checklist", "record")
    bulky = ("document", "result", "assessed", "receipt", "checklist__content", "record__payload")
    for row in told.defer(*bulky):
        yield str(row.pk), InspectionRowSerializer(row).data


def _drafts(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    mine = bundle.drafts(bundle.drafts_of(present.by).filter(pk__in=entries))
    yield from ((draft["id"], draft) for draft in mine)
    known = Inspection.objects.filter(pk__in=entries)
    own = known.filter(Q(members__person=present.by.id) | Q(sent_by=present.by.id))
    # Submitted by the own team, or discarded; of a colleague's own draft nothing is said.
    ended = set(own.exclude(pk__in=[draft["id"] for draft in mine]).values_list("pk", flat=True))
    there = set(known.values_list("pk", flat=True))
    for name in entries:
        if UUID(name) in ended or UUID(name) not in there:
            yield name, None


def _people(present: Scope, entries: Mapping[str, AuditEntry]) -> Found:
    if (me := str(present.by.id)) in entries:
        yield me, present.person


_READERS = {
    "establishment": _establishments,
    "checklist": _checklists,
    "assignment": _assignments,
    "finding": _findings,
    "inspection": _inspections,
    "draft": _drafts,
    "person": _people,
}
