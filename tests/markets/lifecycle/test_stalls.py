"""Stalls enter, change, retire and come back, and their history stays."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from backend.audit.models import AuditEntry
from markets import queries
from markets.errors import (
    EstablishmentClosed,
    StallExists,
    StallRetired,
    StallsOnlyInMarkets,
    UnknownCommodity,
)
from markets.lifecycle.establishments import change_establishment, open_establishment
from markets.lifecycle.stalls import (
    NewStall,
    add_stall,
    change_stall,
    enter_stalls,
    restore_stall,
    retire_stall,
)
from markets.models import Stall, StallVersion
from tests.markets.builders import actions, market, person, shipped_places, stall

pytestmark = pytest.mark.django_db
VISIT = datetime(2026, 11, 22, 6, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


def test_every_state_of_a_stall_is_kept():
    row = stall(trader="Mai")
    change_stall(row, {"trader": "Lan", "zone": "A"}, by=None)
    retire_stall(row, by=None)
    restore_stall(row, by=None)

    versions = list(row.versions.order_by("valid_from"))
    assert [(v.trader, v.zone) for v in versions] == [("Mai", ""), ("Lan", "A"), ("Lan", "A")]
    assert versions[0].valid_to == versions[1].valid_from
    assert versions[1].valid_to <= versions[2].valid_from
    assert versions[2].valid_to is None
    assert actions()[-4:] == ["stall.added", "stall.changed", "stall.retired", "stall.restored"]


def test_the_trail_names_changed_fields_but_no_trader():
    row = stall(trader="Mai")
    change_stall(row, {"trader": "Lan", "zone": "A"}, by=person())

    entry = AuditEntry.objects.first()
    assert entry.subject == f"stall:{row.pk}"
    assert entry.data == {"establishment": "BOC-BO", "fields": ["trader", "zone"]}


def test_what_changes_nothing_writes_nothing():
    row = stall(trader="Mai")
    before = actions()

    assert not change_stall(row, {"trader": "Mai", "number": "01"}, by=None)
    assert not restore_stall(row, by=None)
    assert retire_stall(row, by=None)
    assert not retire_stall(row, by=None)

    assert len(actions()) == len(before) + 1
    assert row.versions.count() == 1


def test_a_retired_stall_comes_back_before_it_changes():
    row = stall()
    retire_stall(row, by=None)

    with pytest.raises(StallRetired):
        change_stall(row, {"zone": "A"}, by=None)

    row.refresh_from_db()
    assert (row.zone, row.active) == ("", False)


def test_an_unknown_commodity_is_refused_at_every_door():
    with pytest.raises(UnknownCommodity):
        stall(commodity="gold")
    row = stall()
    with pytest.raises(UnknownCommodity):
        change_stall(row, {"commodity": "gold"}, by=None)

    assert Stall.objects.get().commodity == "seafood"


def test_only_open_markets_take_stalls():
    shop = open_establishment("ST", "supermarket", "Siêu thị", unit=None, by=None)
    with pytest.raises(StallsOnlyInMarkets):
        add_stall(shop, NewStall("01", "seafood"), by=None)

    place = market()
    change_establishment(place, {"closed_on": timezone.localdate()}, by=None)
    with pytest.raises(EstablishmentClosed):
        add_stall(place, NewStall("01", "seafood"), by=None)


def test_a_taken_id_is_refused():
    known = stall("PHU-THONG")

    with pytest.raises(StallExists):
        stall("BOC-BO", id=known.pk)

    assert Stall.objects.get(pk=known.pk).establishment.code == "PHU-THONG"


def test_stalls_met_on_a_visit_enter_from_its_beginning():
    new = NewStall("27", "produce", "Lý Thị Sông", id=uuid4())

    entered = enter_stalls(market().pk, [new], at=VISIT)

    assert [row.pk for row in entered] == [new.id]
    assert [row.id for row in queries.register_at("BOC-BO", VISIT)] == [new.id]


def test_a_stall_met_twice_enters_once():
    new = NewStall("27", "produce", id=uuid4())
    enter_stalls(market().pk, [new], at=VISIT)
    retire_stall(Stall.objects.get(), by=None)

    again = enter_stalls(market().pk, [new], at=VISIT + timedelta(days=1))

    assert again == []
    assert StallVersion.objects.count() == 1
    assert not Stall.objects.get().active


def test_any_number_of_new_stalls_costs_three_statements(django_assert_num_queries):
    place = market().pk
    for count in (1, 40):
        new = [NewStall(str(number), "produce") for number in range(count)]
        with django_assert_num_queries(3):
            enter_stalls(place, new, at=VISIT)


def test_a_clock_set_back_makes_no_version_end_before_it_began():
    row = stall()
    began = row.versions.get().valid_from

    with time_machine.travel(began - timedelta(hours=1), tick=False):
        change_stall(row, {"zone": "A"}, by=None)

    first, second = row.versions.order_by("pk")
    assert first.valid_from == first.valid_to == second.valid_from == began
