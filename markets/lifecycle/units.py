"""Administrative units and authorities begin and end; nothing about them is overwritten.

A code may be used again for another unit later, so a unit is (code, first day). Ending one with
a successor carries on what hung on it. Each function is one transaction with one audit entry.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from backend.audit import trail
from backend.common.errors import FieldError
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from markets import rules
from markets.errors import (
    AuthorityEnded,
    AuthorityExists,
    ParentLevelWrong,
    UnitEnded,
    UnitExists,
    UnitNotEnded,
)
from markets.lifecycle.days import check_days
from markets.lifecycle.differences import agrees, assign
from markets.lifecycle.establishments import check_unit
from markets.lifecycle.locks import lock, lock_all, lock_new_units
from markets.lifecycle.telling import record
from markets.models import (
    AdministrativeUnit,
    Authority,
    Establishment,
    Placement,
    ReportingArea,
)


@transaction.atomic
def create_reporting_area(
    code: str, name_vi: str, *, name_en: str, note: str, by: trail.Actor | None
) -> ReportingArea:
    """Enter a list of communes of which figures speak; the communes name it."""
    area = ReportingArea.objects.create(code=code, name_vi=name_vi, name_en=name_en, note=note)
    record("area.created", f"area:{code}", actor=by, data={"name": name_vi})
    return area


@transaction.atomic
def create_unit(
    code: str,
    level: str,
    name: str,
    *,
    parent: AdministrativeUnit | None,
    by: trail.Actor | None,
    **particulars: Any,
) -> AdministrativeUnit:
    """Enter a unit; ``particulars`` are further columns of the model.

    Raises ParentLevelWrong, DayOutOfRange, PeriodReversed, CharacterNotSupported, and UnitExists
    where the code has a unit on some of the days.
    """
    check_printable({"name": name})
    unit = AdministrativeUnit(code=code, level=level, name=name, parent=parent, **particulars)
    _check_parent(unit)
    check_days(unit.valid_from, unit.valid_to)
    lock_new_units()
    same_code = AdministrativeUnit.objects.filter(code=code)
    if any(
        rules.overlap(unit.valid_from, unit.valid_to, row.valid_from, row.valid_to)
        for row in same_code
    ):
        raise _unit_exists(code)
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        raise _unit_exists(code) from error
    data = {"name": name, "level": level, "parent": parent.code if parent else None}
    record("unit.created", unit_subject(unit), actor=by, data=data)
    return unit


@transaction.atomic
def change_unit(
    unit: AdministrativeUnit, values: Mapping[str, Any], *, by: trail.Actor | None
) -> bool:
    """Correct name, parent or reporting area; False if nothing differs.

    For what was written wrongly: a unit that really took another name is ended and followed by
    a new one. Raises ParentLevelWrong, CharacterNotSupported.
    """
    if agrees(unit, values):
        return False
    lock(unit)
    changed = assign(unit, values)
    if not changed:
        return False
    _check_parent(unit)
    unit.save()
    record("unit.changed", unit_subject(unit), actor=by, data=changed)
    return True


@transaction.atomic
def end_unit(
    unit: AdministrativeUnit, *, valid_to: date, by: trail.Actor | None
) -> AdministrativeUnit:
    """Set the last day of a unit. Raises DayOutOfRange, PeriodReversed, UnitEnded."""
    lock(unit)
    if unit.valid_to is not None:
        raise UnitEnded
    check_days(unit.valid_from, valid_to)
    unit.valid_to = valid_to
    unit.save()
    data = {"valid_to": valid_to.isoformat()}
    record("unit.ended", unit_subject(unit), actor=by, data=data)
    return unit


@transaction.atomic
def replace_unit(
    unit: AdministrativeUnit, successor: AdministrativeUnit, *, by: trail.Actor | None
) -> bool:
    """Name the successor of an ended unit; the places in it lie there from the next day on.

    False if that is so already. Raises UnitNotEnded, and UnknownUnit where the successor is not
    valid on the day after the end.
    """
    lock(unit)
    if unit.replaced_by_id == successor.pk:
        return False
    if unit.valid_to is None:
        raise UnitNotEnded
    since = rules.day_after(unit.valid_to)
    check_unit(successor, since)
    moved = _carry_on(unit, successor, since)
    unit.replaced_by = successor
    unit.save()
    data = {"replaced_by": unit_subject(successor), "moved": moved}
    record("unit.replaced", unit_subject(unit), actor=by, data=data)
    return True


@transaction.atomic
def create_authority(
    code: str, name: str, *, unit: AdministrativeUnit, by: trail.Actor | None, **particulars: Any
) -> Authority:
    """Enter who inspects in ``unit``; ``particulars`` are further columns of the model.

    Raises DayOutOfRange, PeriodReversed, CharacterNotSupported, and AuthorityExists where the
    code is taken or the unit has another authority on some of the days: a record must name
    exactly one.
    """
    check_printable({"name": name, **particulars})
    authority = Authority(code=code, name=name, unit=unit, **particulars)
    check_days(authority.valid_from, authority.valid_to)
    lock_all(AdministrativeUnit.objects.filter(pk=unit.pk))
    others = Authority.objects.filter(unit=unit)
    if any(
        rules.overlap(authority.valid_from, authority.valid_to, row.valid_from, row.valid_to)
        for row in others
    ):
        raise AuthorityExists
    try:
        with transaction.atomic():
            authority.save(force_insert=True)
    except IntegrityError as error:
        raise AuthorityExists from error
    data = {"name": name, "unit": unit_subject(unit)}
    record("authority.created", f"authority:{code}", actor=by, data=data)
    return authority


@transaction.atomic
def change_authority(
    authority: Authority, values: Mapping[str, Any], *, by: trail.Actor | None
) -> bool:
    """Correct names, symbol or place; False if nothing differs. Raises CharacterNotSupported."""
    lock(authority)
    changed = assign(authority, values)
    if not changed:
        return False
    authority.save()
    record("authority.changed", f"authority:{authority.code}", actor=by, data=changed)
    return True


@transaction.atomic
def end_authority(
    authority: Authority, *, valid_to: date, successor: Authority | None, by: trail.Actor | None
) -> Authority:
    """Set the last day of an authority. Raises DayOutOfRange, PeriodReversed, AuthorityEnded."""
    lock(authority)
    if authority.valid_to is not None:
        raise AuthorityEnded
    check_days(authority.valid_from, valid_to)
    authority.valid_to, authority.successor = valid_to, successor
    authority.save()
    data = {
        "valid_to": valid_to.isoformat(),
        "successor": f"authority:{successor.code}" if successor else None,
    }
    record("authority.ended", f"authority:{authority.code}", actor=by, data=data)
    return authority


def unit_subject(unit: AdministrativeUnit) -> str:
    """How the trail names a unit: its code alone may mean several."""
    return f"unit:{unit.code}@{unit.valid_from.isoformat() if unit.valid_from else ''}"


def _carry_on(unit: AdministrativeUnit, successor: AdministrativeUnit, since: date) -> list[str]:
    """Move the places of ``unit`` and return their codes."""
    present = unit.placement_set.filter(valid_to=None)
    lock_all(Establishment.objects.filter(pk__in=present.values("establishment")))
    codes = []
    for placement in present.select_related("establishment").order_by("establishment"):
        codes.append(placement.establishment.code)
        if placement.valid_from is not None and placement.valid_from >= since:
            placement.unit = successor
            placement.save()
            continue
        placement.valid_to = rules.day_before(since)
        placement.save()
        Placement.objects.create(
            establishment=placement.establishment, unit=successor, valid_from=since
        )
    return codes


def _check_parent(unit: AdministrativeUnit) -> None:
    fits = (
        unit.level == AdministrativeUnit.Level.PROVINCE
        if unit.parent is None
        else rules.may_contain(unit.parent.level, unit.level)
    )
    if not fits:
        detail = Bilingual(
            "Xã thuộc huyện hoặc tỉnh, huyện thuộc tỉnh, tỉnh đứng đầu",
            "A commune lies in a district or province, a district in a province",
        )
        raise ParentLevelWrong(detail, errors=[FieldError("/parent", "parent_level_wrong", detail)])


def _unit_exists(code: str) -> UnitExists:
    detail = Bilingual(
        f"Mã {code} đã được dùng trong thời gian này", f"The code {code} is in use on some days"
    )
    return UnitExists(detail, errors=[FieldError("/code", "unit_exists", detail)])
