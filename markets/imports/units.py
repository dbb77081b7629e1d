"""A file of administrative units: the key is the code with the first day.

One file may end units, bring in the new ones and tell which follows which, in any order of
rows: first the old ones end, then the new ones begin, then they are tied together.
"""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from backend.audit import trail
from backend.common.errors import FieldError
from backend.common.text import Bilingual
from markets import rules
from markets.errors import UnitEnded, UnitNotEnded, UnknownUnit
from markets.imports.columns import CellError, Column, Values, choice, code, day, text
from markets.lifecycle import units
from markets.lifecycle.locks import lock_all
from markets.lifecycle.telling import Batch
from markets.models import AdministrativeUnit, Establishment, Placement, ReportingArea

_LEVELS = list(AdministrativeUnit.Level.values)


class UnitImporter:
    columns = (
        Column("code", "mã", code, required=True),
        Column("level", "cấp", choice(dict(AdministrativeUnit.Level.choices)), required=True),
        Column("name", "tên", text(200), required=True),
        Column("parent", "thuộc", code),
        Column("valid_from", "từ ngày", day),
        Column("valid_to", "đến ngày", day),
        Column("replaced_by", "thay thế bởi", code),
        Column("reporting_area", "địa bàn báo cáo", code),
    )

    def __init__(self, by: trail.Actor) -> None:
        self.by = Batch(by)
        self.known: dict[tuple[str, date | None], AdministrativeUnit] = {}
        self.before: set[Hashable] = set()
        self.areas = set(ReportingArea.objects.values_list("code", flat=True))
        self.steps = (self.end, self.enter_or_change, self.tie)

    def begin(self, rows: Sequence[Values]) -> None:
        lock_all(AdministrativeUnit.objects.filter(code__in=[row["code"] for row in rows]))
        followed = [row["code"] for row in rows if row.get("replaced_by")]
        carried_on = Placement.objects.filter(unit__code__in=followed, valid_to=None)
        lock_all(Establishment.objects.filter(pk__in=carried_on.values("establishment")))
        self.known = {
            (row.code, row.valid_from): row
            for row in AdministrativeUnit.objects.select_related("parent")
        }
        self.before = set(self.known)

    def key(self, values: Values) -> Hashable:
        return values["code"], values.get("valid_from")

    def knows(self, values: Values) -> bool:
        return self.key(values) in self.before

    def rank(self, values: Values) -> Any:
        return _LEVELS.index(values["level"]), values["code"]

    def finish(self) -> None:
        """Every row is done by its steps."""

    def tell(self) -> None:
        self.by.tell("units.imported", "register:units")

    def end(self, values: Values) -> bool:
        row = self._row(values)
        last = values.get("valid_to")
        if row is None or "valid_to" not in values or last == row.valid_to:
            return False
        if last is None or row.valid_to is not None:
            raise CellError(UnitEnded.code, UnitEnded.title, "valid_to")
        units.end_unit(row, valid_to=last, by=self.by)
        return True

    def enter_or_change(self, values: Values) -> bool:
        row = self._row(values)
        particulars: dict[str, Any] = {"name": values["name"]}
        if "parent" in values:
            particulars["parent"] = self._parent(values)
        if "reporting_area" in values:
            particulars["reporting_area_id"] = self._area(values["reporting_area"])
        if row is not None:
            if row.level != values["level"]:
                detail = Bilingual("Không đổi được cấp", "The level is fixed")
                raise CellError("level_is_fixed", detail, "level")
            return units.change_unit(row, particulars, by=self.by)
        self.known[values["code"], values.get("valid_from")] = units.create_unit(
            values["code"],
            values["level"],
            parent=particulars.pop("parent", None),
            valid_from=values.get("valid_from"),
            valid_to=values.get("valid_to"),
            by=self.by,
            **particulars,
        )
        return True

    def tie(self, values: Values) -> bool:
        row, successor = self._row(values), values.get("replaced_by")
        if row is None or successor is None:
            return False
        if row.valid_to is None:
            raise CellError(UnitNotEnded.code, UnitNotEnded.title, "replaced_by")
        following = self._find(successor, rules.day_after(row.valid_to), "replaced_by")
        return units.replace_unit(row, following, by=self.by)

    def _row(self, values: Values) -> AdministrativeUnit | None:
        return self.known.get((values["code"], values.get("valid_from")))

    def _parent(self, values: Values) -> AdministrativeUnit | None:
        if values["parent"] is None:
            return None
        some_day = values.get("valid_from") or values.get("valid_to") or timezone.localdate()
        return self._find(values["parent"], some_day, "parent")

    def _find(self, wanted: str, on: date, column: str) -> AdministrativeUnit:
        for (known, _), row in self.known.items():
            if known == wanted and rules.holds(on, row.valid_from, row.valid_to):
                return row
        detail = Bilingual(f"Không có {wanted} vào ngày {on}", f"There is no {wanted} on {on}")
        raise UnknownUnit(detail, errors=[FieldError(f"/{column}", "unknown_unit", detail)])

    def _area(self, wanted: str | None) -> str | None:
        if wanted is not None and wanted not in self.areas:
            detail = Bilingual(f"Không có địa bàn {wanted}", f"There is no area {wanted}")
            raise CellError("unknown_reporting_area", detail, "reporting_area")
        return wanted
