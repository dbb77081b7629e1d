"""How monthly figures arrive: each return is kept, the last of a month counts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit import trail
from backend.common import rows
from backend.common.errors import NotFound, PermissionDenied
from backend.common.printable import check_printable
from inspections.fieldwork.errors import IdTaken
from inspections.fieldwork.lifecycle import manages
from inspections.plastics import errors, measures
from inspections.plastics.models import BagReturn
from markets.lifecycle.locks import lock
from markets.models import Establishment


def declare(
    establishment: str,
    month: date,
    return_id: UUID,
    *,
    figures: Mapping[str, Decimal],
    source: str,
    note: str = "",
    by: Person,
) -> tuple[BagReturn, bool]:
    """Take the figures of the month that begins on ``month``; the flag: was it the first return.

    ``establishment`` is a code, ``figures`` go by code of a measure. Safe to repeat: what was
    taken under ``return_id`` before is given again, even where another return has replaced it
    since. Raises NotFound, PermissionDenied, IdTaken, BagReturnsOnlyOfStores, MonthNotBegun,
    SourceNotYours, MeasuresInvalid, CharacterNotSupported.
    """
    place = Establishment.objects.filter(code=establishment).first()
    if place is None:
        raise NotFound
    if by.role != Role.DEPARTMENT and not (by.role == Role.MANAGER and manages(by, place.pk)):
        raise PermissionDenied
    given = BagReturn(
        id=return_id,
        establishment=place,
        month=month,
        measures=measures.normal(figures),
        source=source,
        note=note,
        by_id=by.id,
    )
    if known := _known(given):
        return known, False
    _check(given, by)
    try:
        with transaction.atomic():
            # Returns of one place take turns: each replaces the one before it.
            lock(place)
            if known := _known(given):
                return known, False
            return given, _keep(given, by)
    except IntegrityError as error:
        # The id was given to another place at the same moment.
        raise IdTaken from error


def _known(given: BagReturn) -> BagReturn | None:
    """What lies under the id. Raises IdTaken where it is not this return."""
    known = BagReturn.objects.filter(pk=given.pk).select_related("establishment", "by").first()
    fields = ("establishment_id", "month", "measures", "source", "note")
    if known and any(getattr(known, field) != getattr(given, field) for field in fields):
        raise IdTaken
    return known


def _check(given: BagReturn, by: Person) -> None:
    if given.establishment.kind == Establishment.Kind.MARKET:
        raise errors.BagReturnsOnlyOfStores
    if given.month > timezone.localdate():
        raise errors.MonthNotBegun
    if given.source == BagReturn.Source.INSPECTED and by.role != Role.DEPARTMENT:
        raise errors.SourceNotYours
    if faults := list(measures.faults(given.measures)):
        raise errors.MeasuresInvalid(faults)
    check_printable({"note": given.note})


def _keep(given: BagReturn, by: Person) -> bool:
    """Let ``given`` count from now on; whether there was none before it."""
    given.at = timezone.now()
    month = BagReturn.objects.filter(establishment=given.establishment_id, month=given.month)
    replaced = month.current().update(replaced_at=given.at)
    rows.insert([given])
    trail.record(
        "bag_return.replaced" if replaced else "bag_return.declared",
        f"bag_return:{given.pk}",
        actor=by,
        data={
            "establishment": given.establishment.code,
            "month": f"{given.month:%Y-%m}",
            "measures": given.measures,
            "source": given.source,
        },
    )
    return not replaced


@transaction.atomic
def confirm(establishment: str, month: date, return_id: UUID, *, by: Person) -> BagReturn:
    """The department has looked at this return and takes it. Safe to repeat: the first one counts.

    Raises NotFound, ReturnReplaced.
    """
    place = Establishment.objects.filter(code=establishment).first()
    if place is None:
        raise NotFound
    lock(place)
    row = BagReturn.objects.filter(pk=return_id, establishment=place, month=month).first()
    if row is None:
        raise NotFound
    if row.replaced_at is not None:
        raise errors.ReturnReplaced
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by_id = timezone.now(), by.id
        row.save(update_fields=["confirmed_at", "confirmed_by"])
        data = {"establishment": place.code, "month": f"{month:%Y-%m}"}
        trail.record("bag_return.confirmed", f"bag_return:{row.pk}", actor=by, data=data)
    return row
