"""What two people do to the register at the same moment: who waits for whom, and who does not."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from markets.errors import UnitExists
from markets.lifecycle import units
from markets.lifecycle.establishments import change_establishment, move_establishment
from markets.lifecycle.stalls import NewStall, enter_stalls
from markets.models import AdministrativeUnit
from tests.markets.builders import market, shipped_places, unit

pytestmark = pytest.mark.django_db(transaction=True)
MARCH, LAST, NEXT = date(2026, 3, 1), date(2026, 12, 31), date(2027, 1, 1)
alone_on_sqlite = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a transaction that writes is alone on SQLite"
)


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


class Other(Thread):
    """Somebody else with a connection of his own."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self.act = act
        self.error: Exception | None = None
        self.ended_at: datetime | None = None

    def run(self) -> None:
        try:
            self.act()
        except Exception as error:  # noqa: BLE001  # the test looks at it
            self.error = error
        finally:
            self.ended_at = timezone.now()
            connection.close()


def together(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Exception | None, bool]:
    """``second`` begins before ``first`` commits: what it raised, and whether it had to wait."""
    other = Other(second)
    with transaction.atomic():
        first()
        other.start()
        other.join(0.5)
        waits = other.ended_at is None
    other.join()
    return other.error, waits


def commune(valid_from):
    return units.create_unit(
        "01999", "commune", "xã Mới", parent=unit("19"), valid_from=valid_from, by=None
    )


def test_one_code_entered_twice_at_once_is_one_unit():
    error, _ = together(lambda: commune(MARCH), lambda: commune(NEXT))

    assert isinstance(error, UnitExists)
    assert AdministrativeUnit.objects.filter(code="01999").count() == 1


def test_a_place_that_moves_while_its_unit_is_replaced_lies_in_one_unit():
    successor = commune(NEXT)
    ended = units.end_unit(unit("01864"), valid_to=LAST, by=None)

    error, _ = together(
        lambda: move_establishment(market(), unit("01969"), since=MARCH, by=None),
        lambda: units.replace_unit(ended, successor, by=None),
    )

    assert error is None
    later = market().placements.filter(valid_from__gte=MARCH)
    assert [(row.unit.code, row.valid_to) for row in later] == [("01969", None)]


@alone_on_sqlite
def test_a_visit_does_not_wait_for_a_change_of_its_market():
    error, waits = together(
        lambda: change_establishment(market(), {"address": "Tổ 3"}, by=None),
        lambda: enter_stalls(market().pk, [NewStall("27", "produce")], at=timezone.now()),
    )

    assert (error, waits) == (None, False)


@alone_on_sqlite
def test_a_place_enters_a_unit_that_is_being_changed():
    error, waits = together(
        lambda: units.change_unit(unit("01864"), {"name": "phường Bằng Thành"}, by=None),
        lambda: market().placements.create(unit=unit("01864"), valid_from=NEXT),
    )

    assert (error, waits) == (None, False)
