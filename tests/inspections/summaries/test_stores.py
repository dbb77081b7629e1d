"""GET summaries/plastics/: four stores in autumn 2026, by hand

S1  every item passed on 20 October; no bags in September, October, November: L2
S2  the same, 500 bags and 500 others each month: L1
S3  failed S203 (no proof) on 20 November, reports nothing: L0
S4  never visited, reports September: not assessed
S5  closed on 1 November, was at L2 until then
"""

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role, User
from inspections.checklists import lifecycle as checklists
from inspections.demo.document import document
from inspections.management.commands.load_checklists import LIBRARY
from inspections.plastics import lifecycle as bags
from inspections.plastics.models import BagReturn
from inspections.submission import lifecycle
from markets.lifecycle import establishments
from markets.models import AdministrativeUnit, Establishment
from markets.seed import places
from tests.inspections.evidence.visits import api_as
from tests.inspections.visits import person, photo

ROUTE = "/api/v1/summaries/plastics/"
AUTUMN = {"from": "2026-09-01", "to": "2026-11-30"}
NO_BAGS = {"PM01": 0, "PM03": 900, "PM04": 100}
HALF = {"PM01": 500, "PM03": 400, "PM04": 100}


@pytest.fixture(autouse=True)
def _asked_on() -> Iterator[None]:
    with time_machine.travel("2026-12-05T02:00:00Z", tick=False):
        yield


@pytest.fixture
def department(db: None) -> Person:
    places.load()
    checklists.ship((LIBRARY / "supermarket_plastic.yaml").read_text(encoding="utf-8"))
    person("lan.ht", Role.INSPECTOR)
    return person("duc.nm", Role.DEPARTMENT)


def a_store(code: str, unit: str = "02086", **particulars: Any) -> Establishment:
    home = AdministrativeUnit.objects.get(code=unit, valid_to=None)
    return establishments.open_establishment(
        code, "supermarket", f"Siêu thị {code}", unit=home, by=None, **particulars
    )


def visited(code: str, day: str, *fails: str) -> None:
    inspector = User.objects.get(username="lan.ht")
    checklist = checklists.published("SUPERMARKET-PLASTIC@1")
    assert checklist
    made = document(
        str(uuid.uuid4()), checklist.definition, establishment=code, inspector="lan.ht",
        stalls=[], fails=list(fails), photo=photo, started_at=f"{day}T08:00:00+07:00",
        ended_at=f"{day}T09:00:00+07:00",
    )  # fmt: skip
    by = Person(inspector.pk, inspector.username, "inspector", uuid.uuid4())
    with time_machine.travel(datetime.fromisoformat(f"{day}T05:00:00+00:00"), tick=False):
        lifecycle.submit(uuid.UUID(made["id"]), made, by=by)


def reported(code: str, by: Person, months: range, figures: dict[str, int]) -> None:
    given = {name: Decimal(value) for name, value in figures.items()}
    for month in months:
        bags.declare(
            code, date(2026, month, 1), uuid.uuid4(), figures=given, source="declared", by=by
        )


def autumn(department: Person) -> None:
    for code in ("S1", "S2", "S3", "S4"):
        a_store(code)
    a_store("S5", closed_on=date(2026, 11, 1))
    for code in ("S1", "S2", "S5"):
        visited(code, "2026-10-20")
    visited("S3", "2026-11-20", "S203")
    reported("S1", department, range(9, 12), NO_BAGS)
    reported("S2", department, range(9, 12), HALF)
    reported("S4", department, range(9, 10), {"PM01": 70})
    reported("S5", department, range(8, 11), NO_BAGS)
    first = BagReturn.objects.get(establishment__code="S1", month="2026-09-01")
    bags.confirm("S1", date(2026, 9, 1), first.pk, by=department)


def get(who: Person, **query: str) -> Any:
    response = api_as(who).get(ROUTE, {**AUTUMN, **query})
    assert response.status_code == 200, response.content
    return response.json()


def values(cells: Any) -> dict[str, Any]:
    return {cell["code"]: cell["value"] for cell in cells}


BY_HAND = {
    "PI01": "4", "PI02": "2", "PI03": "1", "PI04": "50.00", "PI05": "25.00", "PI06": "3",
    # 3 * 0 + 3 * 500 + 70; S5 has closed.
    "PI07": "1570", "PI08": "1", "PI09": "1", "PI10": "75.00",
    # 7 of 12 months, 1 of 7 confirmed
    "PI11": "58.33", "PI12": "14.29",
}  # fmt: skip


def test_every_figure_is_as_by_hand(department: Person) -> None:
    autumn(department)

    told = get(department)

    assert values(told["total"]) == BY_HAND
    assert told["area"] == {
        "code": "BAC-KAN-FORMER", "name": "Địa bàn tỉnh Bắc Kạn (trước 01/7/2025)",
    }  # fmt: skip
    stores = told["stores"]
    assert [(row["establishment"], row["level"], row["months_reported"]) for row in stores] == [
        ("S1", "L2", 3), ("S2", "L1", 3), ("S3", "L0", 0), ("S4", None, 1),
    ]  # fmt: skip
    assert told["stores"][0]["assessed_on"] == "2026-10-20"
    assert "24 tháng" in told["stores"][3]["reason"]["vi"]
    codes = [figure["code"] for figure in told["figures"]]
    assert codes == list(BY_HAND) == [cell["code"] for cell in told["total"]]
    bag_cell = told["total"][6]
    assert (bag_cell["numerator"], bag_cell["denominator"]) == (None, 7)


def test_what_was_reported_by_then_decides_a_former_day(department: Person) -> None:
    autumn(department)

    october = get(department, **{"from": "2026-10-01", "to": "2026-10-31"})

    # S1, S2 and S5 passed; S5 alone has three months by then, S3 is not visited yet.
    assert {row["establishment"]: row["level"] for row in october["stores"]} == {
        "S1": None, "S2": None, "S3": None, "S4": None, "S5": "L2",
    }  # fmt: skip
    assert values(october["total"])["PI05"] == "20.00"


def test_months_are_each_looked_at_on_their_last_day(department: Person) -> None:
    autumn(department)

    groups = get(department, group_by="month")["groups"]

    told = {group["key"]: values(group["figures"]) for group in groups}
    assert list(told) == ["2026-09", "2026-10", "2026-11"]
    assert [told[month]["PI01"] for month in told] == ["5", "5", "4"]
    assert [told[month]["PI03"] for month in told] == ["0", "1", "1"]
    # August and September of S5, of October nothing by S4.
    assert [told[month]["PI07"] for month in told] == ["570", "500", "500"]


def test_places_and_units_stand_apart(department: Person) -> None:
    autumn(department)
    elsewhere = AdministrativeUnit.objects.create(
        code="99999", level="commune", name="xã Xa", valid_from=date(2025, 7, 1)
    )
    establishments.open_establishment("S9", "supermarket", "Xa", unit=elsewhere, by=None)

    stores = {
        group["key"]: values(group["figures"])
        for group in get(department, group_by="establishment")["groups"]
    }
    assert list(stores) == ["S1", "S2", "S3", "S4"]
    assert (stores["S1"]["PI05"], stores["S2"]["PI05"]) == ("100.00", "0.00")
    assert stores["S3"]["PI07"] is None  # nothing reported is not zero
    assert values(get(department, area="99999")["total"])["PI01"] == "1"
    assert values(get(department, area="")["total"])["PI01"] == "5"
    assert [g["key"] for g in get(department, area="", group_by="unit")["groups"]] == [
        "02086", "99999",
    ]  # fmt: skip


def test_the_file_says_the_same(department: Person) -> None:
    autumn(department)

    response = api_as(department).get(ROUTE, {**AUTUMN, "format": "csv"})

    assert response["Content-Disposition"].endswith('"giam-nhua-2026-09-01-2026-11-30.csv"')
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {line["Mã chỉ tiêu"]: line["Giá trị"] for line in lines} == BY_HAND


def test_nothing_at_all_has_no_share(department: Person) -> None:
    told = values(get(department)["total"])

    assert (told["PI01"], told["PI04"], told["PI07"], told["PI12"]) == ("0", None, None, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"area": "KHONG-CO"}, 422),
        ({"group_by": "item"}, 400),
        ({"from": "2026-12-01"}, 422),
        ({"until": "2026-12-01"}, 400),
        ({"format": "pdf"}, 400),
    ],
    ids=["area", "grouping", "days", "parameter", "format"],
)
def test_what_cannot_be_summed_up_is_refused(
    department: Person, query: dict[str, str], status: int
) -> None:
    assert api_as(department).get(ROUTE, {**AUTUMN, **query}).status_code == status


def test_it_costs_the_same_for_any_number_of_stores(department: Person) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(department)
        return len(captured)

    a_store("S1", opened_on=datetime(2026, 1, 1, tzinfo=UTC).date())
    visited("S1", "2026-10-20")
    few = cost()
    for number in range(10):
        a_store(f"T{number}")
        visited(f"T{number}", "2026-10-21")

    assert cost() == few
