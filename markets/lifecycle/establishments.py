"""Places open, change, take new names, come to lie in other units, and close.

Each function is one transaction with one audit entry. A name or a unit holds from a first day
on; what held before is kept with its last day. A call that changes nothing writes nothing, so
that everything here can be repeated.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.audit import trail
from backend.common.errors import FieldError
from backend.common.printable import check_printable
from backend.common.text import Bilingual
from markets import rules
from markets.errors import (
    EstablishmentClosed,
    EstablishmentExists,
    HoursReversed,
    PeriodOverlaps,
    PeriodReversed,
    PositionIncomplete,
    UnknownUnit,
)
from markets.lifecycle.days import check_day
from markets.lifecycle.differences import agrees, assign
from markets.lifecycle.locks import lock
from markets.lifecycle.telling import record
from markets.models import (
    AdministrativeUnit,
    Establishment,
    EstablishmentName,
    Placement,
    valid_on,
)
from markets.queries import unit_on


@transaction.atomic
def open_establishment(
    code: str,
    kind: str,
    name_vi: str,
    *,
    unit: AdministrativeUnit | None,
    by: trail.Actor | None,
    **particulars: Any,
) -> Establishment:
    """Enter a place under a new code; ``particulars`` are further columns of the model.

    ``unit`` holds from the day on which both exist. Raises EstablishmentExists,
    PeriodReversed, HoursReversed, DayOutOfRange, PositionIncomplete, UnknownUnit,
    CharacterNotSupported.
    """
    check_printable({"name": name_vi, **particulars})
    establishment = Establishment(code=code, kind=kind, name_vi=name_vi, **particulars)
    _check_particulars(establishment)
    try:
        with transaction.atomic():
            establishment.save(force_insert=True)
    except IntegrityError as error:
        detail = Bilingual(f"Mã {code} đã có", f"The code {code} is taken")
        raise EstablishmentExists(
            detail, errors=[FieldError("/code", "establishment_exists", detail)]
        ) from error
    if unit is not None:
        days = [day for day in (establishment.opened_on, unit.valid_from) if day is not None]
        first = max(days, default=None)
        if first is not None:
            check_unit(unit, first)
        # Open-ended even where the unit's end is known: who follows it takes the place over.
        Placement.objects.create(establishment=establishment, unit=unit, valid_from=first)
    data = {"kind": kind, "name": name_vi, "unit": unit.code if unit else None}
    record("establishment.opened", subject(establishment), actor=by, data=data)
    return establishment


@transaction.atomic
def change_establishment(
    establishment: Establishment, values: Mapping[str, Any], *, by: trail.Actor | None
) -> bool:
    """Correct particulars: address, position, market days, dates; False if nothing differs.

    ``closed_on`` set to None opens a closed place again. Raises PeriodReversed, HoursReversed,
    DayOutOfRange, PositionIncomplete, CharacterNotSupported.
    """
    if agrees(establishment, values):
        return False
    lock(establishment)
    changed = assign(establishment, values)
    if not changed:
        return False
    _check_particulars(establishment)
    establishment.save()
    if changed.get("closed_on", [None])[-1]:
        action = "establishment.closed"
    elif "closed_on" in changed:
        action = "establishment.reopened"
    else:
        action = "establishment.changed"
    record(action, subject(establishment), actor=by, data=changed)
    return True


@transaction.atomic
def rename_establishment(
    establishment: Establishment,
    name_vi: str,
    name_en: str,
    *,
    since: date,
    by: trail.Actor | None,
) -> bool:
    """Give a place a new name from the day ``since`` on, and keep the former one.

    A second name for the same first day corrects the one before it. Raises PeriodOverlaps
    where a former name still held on ``since``, DayOutOfRange, EstablishmentClosed,
    CharacterNotSupported.
    """
    if agrees(establishment, {"name_vi": name_vi, "name_en": name_en}):
        return False
    lock(establishment)
    old_vi, old_en = establishment.name_vi, establishment.name_en
    if (old_vi, old_en) == (name_vi, name_en):
        return False
    field = "name_en" if old_vi == name_vi else "name"
    check_open(establishment, field)
    # The column of the name is called otherwise than the field.
    check_printable({"name": name_vi if name_vi != old_vi else ""})
    check_day(since, "valid_from")
    last = establishment.former_names.order_by("-valid_to").first()
    began = rules.day_after(last.valid_to) if last else None
    if began is not None and since < began:
        detail = Bilingual(f"Tên trước có từ {began}", f"A name holds since {began}")
        raise PeriodOverlaps(detail, errors=[FieldError(f"/{field}", "period_overlaps", detail)])
    if since != began:
        EstablishmentName.objects.create(
            establishment=establishment,
            name_vi=old_vi,
            name_en=old_en,
            valid_from=began,
            valid_to=rules.day_before(since),
        )
    changed = assign(establishment, {"name_vi": name_vi, "name_en": name_en})
    establishment.save()
    data = {"since": since.isoformat(), **changed}
    record("establishment.renamed", subject(establishment), actor=by, data=data)
    return True


@transaction.atomic
def move_establishment(
    establishment: Establishment,
    unit: AdministrativeUnit,
    *,
    since: date,
    by: trail.Actor | None,
) -> bool:
    """Let a place lie in ``unit`` from the day ``since`` on; borders move more than markets do.

    Raises UnknownUnit where the unit is not valid on that day, PeriodOverlaps where the place
    came into its present unit only later.
    """
    lock(establishment)
    current = establishment.placements.filter(valid_on(since)).first()
    if current is not None and current.unit_id == unit.pk:
        return False
    check_open(establishment, "unit")
    check_day(since, "valid_from")
    check_unit(unit, since)
    if establishment.placements.filter(valid_from__gt=since).exists():
        detail = Bilingual(
            f"Sau {since} cơ sở thuộc đơn vị khác", f"The place moved again after {since}"
        )
        raise PeriodOverlaps(detail, errors=[FieldError("/unit", "period_overlaps", detail)])
    if current is not None and current.valid_from == since:
        current.unit, current.valid_to = unit, None
        current.save()
    else:
        if current is not None:
            current.valid_to = rules.day_before(since)
            current.save()
        Placement.objects.create(establishment=establishment, unit=unit, valid_from=since)
    data = {"since": since.isoformat(), "unit": unit.code}
    record("establishment.moved", subject(establishment), actor=by, data=data)
    return True


def amend_establishment(
    establishment: Establishment, values: Mapping[str, Any], *, by: trail.Actor | None
) -> bool:
    """Apply a set of changes as a form or a file names them; False if nothing differs.

    ``name``, ``name_en`` and ``unit`` (a row, or the code that it has on that day) hold from
    ``valid_from``, else from today. A place is reopened before and closed after everything
    else. Raises what the single changes raise, and UnknownUnit for an unknown code.
    """
    particulars = dict(values)
    since = particulars.pop("valid_from", None) or timezone.localdate()
    name = particulars.pop("name", establishment.name_vi)
    name_en = particulars.pop("name_en", establishment.name_en)
    unit = particulars.pop("unit", None)
    if unit is None and agrees(establishment, {**particulars, "name_vi": name, "name_en": name_en}):
        return False
    closing = {"closed_on": particulars.pop("closed_on")} if particulars.get("closed_on") else {}
    with transaction.atomic():
        changed = [
            change_establishment(establishment, particulars, by=by),
            rename_establishment(establishment, name, name_en, since=since, by=by),
            unit is not None
            and move_establishment(
                establishment,
                unit if isinstance(unit, AdministrativeUnit) else unit_on(unit, since),
                since=since,
                by=by,
            ),
            change_establishment(establishment, closing, by=by),
        ]
    return any(changed)


def subject(establishment: Establishment) -> str:
    """How the trail names a place."""
    return f"establishment:{establishment.code}"


def check_unit(unit: AdministrativeUnit, day: date) -> None:
    """Raise UnknownUnit where ``unit`` is not valid on ``day``."""
    if not rules.holds(day, unit.valid_from, unit.valid_to):
        detail = Bilingual(f"{unit} không có vào ngày {day}", f"{unit} is not valid on {day}")
        raise UnknownUnit(detail, errors=[FieldError("/unit", "unknown_unit", detail)])


def check_open(establishment: Establishment, field: str = "") -> None:
    """Raise EstablishmentClosed, at ``field``, where nothing new may be entered any more."""
    if establishment.closed_on is None or establishment.closed_on > timezone.localdate():
        return
    since = establishment.closed_on
    detail = Bilingual(f"Đã ngừng hoạt động từ {since}", f"Closed since {since}")
    errors = [FieldError(f"/{field}", "establishment_closed", detail)] if field else []
    raise EstablishmentClosed(detail, errors=errors)


def _check_particulars(establishment: Establishment) -> None:
    for field in ("opened_on", "closed_on", "market_day_anchor"):
        check_day(getattr(establishment, field), field)
    if (establishment.latitude is None) != (establishment.longitude is None):
        field = "latitude" if establishment.latitude is None else "longitude"
        detail = Bilingual("Cần cả vĩ độ và kinh độ", "Both coordinates or none")
        raise PositionIncomplete(
            detail, errors=[FieldError(f"/{field}", "position_incomplete", detail)]
        )
    opens, closes = establishment.opens_at, establishment.closes_at
    if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
        field = "opens_at" if opens is None else "closes_at"
        raise HoursReversed(
            HoursReversed.title,
            errors=[FieldError(f"/{field}", "hours_reversed", HoursReversed.title)],
        )
    opened, closed = establishment.opened_on, establishment.closed_on
    if opened is not None and closed is not None and closed < opened:
        detail = Bilingual("Ngừng trước khi hoạt động", "It closes before it opens")
        raise PeriodReversed(detail, errors=[FieldError("/closed_on", "period_reversed", detail)])
