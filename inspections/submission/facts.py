"""What a submission is checked against: one read of everything, before the transaction.

All of it is either frozen (published checklists), copied into the record anyway (names), or
checked again by a constraint or a conditional UPDATE inside the transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain, cycle, islice
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from backend.accounts.models import User
from backend.common.compiled import Compiled, Question, ask
from backend.common.statements import Row, fetch
from inspections.checklists.lifecycle import Published, published_asked
from inspections.evidence.models import Evidence
from inspections.fieldwork.models import Finding, Inspection
from inspections.fieldwork.reading import scored
from inspections.fieldwork.rules.completeness import stall_of as carried_stall
from inspections.records.payload import StallLabel
from inspections.submission.document import Draft
from inspections.submission.rules import MAX_PHOTOS, SELF_CHECK, stall_of
from markets.models import Stall
from markets.queries import PlaceOnDay, StallThen, place_asked, register_asked

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
    ``elsewhere``: ids that are another place's. ``arrived``: whether each photo is here, of
    those that were asked for. ``follows`` and ``supersedes``: None where the place has no such
    visit."""

    day: date
    place: PlaceOnDay | None
    checklist: Published | None
    people: Mapping[str, Any]
    register: Mapping[str, StallThen]
    retired: Mapping[str, Stall]
    elsewhere: frozenset[str]
    arrived: Mapping[str, bool]
    follows: Inspection | None
    supersedes: Inspection | None


def gather(
    document: Draft, *others: Question[Any], photos: Sequence[str] = ()
) -> tuple[Facts, list[Any]]:
    """The facts, with the ``photos`` that may have arrived, and the answers to ``others``.

    One statement on PostgreSQL for everything that the document alone names, and few others
    where it names earlier visits or stalls that are not in the register.
    """
    day = timezone.localdate(document.started_at)
    place, active, checklist, people, arrived, *answers = ask(
        place_asked(document.establishment, day),
        register_asked(document.establishment, document.started_at),
        published_asked(document.checklist),
        _people_asked({member.username for member in document.team if member.username}),
        _arrived_asked(photos[:MAX_PHOTOS]),
        *others,
    )
    register = {str(stall.id): stall for stall in active}
    earlier = _inspections(document, place)
    follows = _followed(earlier.get(document.follows or ""))
    strangers = _strangers(document, register, follows)
    facts = Facts(
        day=day,
        place=place,
        checklist=checklist,
        people=people,
        register=register,
        retired={str(s.pk): s for s in strangers if place and s.establishment_id == place.id},
        elsewhere=frozenset(
            str(s.pk) for s in strangers if not place or s.establishment_id != place.id
        ),
        arrived=arrived,
        follows=follows,
        supersedes=earlier.get(document.supersedes or ""),
    )
    return facts, answers


def labels(document: Draft, facts: Facts) -> dict[str, StallLabel]:
    """How the record names each stall of the place, and each that the visit met."""
    known: Mapping[str, StallThen | Stall] = {**facts.register, **facts.retired}
    named = {key: StallLabel(s.number, s.trader, s.zone) for key, s in known.items()}
    for sheet in document.stalls:
        if sheet.new and sheet.new.id not in named:
            new = sheet.new
            named[new.id] = StallLabel(new.number, new.trader, new.zone, new=True)
    return named


def missing_evidence(
    digests: Collection[str], arrived: Mapping[str, bool] = MappingProxyType({})
) -> list[str]:
    """Those of ``digests`` that have not arrived, in their order; some are known already."""
    [others] = ask(_arrived_asked([digest for digest in digests if digest not in arrived]))
    here = {**arrived, **others}
    return [digest for digest in digests if not here[digest]]


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
    wanted = list(failed)
    bounds = [establishment_id, _a_year_before(day), day, superseded or NOBODY]
    found: dict[tuple[str, str | None], UUID] = {}
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        part = wanted[start : start + ROWS_AT_ONCE]
        for position, finding in _newest(bounds, part):
            if finding is not None:
                found[part[position]] = UUID(str(finding))
    return found


def _newest(bounds: Sequence[Any], failed: Sequence[tuple[str, str | None]]) -> list[Row]:
    """Position in ``failed`` and id.

    ``bounds``: the place, the first and the last day, the visit that does not count.
    """
    adapt = Finding._meta.get_field("stall").get_db_prep_value
    *first, excepted = bounds
    parts, parameters = [], []
    numbered = [(n, item, adapt(stall, connection)) for n, (item, stall) in enumerate(failed)]
    for condition, at_stalls in (("IS NULL", False), ("= named.column3", True)):
        named = [row for row in numbered if (row[2] is not None) == at_stalls]
        if named:
            places = ", ".join(["(%s, %s, %s)"] * len(named))
            parts.append(_NEWEST.format(stall=condition, named=places))
            parameters += [*first, adapt(excepted, connection), *chain.from_iterable(named)]
    return fetch(" UNION ALL ".join(parts), parameters)


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


def _arrived_asked(digests: Collection[str]) -> Question[dict[str, bool]]:
    if not digests:
        return Question([], dict)
    values = _numbered(digests)

    def answer(rows: Sequence[Any]) -> dict[str, bool]:
        return dict.fromkeys(digests, False) | {row.sha256: True for row in rows}

    return Question([(_arrived(len(values)), values)], answer)


def _people_asked(usernames: Collection[str]) -> Question[dict[str, Any]]:
    if not usernames:
        return Question([], dict)
    values = _numbered(usernames)
    return Question(
        [(_named(len(values)), values)], lambda rows: {person.username: person for person in rows}
    )


@cache
def _named(count: int) -> Compiled:
    return Compiled(
        lambda **names: (
            User.objects.filter(username__in=names.values())
            .order_by()
            .values("pk", "username", "full_name", "title")
        ),
        **{f"v{position}": str for position in range(count)},
    )


@cache
def _arrived(count: int) -> Compiled:
    return Compiled(
        lambda **digests: (
            Evidence.objects.filter(pk__in=digests.values()).order_by().values("sha256")
        ),
        **{f"v{position}": str for position in range(count)},
    )


def _numbered(values: Collection[str]) -> dict[str, str]:
    """By name, and repeated up to a power of four: few lengths, so few statements."""
    count = 4
    while count < len(values):
        count *= 4
    filled = islice(cycle(sorted(values)), count)
    return {f"v{position}": value for position, value in enumerate(filled)}


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
