"""What a place was on a day: the look-ups on the path of a submission.

``on_day`` puts the whole answer into the columns of one statement, so that a list of places
costs what one place costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet

from backend.common.compiled import Compiled, Question, ask
from backend.common.errors import FieldError
from backend.common.text import Bilingual
from markets import rules
from markets.errors import UnknownUnit
from markets.models import (
    AdministrativeUnit,
    Authority,
    Establishment,
    Placement,
    StallVersion,
    valid_on,
)

_UNIT_COLUMNS = ("id", "code", "level", "name", "valid_from", "valid_to")
_LEVELS = {
    "unit_0": "placed__unit",
    "unit_1": "placed__unit__parent",
    "unit_2": "placed__unit__parent__parent",
}
_UNITS_OF_PLACEMENT = ("unit", "unit__parent", "unit__parent__parent")


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A province, district or commune under its name of that day."""

    id: int
    code: str
    level: str
    name: str


@dataclass(frozen=True, slots=True)
class AuthorityOnDay:
    """Who is responsible on that day."""

    id: int
    code: str
    name: str
    name_en: str
    parent_name: str
    symbol: str
    place: str


@dataclass(frozen=True, slots=True)
class PlaceOnDay:
    """An establishment under its names, in its units, under its authority of one day.

    ``units`` runs from the commune up to the province and is empty where the place lay in no
    known unit; ``address`` is the street line, if any, and the units.
    """

    id: int
    code: str
    kind: str
    name: str
    name_en: str
    units: tuple[UnitOnDay, ...]
    address: str
    authority: AuthorityOnDay | None
    market_day_cycle_days: int | None
    market_day_anchor: date | None
    closed_on: date | None
    is_sample: bool

    def next_market_day(self, not_before: date) -> date | None:
        """The first market day on or after ``not_before``; None where none is known."""
        if self.market_day_anchor is None or self.market_day_cycle_days is None:
            return None
        return rules.next_market_day(self.market_day_anchor, self.market_day_cycle_days, not_before)


@dataclass(frozen=True, slots=True)
class StallThen:
    """A stall as the register had it at some moment."""

    id: UUID
    number: str
    trader: str
    commodity: str
    zone: str


def place_on(code: str, day: date) -> PlaceOnDay | None:
    """The establishment ``code`` as it was on ``day``."""
    [place] = ask(place_asked(code, day))
    return cast("PlaceOnDay | None", place)


def place_asked(code: str, day: date) -> Question[PlaceOnDay | None]:
    """What ``place_on`` gives, to be asked with other things."""
    values = {"code": code, "day": day}
    return Question(
        [(_place, values), (_authorities_of, values)],
        lambda places, authorities: _as_place(places[0], authorities, day) if places else None,
    )


def register_at(code: str, moment: datetime) -> tuple[StallThen, ...]:
    """The stalls of ``code`` that were active at ``moment``, as they stood then."""
    [register] = ask(register_asked(code, moment))
    return cast("tuple[StallThen, ...]", register)


def register_asked(code: str, moment: datetime) -> Question[tuple[StallThen, ...]]:
    return Question(
        [(_register, {"code": code, "moment": moment})],
        lambda rows: tuple(StallThen(*row) for row in rows),
    )


def _as_place(row: Any, authorities: Sequence[Any], day: date) -> PlaceOnDay:
    units = units_on(row, day)
    return PlaceOnDay(
        id=row.id,
        code=row.code,
        kind=row.kind,
        name=name_on(row),
        name_en=name_en_on(row),
        units=units,
        address=address_on(row, units),
        authority=_nearest(authorities, units),
        market_day_cycle_days=row.market_day_cycle_days,
        market_day_anchor=row.market_day_anchor,
        closed_on=row.closed_on,
        is_sample=row.is_sample,
    )


def on_day(places: QuerySet[Establishment], day: date) -> QuerySet[Establishment]:
    """``places`` with the columns that ``units_on`` and ``name_on`` read."""
    columns: Mapping[str, Any] = {
        f"{prefix}_{column}": F(f"{path}__{column}")
        for prefix, path in _LEVELS.items()
        for column in _UNIT_COLUMNS
    }
    return places.annotate(
        placed=FilteredRelation("placements", condition=valid_on(day, "placements__")),
        named=FilteredRelation("former_names", condition=valid_on(day, "former_names__")),
        former_name=F("named__name_vi"),
        former_name_en=F("named__name_en"),
        **columns,
    )


def units_on(row: Any, day: date) -> tuple[UnitOnDay, ...]:
    """The units of a row of ``on_day``, the smallest first; without those that have ended."""
    return tuple(
        UnitOnDay(
            *(getattr(row, f"{prefix}_{column}") for column in ("id", "code", "level", "name"))
        )
        for prefix in _LEVELS
        if getattr(row, f"{prefix}_id") is not None
        and rules.holds(
            day, getattr(row, f"{prefix}_valid_from"), getattr(row, f"{prefix}_valid_to")
        )
    )


def name_on(row: Any) -> str:
    """The Vietnamese name of a row of ``on_day``."""
    return str(row.name_vi if row.former_name is None else row.former_name)


def name_en_on(row: Any) -> str:
    """The English name of a row of ``on_day``, perhaps empty."""
    return str(row.name_en if row.former_name is None else row.former_name_en)


def address_on(row: Any, units: tuple[UnitOnDay, ...]) -> str:
    """``xã Bằng Thành, tỉnh Thái Nguyên``, after the street line if there is one."""
    return ", ".join(part for part in (row.address, *(unit.name for unit in units)) if part)


def authority_over(units: tuple[UnitOnDay, ...], day: date) -> AuthorityOnDay | None:
    """The authority of the smallest of ``units`` that has one on ``day``."""
    smallest, middle, largest = [*(unit.id for unit in units), 0, 0, 0][:3]
    return _nearest([*_authorities(day=day, a=smallest, b=middle, c=largest)], units)


def _nearest(authorities: Sequence[Any], units: tuple[UnitOnDay, ...]) -> AuthorityOnDay | None:
    order = {unit.id: position for position, unit in enumerate(units)}
    found = [authority for authority in authorities if authority.unit_id in order]
    nearest = min(found, key=lambda row: (order[row.unit_id], row.code), default=None)
    return AuthorityOnDay(*nearest[1:]) if nearest else None


def unit_on(code: str, day: date) -> AdministrativeUnit:
    """The unit that has ``code`` on ``day``. Raises UnknownUnit."""
    unit = AdministrativeUnit.objects.filter(valid_on(day), code=code).first()
    if unit is None:
        detail = Bilingual(f"Không có {code} vào ngày {day}", f"There is no {code} on {day}")
        raise UnknownUnit(detail, errors=[FieldError("/unit", "unknown_unit", detail)])
    return unit


def within(code: str, day: date) -> Q:
    """Establishments that lay on ``day`` in the unit ``code`` of that day, or in a part of it."""
    unit = Q()
    for path in _LEVELS.values():
        unit |= Q(**{f"{path}__code": code}) & valid_on(day, f"{path}__")
    return unit


def within_area(code: str, day: date) -> Q:
    """Establishments that lay on ``day`` in the reporting area ``code``: in one of its units, or
    in one whose successor is of it (an area lists the units of today).
    """
    unit = Q()
    for path in _LEVELS.values():
        of_area = Q(**{f"{path}__reporting_area": code})
        of_area |= Q(**{f"{path}__replaced_by__reporting_area": code})
        unit |= of_area & valid_on(day, f"{path}__")
    return unit


_place = Compiled(
    lambda code, day: on_day(Establishment.objects.filter(code=code), day).values(
        "id", "code", "kind", "name_vi", "name_en", "address", "market_day_cycle_days",
        "market_day_anchor", "closed_on", "is_sample", "former_name", "former_name_en",
        *(f"{prefix}_{column}" for prefix in _LEVELS for column in _UNIT_COLUMNS),
    ),
    code=str,
    day=date,
)  # fmt: skip
_AUTHORITY_COLUMNS = (
    "unit_id", "id", "code", "name", "name_en", "parent_name", "symbol", "place",
)  # fmt: skip


def _authorities_placed(code: str, day: date) -> QuerySet[Any, Any]:
    """Those of all units in which the place lies."""
    placed = Placement.objects.filter(valid_on(day), establishment__code=code)
    units = Q()
    for path in _UNITS_OF_PLACEMENT:
        units |= Q(unit__in=placed.values(path))
    found: QuerySet[Any, Any] = Authority.objects.filter(valid_on(day), units).order_by()
    return found.values(*_AUTHORITY_COLUMNS)


_authorities_of = Compiled(_authorities_placed, code=str, day=date)
_authorities = Compiled(
    lambda day, a, b, c: (
        Authority.objects.filter(valid_on(day), unit__in=(a, b, c))
        .order_by()
        .values(*_AUTHORITY_COLUMNS)
    ),
    day=date,
    a=int,
    b=int,
    c=int,
)
_register = Compiled(
    lambda code, moment: (
        StallVersion.objects.at(moment)
        .filter(stall__establishment__code=code)
        .order_by("number", "stall_id")
        .values("stall_id", "number", "trader", "commodity", "zone")
    ),
    code=str,
    moment=datetime,
)
