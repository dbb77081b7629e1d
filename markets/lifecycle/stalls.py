"""Stalls enter the register, change, retire and come back; each state is kept as a version.

Each function is one transaction with one audit entry. The trail names the fields that changed
but not the trader: the versions hold what was written, and can forget a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backend.audit import trail
from backend.common.errors import FieldError
from backend.common.ids import uuid7
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from markets import rules
from markets.errors import StallExists, StallRetired, StallsOnlyInMarkets, UnknownCommodity
from markets.lifecycle.differences import agrees, assign
from markets.lifecycle.establishments import check_open
from markets.lifecycle.locks import lock
from markets.lifecycle.telling import record
from markets.models import Establishment, Stall, StallVersion

FIELDS = ("number", "trader", "commodity", "zone")


@dataclass(frozen=True, slots=True)
class NewStall:
    """A stall to be entered; ``id`` may come from the phone that met it."""

    number: str
    commodity: str
    trader: str = ""
    zone: str = ""
    id: UUID | None = None


@transaction.atomic
def add_stall(establishment: Establishment, new: NewStall, *, by: trail.Actor | None) -> Stall:
    """Enter one stall from now on.

    Raises UnknownCommodity, StallsOnlyInMarkets, EstablishmentClosed, CharacterNotSupported, and
    StallExists where the id is taken.
    """
    check_open(establishment)
    if establishment.kind != Establishment.Kind.MARKET:
        raise StallsOnlyInMarkets
    check_commodity(new.commodity)
    check_printable(asdict(new))
    stalls = enter_stalls(establishment.pk, [new], at=timezone.now())
    if not stalls:
        detail = Bilingual("Mã quầy đã được dùng", "The id is taken")
        raise StallExists(detail, errors=[FieldError("/id", "stall_exists", detail)])
    record_added(establishment.code, stalls, by=by)
    return stalls[0]


def enter_stalls(establishment_id: int, new: Iterable[NewStall], *, at: datetime) -> list[Stall]:
    """Write the rows of those stalls whose id is not known yet, and return these.

    Three statements for as many stalls as a market has, and no audit entry: the caller, inside
    his own transaction, ends with ``record_added``. That a record can show the texts, the door
    has seen to. An id that is known, here or in another market, is left as it is, so that a phone
    may report the same stall with every visit.
    """
    stalls = [
        Stall(
            id=item.id or uuid7(),
            establishment_id=establishment_id,
            number=item.number,
            trader=item.trader,
            commodity=item.commodity,
            zone=item.zone,
            opened_at=at,
        )
        for item in new
    ]
    if not stalls:
        return []
    known = set(
        Stall.objects.filter(pk__in=[row.pk for row in stalls]).values_list("pk", flat=True)
    )
    # In one order everywhere, so that two visits with the same stalls never wait on each other.
    stalls = sorted((row for row in stalls if row.pk not in known), key=lambda row: row.pk)
    # Two visits may report one stall at the same moment; the second finds it written.
    Stall.objects.bulk_create(stalls, ignore_conflicts=True)
    versions = [_version(row, at) for row in stalls]
    StallVersion.objects.bulk_create(versions, ignore_conflicts=True)
    return stalls


def record_added(code: str, stalls: Iterable[Stall], *, by: trail.Actor | None) -> None:
    """One audit entry for all ``stalls`` that entered the register of ``code`` together."""
    ids = [str(row.pk) for row in stalls]
    if len(ids) == 1:
        record("stall.added", f"stall:{ids[0]}", actor=by, data={"establishment": code})
    elif ids:
        record("stalls.added", f"establishment:{code}", actor=by, data={"stalls": ids})


@transaction.atomic
def change_stall(stall: Stall, values: Mapping[str, Any], *, by: trail.Actor | None) -> bool:
    """Change number, trader, commodity or zone from now on; False if nothing differs.

    Raises StallRetired, UnknownCommodity, CharacterNotSupported.
    """
    if agrees(stall, values):
        return False
    lock(stall)
    changed = assign(stall, values)
    if not changed:
        return False
    if not stall.active:
        raise StallRetired
    check_commodity(stall.commodity)
    stall.save()
    now = _end_version(stall)
    _version(stall, now).save()
    _record("stall.changed", stall, by, fields=sorted(changed))
    return True


@transaction.atomic
def retire_stall(stall: Stall, *, by: trail.Actor | None) -> bool:
    """Take a stall out of the register; it and its history stay. False if it is out already."""
    lock(stall)
    if not stall.active:
        return False
    stall.retired_at = _end_version(stall)
    stall.save()
    _record("stall.retired", stall, by)
    return True


@transaction.atomic
def restore_stall(stall: Stall, *, by: trail.Actor | None) -> bool:
    """Bring a retired stall back as it was; False if it is in the register."""
    lock(stall)
    if stall.retired_at is None:
        return False
    check_open(stall.establishment)
    now = max(timezone.now(), stall.retired_at)
    stall.retired_at = None
    stall.save()
    _version(stall, now).save()
    _record("stall.restored", stall, by)
    return True


def check_commodity(commodity: str) -> None:
    """Raise UnknownCommodity for a word that no checklist section asks for."""
    if commodity not in rules.COMMODITIES:
        known = ", ".join(rules.COMMODITIES)
        detail = Bilingual(f"Một trong: {known}", f"One of: {known}")
        raise UnknownCommodity(
            detail, errors=[FieldError("/commodity", "unknown_commodity", detail)]
        )


def _version(stall: Stall, since: datetime) -> StallVersion:
    state = {field: getattr(stall, field) for field in FIELDS}
    return StallVersion(stall=stall, valid_from=since, **state)


def _end_version(stall: Stall) -> datetime:
    """End the present version now, or when it began if the clock was set back since."""
    version = stall.versions.get(valid_to=None)
    version.valid_to = max(timezone.now(), version.valid_from)
    version.save()
    return version.valid_to


def _record(action: str, stall: Stall, by: trail.Actor | None, **data: Any) -> None:
    data = {"establishment": stall.establishment.code, **data}
    record(action, f"stall:{stall.pk}", actor=by, data=data)
