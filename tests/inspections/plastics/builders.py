"""Monthly figures of one supermarket."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from backend.accounts.current import Person
from backend.accounts.models import Role
from inspections.checklists import lifecycle as checklists
from inspections.management.commands.load_checklists import LIBRARY
from inspections.plastics import lifecycle
from inspections.plastics.models import BagReturn
from markets.models import Appointment, Establishment
from tests.inspections.visits import person

CODE = "SIEU-THI"
MONTH = date(2026, 10, 1)


@dataclass
class Store:
    place: Establishment
    manager: Person
    department: Person

    def declare(
        self, pk: uuid.UUID | None = None, /, month: date = MONTH, **changes: Any
    ) -> tuple[BagReturn, bool]:
        given: dict[str, Any] = {
            "figures": {"PM01": Decimal(1200), "PM05": Decimal("5400.5")},
            "source": "declared",
            "by": self.manager,
            **changes,
        }
        return lifecycle.declare(self.place.code, month, pk or uuid.uuid4(), **given)


def a_store() -> Store:
    checklists.ship((LIBRARY / "supermarket_plastic.yaml").read_text(encoding="utf-8"))
    place = Establishment.objects.create(code=CODE, kind="supermarket", name_vi="Siêu thị")
    manager = person("ha.lt", Role.MANAGER)
    Appointment.objects.create(person_id=manager.id, establishment=place, valid_from="2026-01-01")
    return Store(place, manager, person("duc.nm", Role.DEPARTMENT))
