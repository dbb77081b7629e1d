"""Places open, change, take names, move and close."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from backend.audit.models import AuditEntry
from markets import queries
from markets.errors import (
    DayOutOfRange,
    EstablishmentClosed,
    EstablishmentExists,
    PeriodOverlaps,
    PeriodReversed,
    PositionIncomplete,
    UnknownUnit,
)
from markets.lifecycle.establishments import (
    amend_establishment,
    change_establishment,
    move_establishment,
    open_establishment,
    rename_establishment,
)
from markets.models import Establishment
from tests.markets.builders import actions, market, person, shipped_places, unit

pytestmark = pytest.mark.django_db
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


def test_a_code_is_given_once():
    with pytest.raises(EstablishmentExists):
        open_establishment("BOC-BO", "market", "Chợ khác", unit=None, by=None)

    assert market().name_vi == "Chợ Bộc Bố"


def test_a_place_lies_in_its_unit_from_the_day_on_which_both_exist():
    old = open_establishment(
        "CU", "market", "Chợ cũ", unit=unit("19"), opened_on=date(2010, 1, 1), by=None
    )
    new = open_establishment("MOI", "market", "Chợ mới", unit=unit("19"), opened_on=MARCH, by=None)

    assert old.placements.get().valid_from == date(2025, 7, 1)
    assert new.placements.get().valid_from == MARCH


def test_a_place_cannot_open_in_a_unit_that_has_ended():
    with pytest.raises(UnknownUnit):
        open_establishment(
            "MOI", "market", "Chợ mới", unit=unit("BK-PAC-NAM", None), opened_on=MARCH, by=None
        )

    assert not Establishment.objects.filter(code="MOI").exists()


def test_the_trail_tells_who_opened_what():
    open_establishment("MOI", "market", "Chợ mới", unit=unit("01864"), by=person())

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.subject, entry.actor) == (
        "establishment.opened",
        "establishment:MOI",
        "department.1",
    )
    assert entry.data == {"kind": "market", "name": "Chợ mới", "unit": "01864"}


def test_a_change_is_told_with_old_and_new():
    assert change_establishment(market(), {"address": "Tổ 3"}, by=None)

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.data) == ("establishment.changed", {"address": ["", "Tổ 3"]})


def test_what_changes_nothing_writes_nothing():
    before = actions()
    place = market()

    assert not change_establishment(place, {"address": ""}, by=None)
    assert not rename_establishment(place, "Chợ Bộc Bố", "Bộc Bố market", since=MARCH, by=None)
    assert not move_establishment(place, unit("01864"), since=MARCH, by=None)
    assert not amend_establishment(place, {"name": "Chợ Bộc Bố", "unit": "01864"}, by=None)

    assert actions() == before


def test_a_stale_copy_changes_only_what_it_names():
    stale = market()
    change_establishment(market(), {"address": "Tổ 3"}, by=None)

    change_establishment(stale, {"model_market_year": 2023}, by=None)

    assert (market().address, market().model_market_year) == ("Tổ 3", 2023)


def test_each_new_name_keeps_the_former_one():
    place = market()
    rename_establishment(place, "Chợ A", "", since=MARCH, by=None)
    rename_establishment(place, "Chợ B", "", since=MAY, by=None)

    rows = place.former_names.order_by("valid_to")
    assert [(row.name_vi, row.valid_from, row.valid_to) for row in rows] == [
        ("Chợ Bộc Bố", None, date(2026, 2, 28)),
        ("Chợ A", MARCH, date(2026, 4, 30)),
    ]
    assert market().name_vi == "Chợ B"


def test_a_second_name_for_the_same_day_corrects_the_first():
    place = market()
    rename_establishment(place, "Chợ Băng Thành", "", since=MARCH, by=None)
    rename_establishment(place, "Chợ Bằng Thành", "", since=MARCH, by=None)

    assert place.former_names.get().name_vi == "Chợ Bộc Bố"
    assert queries.place_on("BOC-BO", MARCH).name == "Chợ Bằng Thành"


def test_a_name_cannot_begin_before_the_present_one():
    place = market()
    rename_establishment(place, "Chợ A", "", since=MAY, by=None)

    with pytest.raises(PeriodOverlaps):
        rename_establishment(place, "Chợ B", "", since=MARCH, by=None)


def test_a_new_name_is_found_by_search():
    rename_establishment(market(), "Chợ Bằng Thành", "", since=MARCH, by=None)

    assert Establishment.objects.filter(search_text__contains="bang thanh").exists()


def test_a_move_ends_the_former_placement_the_day_before():
    move_establishment(market(), unit("01969"), since=MARCH, by=None)

    rows = market().placements.order_by("pk")
    assert [(row.unit.code, row.valid_to) for row in rows] == [
        ("01864", date(2025, 6, 30)),
        ("01864", date(2026, 2, 28)),
        ("01969", None),
    ]


def test_a_second_move_on_the_same_day_corrects_the_first():
    move_establishment(market(), unit("01969"), since=MARCH, by=None)
    move_establishment(market(), unit("02086"), since=MARCH, by=None)

    assert market().placements.count() == 3
    assert queries.place_on("BOC-BO", MARCH).units[0].code == "02086"


def test_a_move_before_a_later_one_is_refused():
    move_establishment(market(), unit("01969"), since=MAY, by=None)

    with pytest.raises(PeriodOverlaps):
        move_establishment(market(), unit("02086"), since=MARCH, by=None)


def test_a_place_moves_only_into_a_unit_of_that_day():
    with pytest.raises(UnknownUnit):
        move_establishment(market(), unit("BK-BACH-THONG", None), since=MARCH, by=None)


def test_a_closed_place_takes_no_new_name_and_no_new_unit():
    place = market()
    change_establishment(place, {"closed_on": timezone.localdate()}, by=None)

    with pytest.raises(EstablishmentClosed):
        rename_establishment(place, "Chợ A", "", since=MARCH, by=None)
    with pytest.raises(EstablishmentClosed):
        move_establishment(place, unit("01969"), since=MARCH, by=None)


def test_a_place_that_closes_tomorrow_is_open_today():
    place = market()
    tomorrow = timezone.localdate() + timedelta(days=1)
    change_establishment(place, {"closed_on": tomorrow}, by=None)

    assert rename_establishment(place, "Chợ A", "", since=MARCH, by=None)


def test_one_set_of_changes_may_reopen_or_close_besides_others():
    place = market()
    amend_establishment(place, {"name": "Chợ A", "closed_on": date(2026, 1, 1)}, by=None)
    amend_establishment(place, {"name": "Chợ B", "closed_on": None}, by=None)

    assert (market().name_vi, market().closed_on) == ("Chợ B", None)
    assert actions()[-4:] == [
        "establishment.renamed",
        "establishment.closed",
        "establishment.reopened",
        "establishment.renamed",
    ]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"opened_on": MAY, "closed_on": MARCH}, PeriodReversed),
        ({"latitude": 22}, PositionIncomplete),
        ({"name": "Chợ A", "valid_from": date.min}, DayOutOfRange),
        ({"name": "Chợ A", "valid_from": date.max}, DayOutOfRange),
        ({"opened_on": date.min}, DayOutOfRange),
        ({"closed_on": date.max}, DayOutOfRange),
        ({"market_day_anchor": date.max}, DayOutOfRange),
        ({"unit": "NOPE"}, UnknownUnit),
        ({"unit": "BK-PAC-NAM"}, UnknownUnit),
    ],
)
def test_a_refused_change_leaves_the_place_as_it_was(values, error):
    before = actions()

    with pytest.raises(error):
        amend_establishment(market(), values, by=None)

    assert actions() == before
    assert market().name_vi == "Chợ Bộc Bố"
