"""A file of the stalls of one market.

The key is the id where the file has one, else zone and number among the stalls in use. Stalls
that the file does not name stay as they are.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

from django.utils import timezone

from backend.audit import trail
from backend.common.text import Bilingual
from markets.errors import StallRetired, StallsOnlyInMarkets
from markets.imports.columns import CellError, Column, Values, choice, text, uuid
from markets.lifecycle import stalls
from markets.lifecycle.establishments import check_open, subject
from markets.lifecycle.locks import lock_all
from markets.lifecycle.telling import Batch
from markets.models import Establishment, Stall
from markets.rules import COMMODITIES


class StallImporter:
    columns = (
        Column("id", "mã quầy", uuid),
        Column("number", "số quầy", text(20), required=True),
        Column("trader", "người kinh doanh", text(150), empty=""),
        Column(
            "commodity",
            "nhóm hàng",
            choice({key: name.vi for key, name in COMMODITIES.items()}),
            required=True,
        ),
        Column("zone", "khu", text(50), empty=""),
    )

    def __init__(self, establishment: Establishment, by: trail.Actor) -> None:
        check_open(establishment)
        if establishment.kind != Establishment.Kind.MARKET:
            raise StallsOnlyInMarkets
        self.establishment = establishment
        self.by = Batch(by)
        self.new: list[stalls.NewStall] = []
        self.steps = (self.enter_or_change,)
        self.by_id: dict[Any, Stall] = {}
        self.by_place: dict[tuple[str, str], list[Stall]] = defaultdict(list)

    def begin(self, rows: Sequence[Values]) -> None:
        lock_all(self.establishment.stalls.all())
        for row in self.establishment.stalls.all():
            self.by_id[row.pk] = row
            if row.active:
                self.by_place[row.zone, row.number].append(row)

    def key(self, values: Values) -> Hashable:
        """One stall may be meant by its id in a row, by zone and number in another."""
        identifier: Hashable = values.get("id")
        if identifier:
            return identifier
        found = self._at(values)
        return found[0].pk if len(found) == 1 else (values.get("zone", ""), values["number"])

    def knows(self, values: Values) -> bool:
        if values.get("id"):
            return values["id"] in self.by_id
        return bool(self._at(values))

    def rank(self, values: Values) -> Any:
        return values["number"]

    def finish(self) -> None:
        """New stalls enter together, in three statements."""
        for row in stalls.enter_stalls(self.establishment.pk, self.new, at=timezone.now()):
            stalls.record_added(self.establishment.code, [row], by=self.by)

    def tell(self) -> None:
        self.by.tell("stalls.imported", subject(self.establishment))

    def enter_or_change(self, values: Values) -> bool:
        row = self._row(values)
        if row is None:
            self.new.append(stalls.NewStall(**values))
            return True
        changes = {name: value for name, value in values.items() if name != "id"}
        try:
            return stalls.change_stall(row, changes, by=self.by)
        except StallRetired as error:
            raise CellError(error.code, error.title, "id") from error

    def _row(self, values: Values) -> Stall | None:
        """The stall that the row speaks of. Raises CellError where that is not clear."""
        if values.get("id"):
            row = self.by_id.get(values["id"])
            if row is None and Stall.objects.filter(pk=values["id"]).exists():
                detail = Bilingual("Mã quầy thuộc chợ khác", "The id is of another market")
                raise CellError("stall_exists", detail, "id")
            return row
        found = self._at(values)
        if len(found) > 1:
            detail = Bilingual(
                "Nhiều quầy cùng khu và số, cần cột id", "Several stalls here: give the id"
            )
            raise CellError("stall_ambiguous", detail, "number")
        return found[0] if found else None

    def _at(self, values: Values) -> list[Stall]:
        return self.by_place.get((values.get("zone", ""), values["number"]), [])
