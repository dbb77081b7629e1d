"""A seeded province and an inspector who submits in process, without HTTP."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backend.accounts.current import Person
from backend.accounts.models import Role, User
from inspections.checklists import lifecycle as checklists
from inspections.checklists.definition import Checklist
from inspections.demo.document import document
from inspections.fieldwork.models import Inspection
from inspections.management.commands.load_checklists import LIBRARY
from inspections.submission import lifecycle
from inspections.submission.lifecycle import Outcome
from markets.lifecycle.stalls import NewStall, enter_stalls
from markets.models import Appointment, Establishment
from markets.seed import places

STALLS = (("01", "animal_products"), ("02", "seafood"), ("03", "produce"))


def photo(code: str) -> str:
    """A digest of a photo of one item; the bytes never come in these tests."""
    return uuid.uuid5(uuid.NAMESPACE_OID, code).hex * 2


@dataclass
class Visits:
    """Makes documents of chợ Bộc Bố and sends them."""

    market: Establishment
    stalls: list[dict[str, str]]
    inspector: Person
    manager: Person
    checklist: Checklist

    def document(self, **changes: Any) -> dict[str, Any]:
        given: dict[str, Any] = {
            "establishment": "BOC-BO",
            "inspector": self.inspector.username,
            "stalls": self.stalls,
            "photo": photo,
            **changes,
        }
        return document(str(uuid.uuid4()), self.checklist, **given)

    def submit(self, by: Person | None = None, /, **changes: Any) -> Inspection:
        sent = self.document(**changes)
        self.send(sent, by)
        return Inspection.objects.get(pk=sent["id"])

    def send(self, tree: dict[str, Any], by: Person | None = None) -> Outcome:
        return lifecycle.submit(uuid.UUID(tree["id"]), tree, by=by or self.inspector)


def person(username: str, role: Role) -> Person:
    user = User.objects.create_user(username, full_name=f"Người {username}", role=role)
    return Person(user.pk, user.username, role.value, uuid.uuid4())


def a_province() -> Visits:
    """Places and checklists as shipped, three stalls, an inspector and the market's manager."""
    places.load()
    for path in sorted(LIBRARY.glob("*.yaml")):
        checklists.ship(path.read_text(encoding="utf-8"))
    market = Establishment.objects.get(code="BOC-BO")
    rows = enter_stalls(
        market.pk,
        [NewStall(number=number, commodity=commodity) for number, commodity in STALLS],
        at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    rows.sort(key=lambda row: row.number)
    manager = person("mai.tt", Role.MANAGER)
    Appointment.objects.create(person_id=manager.id, establishment=market, valid_from="2026-01-01")
    checklist = checklists.published("MARKET-FS@1")
    assert checklist
    return Visits(
        market=market,
        stalls=[{"id": str(row.pk), "commodity": row.commodity} for row in rows],
        inspector=person("lan.ht", Role.INSPECTOR),
        manager=manager,
        checklist=checklist.definition,
    )
