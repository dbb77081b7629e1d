"""What a submission is checked against: one read of everything, before the transaction.

All of it is either frozen (published checklists), copied into the record anyway (names), or
checked again by a constraint or a conditional UPDATE inside the transaction.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from backend.accounts.models import User
from inspections.checklists.lifecycle import Published, published
from inspections.evidence.models import Evidence
from inspections.fieldwork.models import Finding, Inspection
from inspections.records.payload import StallLabel
from inspections.submission.document import Draft
from inspections.submission.rules import stall_of
from markets.models import Stall
from markets.queries import PlaceOnDay, StallThen, place_on, register_at


@dataclass(frozen=True, slots=True)
class Facts:
    """``people``: by user name. ``register``: the stalls active when the visit began, by id;
    ``retired``: those of the place that were not, but are named; ``elsewhere``: ids that are
    another place's. ``follows`` and ``supersedes``: None where the place has no such visit."""

    day: date
    place: PlaceOnDay | None
    checklist: Published | None
    people: Mapping[str, User]
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
    strangers = _strangers(document, register)
    others = _inspections(document, place)
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
        follows=others.get(document.follows or ""),
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
    here = set(Evidence.objects.filter(pk__in=digests).values_list("pk", flat=True))
    return [digest for digest in digests if digest not in here]


def earlier_findings(
    establishment_id: int, items: Collection[str], day: date
) -> dict[tuple[str, str | None], Finding]:
    """The newest finding of each (item, stall) at the place within the 12 months before ``day``.

    Findings of voided and superseded visits do not count, nor does what is found on the same
    visit. Source: product contract, section 5.
    """
    rows = Finding.objects.filter(
        establishment_id=establishment_id,
        item__in=items,
        found_on__range=(_a_year_before(day), day),
        inspection__status__in=(Inspection.Status.SUBMITTED, Inspection.Status.ISSUED),
    ).exclude(inspection__kind=Inspection.Kind.SELF_CHECK)
    newest_last = rows.order_by("found_on", "pk")
    return {(f.item, str(f.stall_id) if f.stall_id else None): f for f in newest_last}


def _strangers(document: Draft, register: Mapping[str, StallThen]) -> list[Stall]:
    named = {stall_of(sheet)[1] for sheet in document.stalls}
    named |= {sample.stall for sample in document.samples if sample.stall}
    unknown = [stall for stall in named if stall not in register]
    return list(Stall.objects.filter(pk__in=unknown)) if unknown else []


def _inspections(document: Draft, place: PlaceOnDay | None) -> dict[str, Inspection]:
    named = [id_ for id_ in (document.follows, document.supersedes) if id_]
    if not named or place is None:
        return {}
    rows = Inspection.objects.filter(pk__in=named, establishment_id=place.id)
    submitted = rows.exclude(status=Inspection.Status.DRAFT).select_related("record")
    return {str(row.pk): row for row in submitted}


def _people(usernames: Collection[str]) -> dict[str, User]:
    rows = User.objects.filter(username__in=usernames)
    return {user.username: user for user in rows.only("id", "username", "full_name", "title")}


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
