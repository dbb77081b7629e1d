"""A file of establishments; the key is the code. New names and units hold from today on."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.utils import timezone

from backend.audit import trail
from backend.common.text import Bilingual
from markets import queries
from markets.imports.columns import (
    CellError,
    Column,
    Values,
    choice,
    clock,
    code,
    day,
    degrees,
    text,
    whole,
)
from markets.lifecycle import establishments
from markets.lifecycle.locks import lock_all
from markets.lifecycle.telling import Batch
from markets.models import Establishment


class EstablishmentImporter:
    columns = (
        Column("code", "mã", code, required=True),
        Column("kind", "loại", choice(dict(Establishment.Kind.choices)), required=True),
        Column("name", "tên", text(200), required=True),
        Column("name_en", "tên tiếng Anh", text(200), empty=""),
        Column("unit", "đơn vị hành chính", code),
        Column("address", "địa chỉ", text(300), empty=""),
        Column("latitude", "vĩ độ", degrees(90)),
        Column("longitude", "kinh độ", degrees(180)),
        Column("model_market_year", "năm chợ mô hình", whole(1900, 2200)),
        Column("market_day_cycle_days", "chu kỳ phiên chợ", whole(1, 366)),
        Column("market_day_anchor", "một ngày phiên đã biết", day),
        Column("opens_at", "mở cửa lúc", clock),
        Column("closes_at", "đóng cửa lúc", clock),
        Column("opened_on", "hoạt động từ", day),
        Column("closed_on", "ngừng hoạt động từ", day),
    )

    def __init__(self, by: trail.Actor) -> None:
        self.by = Batch(by)
        self.known: dict[str, Any] = {}
        self.steps = (self.enter_or_amend,)

    def begin(self, rows: Sequence[Values]) -> None:
        named = Establishment.objects.filter(code__in=[row["code"] for row in rows])
        lock_all(named)
        self.known = {row.code: row for row in queries.on_day(named, timezone.localdate())}

    def key(self, values: Values) -> Hashable:
        return str(values["code"])

    def knows(self, values: Values) -> bool:
        return values["code"] in self.known

    def rank(self, values: Values) -> Any:
        return values["code"]

    def finish(self) -> None:
        """Every row is done by its step."""

    def tell(self) -> None:
        self.by.tell("establishments.imported", "register:establishments")

    def enter_or_amend(self, values: Values) -> bool:
        particulars = dict(values)
        row = self.known.get(particulars.pop("code"))
        kind = particulars.pop("kind")
        unit = particulars.pop("unit", None)
        if row is None:
            establishments.open_establishment(
                values["code"],
                kind,
                particulars.pop("name"),
                unit=queries.unit_on(unit, timezone.localdate()) if unit else None,
                by=self.by,
                **particulars,
            )
            return True
        if row.kind != kind:
            detail = Bilingual("Không đổi được loại", "The kind is fixed")
            raise CellError("kind_is_fixed", detail, "kind")
        if unit is not None and unit != row.unit_0_code:
            particulars["unit"] = unit
        return establishments.amend_establishment(row, particulars, by=self.by)
