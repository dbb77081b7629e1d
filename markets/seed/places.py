"""The places that ship with the product, from ``places.yaml``.

Only what is missing is created: what the department has changed since stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from markets.lifecycle import establishments, units
from markets.models import AdministrativeUnit, Authority, Establishment, ReportingArea
from markets.rules import holds

PATH = Path(__file__).with_name("places.yaml")
_LEVELS = list(AdministrativeUnit.Level.values)

Entry = Mapping[str, Any]


@dataclass
class _Register:
    """What is in the database already, read in four statements."""

    areas: set[str]
    authorities: dict[str, Authority]
    establishments: set[str]
    units: dict[tuple[str, date | None], AdministrativeUnit]
    created: int = field(default=0)

    @classmethod
    def read(cls) -> "_Register":
        return cls(
            areas=set(ReportingArea.objects.values_list("code", flat=True)),
            authorities={row.code: row for row in Authority.objects.all()},
            establishments=set(Establishment.objects.values_list("code", flat=True)),
            units={(row.code, row.valid_from): row for row in AdministrativeUnit.objects.all()},
        )

    def unit(self, code: str, day: date) -> AdministrativeUnit:
        """The unit that had ``code`` on ``day``."""
        return next(
            row
            for (row_code, _), row in self.units.items()
            if row_code == code and holds(day, row.valid_from, row.valid_to)
        )


@transaction.atomic
def load(path: Path = PATH) -> int:
    """Create what is missing and return how many rows that were; 0 means nothing was written."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    register = _Register.read()
    _load_areas(register, content.get("reporting_areas", ()))
    _load_units(register, content.get("administrative_units", ()))
    _load_authorities(register, content.get("authorities", ()))
    _load_establishments(register, content.get("establishments", ()))
    return register.created


def _load_areas(register: _Register, entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry["code"] not in register.areas:
            units.create_reporting_area(
                entry["code"],
                entry["vi"],
                name_en=entry.get("en", ""),
                note=entry.get("note", ""),
                by=None,
            )
            register.created += 1


def _load_units(register: _Register, entries: Iterable[Entry]) -> None:
    """Parents before children, successors before those whom they replace."""

    def rank(entry: Entry) -> tuple[int, bool]:
        return _LEVELS.index(entry["level"]), "replaced_by" in entry

    for entry in sorted(entries, key=rank):
        first, last = _day(entry, "valid_from"), _day(entry, "valid_to")
        if (entry["code"], first) in register.units:
            continue
        follows = entry.get("replaced_by")
        register.units[entry["code"], first] = units.create_unit(
            entry["code"],
            entry["level"],
            entry["vi"],
            parent=register.unit(entry["parent"], _some_day(entry)) if "parent" in entry else None,
            valid_from=first,
            valid_to=last,
            replaced_by=register.units[follows["code"], _day(follows, "valid_from")]
            if follows
            else None,
            reporting_area_id=entry.get("reporting_area"),
            source_status=entry["status"],
            by=None,
        )
        register.created += 1


def _load_authorities(register: _Register, entries: Iterable[Entry]) -> None:
    for entry in sorted(entries, key=lambda item: "successor" in item):
        if entry["code"] in register.authorities:
            continue
        follows = entry.get("successor")
        register.authorities[entry["code"]] = units.create_authority(
            entry["code"],
            entry["vi"],
            unit=register.unit(entry["unit"], _some_day(entry)),
            name_en=entry["en"],
            parent_name=entry["parent_vi"],
            symbol=entry["symbol"],
            place=entry["place_vi"],
            valid_from=_day(entry, "valid_from"),
            valid_to=_day(entry, "valid_to"),
            successor=register.authorities[follows] if follows else None,
            source_status=entry["status"],
            by=None,
        )
        register.created += 1


def _load_establishments(register: _Register, entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry["code"] in register.establishments:
            continue
        first, *later = entry["units"]
        establishment = establishments.open_establishment(
            entry["code"],
            entry["kind"],
            entry["vi"],
            unit=register.unit(first["code"], _some_day(first)),
            name_en=entry["en"],
            address=entry.get("address", ""),
            model_market_year=entry.get("model_market_year"),
            market_day_cycle_days=entry.get("market_day_cycle_days"),
            is_sample=entry.get("sample", False),
            source_status=entry["status"],
            by=None,
        )
        for placement in later:
            since = date.fromisoformat(placement["valid_from"])
            establishments.move_establishment(
                establishment, register.unit(placement["code"], since), since=since, by=None
            )
        register.created += 1


def _day(entry: Entry, key: str) -> date | None:
    return date.fromisoformat(entry[key]) if key in entry else None


def _some_day(entry: Entry) -> date:
    """A day on which the entry holds, to look up what it names."""
    return _day(entry, "valid_from") or _day(entry, "valid_to") or timezone.localdate()
