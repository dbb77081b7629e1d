"""What a submission is checked against: one read of everything, before the transaction.

All of it is either frozen (published checklists), copied into the record anyway (names), or
checked again by a constraint or a conditional UPDATE inside the transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from backend.accounts.models import User
from backend.common.compiled import Compiled
from inspections.checklists.lifecycle import Published, published
from inspections.evidence.models import Evidence
from inspections.fieldwork.models import Finding, Inspection
from inspections.fieldwork.reading import scored
from inspections.fieldwork.rules.completeness import stall_of as carried_stall
from inspections.records.payload import StallLabel
from inspections.submission.document import Draft
from inspections.submission.rules import SELF_CHECK, stall_of
from markets.models import Stall
from markets.queries import PlaceOnDay, StallThen, place_on, register_at

# The order is that of the index ``finding_repeats``, so that only its first entry is read.
_NEWEST = """
SELECT named.column1, (
    SELECT finding.id
    FROM inspections_finding finding
    JOIN inspections_inspection visit ON visit.id = finding.inspection_id
    WHERE finding.establishment_id = %s AND finding.item = named.column2
      AND finding.stall_id {stall} AND finding.found_on BETWEEN %s AND %s
      AND visit.status IN ('submitted', 'issued') AND visit.kind <> 'self_check'
      AND visit.id <> %s
    ORDER BY finding.stall_id, finding.found_on DESC, finding.id DESC
    LIMIT 1)
FROM (VALUES {named}) AS named
"""
NOBODY = UUID(int=0)
# A statement of SQLite takes so many parameters; no real visit comes near.
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Facts:
    """``people``: pk, full name and title by user name. ``register``: the stalls active when the
    visit began, by id; ``retired``: those of the place that were not, but are named;
    ``elsewhere``: ids that are another place's. ``follows`` and ``supersedes``: None where the
    place has no such visit."""

    day: date
    place: PlaceOnDay | None
    checklist: Published | None
    people: Mapping[str, Any]
    register: Mapping[str, StallThen]
    retired: Mapping[str, Stall]
    elsewhere: frozenset[str]
    follows: Inspection | None
    supersedes: Inspection | None


def gather(document: Draft) -> Facts:
    """About eight statements, however many items and stalls the document has."""
    day = timezone.localdate(document.started_at)
    place = place_on(document.establishment, day)
    register = {}
    if place:
        register = {str(s.id): s for s in register_at(place.id, document.started_at)}
    others = _inspections(document, place)
    follows = _followed(others.get(document.follows or ""))
    strangers = _strangers(document, register, follows)
    return Facts(
        day=day,
        place=place,
        checklist=published(document.checklist),
        people=_people({member.username for member in document.team if member.username}),
        register=register,
        retired={str(s.pk): s for s in strangers if place and s.establishment_id == place.id},
        elsewhere=frozenset(
            str(s.pk) for s in strangers if not place or s.establishment_id != place.id
        ),
        follows=follows,
        supersedes=others.get(document.supersedes or ""),
    )


def labels(document: Draft, facts: Facts) -> dict[str, StallLabel]:
    """How the record names each stall of the place, and each that the visit met."""
    known: Mapping[str, StallThen | Stall] = {**facts.register, **facts.retired}
    named = {key: StallLabel(s.number, s.trader, s.zone) for key, s in known.items()}
    for sheet in document.stalls:
        if sheet.new and sheet.new.id not in named:
            new = sheet.new
            named[new.id] = StallLabel(new.number, new.trader, new.zone, new=True)
    return named


def missing_evidence(digests: Collection[str]) -> list[str]:
    """Those of ``digests`` that have not arrived, in their order."""
    if not digests:
        return []
    here = {row.sha256 for row in _arrived(len(digests))(**_numbered(digests))}
    return [digest for digest in digests if digest not in here]


def earlier_findings(
    establishment_id: int,
    failed: Collection[tuple[str, str | None]],
    day: date,
    *,
    superseded: UUID | None,
) -> dict[tuple[str, str | None], UUID]:
    """The newest finding of each of ``failed`` (item, stall) there, in the 12 months to ``day``.

    Findings of voided and superseded visits do not count, nor of the one that is ``superseded``
    by this, nor of self-checks. One look into an index for each, so that it costs the same
    however many findings a place has.
    Source: product contract, section 5.
    """
    found: dict[tuple[str, str | None], UUID] = {}
    for at_stalls in (False, True):
        wanted = [pair for pair in failed if (pair[1] is not None) == at_stalls]
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            part = wanted[start : start + ROWS_AT_ONCE]
            bounds = [establishment_id, _a_year_before(day), day, superseded or NOBODY]
            for position, finding in _newest(bounds, part, at_stalls):
                if finding is not None:
                    found[part[position]] = UUID(str(finding))
    return found


def _newest(
    bounds: Sequence[Any], failed: Sequence[tuple[str, str | None]], at_stalls: bool
) -> list[tuple[int, Any]]:
    """Position in ``failed`` and id. All of ``failed`` are at stalls, or none is.

    ``bounds``: the place, the first and the last day, the visit that does not count.
    """
    adapt = Finding._meta.get_field("stall").get_db_prep_value
    *first, excepted = bounds
    named = [
        value
        for position, (item, stall) in enumerate(failed)
        for value in (position, item, adapt(stall, connection))
    ]
    statement = _NEWEST.format(
        stall="= named.column3" if at_stalls else "IS NULL",
        named=", ".join(["(%s, %s, %s)"] * len(failed)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*first, adapt(excepted, connection), *named])
        found: list[tuple[int, Any]] = cursor.fetchall()
    return found


def _strangers(
    document: Draft, register: Mapping[str, StallThen], follows: Inspection | None
) -> list[Stall]:
    """Stalls that are named or carried, but were not in the register when the visit began."""
    named = {stall_of(sheet)[1] for sheet in document.stalls}
    named |= {sample.stall for sample in document.samples if sample.stall}
    if follows:
        named |= {carried_stall(sheet) for sheet in scored(follows)[1]}
    unknown = [stall for stall in named if stall not in register]
    return list(Stall.objects.filter(pk__in=unknown)) if unknown else []


def _inspections(document: Draft, place: PlaceOnDay | None) -> dict[str, Inspection]:
    named = [id_ for id_ in (document.follows, document.supersedes) if id_]
    if not named or place is None:
        return {}
    rows = Inspection.objects.filter(pk__in=named, establishment_id=place.id)
    submitted = rows.exclude(status=Inspection.Status.DRAFT).select_related("record")
    # What a manager says of the own place and what the authority found never mix.
    own = document.kind == SELF_CHECK
    return {str(row.pk): row for row in submitted if (row.kind == SELF_CHECK) == own}


def _followed(named: Inspection | None) -> Inspection | None:
    """The visit to carry on: the last that supersedes the named one, none that was voided."""
    while named and named.status == Inspection.Status.SUPERSEDED:
        named = named.superseded_by
    return None if named and named.status == Inspection.Status.VOIDED else named


def _people(usernames: Collection[str]) -> dict[str, Any]:
    if not usernames:
        return {}
    rows = _named(len(usernames))(**_numbered(usernames))
    return {person.username: person for person in rows}


@cache
def _named(count: int) -> Compiled:
    return Compiled(
        lambda **names: User.objects.filter(username__in=names.values()).values(
            "pk", "username", "full_name", "title"
        ),
        **dict.fromkeys(_numbered(range(count)), str),
    )


@cache
def _arrived(count: int) -> Compiled:
    return Compiled(
        lambda **digests: Evidence.objects.filter(pk__in=digests.values()).values("sha256"),
        **dict.fromkeys(_numbered(range(count)), str),
    )


def _numbered(values: Iterable[Any]) -> dict[str, Any]:
    return {f"v{position}": value for position, value in enumerate(values)}


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
