"""What a place was on a day, around 1 July 2025."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from markets import queries
from markets.lifecycle import establishments, stalls, units
from markets.models import Establishment
from tests.markets.builders import (
    FIRST_OF_THAI_NGUYEN,
    LAST_OF_BAC_KAN,
    market,
    shipped_places,
    stall,
    unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


@pytest.mark.parametrize(
    ("code", "day", "address"),
    [
        ("BOC-BO", LAST_OF_BAC_KAN, "xã Bộc Bố, huyện Pác Nặm, tỉnh Bắc Kạn"),
        ("BOC-BO", FIRST_OF_THAI_NGUYEN, "xã Bằng Thành, tỉnh Thái Nguyên"),
        ("PHU-THONG", LAST_OF_BAC_KAN, "thị trấn Phủ Thông, huyện Bạch Thông, tỉnh Bắc Kạn"),
        ("PHU-THONG", FIRST_OF_THAI_NGUYEN, "xã Phủ Thông, tỉnh Thái Nguyên"),
        ("DONG-TAM", LAST_OF_BAC_KAN, "thị trấn Đồng Tâm, huyện Chợ Mới, tỉnh Bắc Kạn"),
        ("DONG-TAM", FIRST_OF_THAI_NGUYEN, "xã Chợ Mới, tỉnh Thái Nguyên"),
    ],
)
def test_an_address_names_the_units_of_that_day(code, day, address):
    assert queries.place_on(code, day).address == address


def test_a_code_used_again_names_another_commune_since_1_july_2025():
    before, since = (
        queries.place_on("BOC-BO", day).units[0] for day in (LAST_OF_BAC_KAN, FIRST_OF_THAI_NGUYEN)
    )

    assert (before.code, before.name) == ("01864", "xã Bộc Bố")
    assert (since.code, since.name) == ("01864", "xã Bằng Thành")


def test_the_authority_changes_with_the_province():
    before = queries.place_on("BOC-BO", LAST_OF_BAC_KAN).authority
    since = queries.place_on("BOC-BO", FIRST_OF_THAI_NGUYEN).authority

    assert (before.code, before.parent_name) == ("SCT-BAC-KAN", "ỦY BAN NHÂN DÂN TỈNH BẮC KẠN")
    assert (since.code, since.symbol, since.place) == ("SCT-THAI-NGUYEN", "SCT", "Thái Nguyên")


def test_the_authority_of_the_smallest_unit_wins():
    units.create_authority(
        "PKT-BANG-THANH", "Phòng Kinh tế", unit=unit("01864"), parent_name="UBND xã", symbol="PKT",
        place="Bằng Thành", by=None,
    )  # fmt: skip

    assert queries.place_on("BOC-BO", FIRST_OF_THAI_NGUYEN).authority.code == "PKT-BANG-THANH"


def test_a_place_outside_of_every_unit_has_no_address_and_no_authority():
    establishments.open_establishment("CHO-MOI", "market", "Chợ mới", unit=None, by=None)

    place = queries.place_on("CHO-MOI", date(2026, 1, 1))

    assert (place.units, place.address, place.authority) == ((), "", None)


def test_a_former_name_holds_until_the_day_before_the_new_one():
    establishments.rename_establishment(
        market(), "Chợ Bằng Thành", "Bằng Thành market", since=date(2026, 3, 1), by=None
    )

    assert queries.place_on("BOC-BO", date(2026, 2, 28)).name == "Chợ Bộc Bố"
    assert queries.place_on("BOC-BO", date(2026, 2, 28)).name_en == "Bộc Bố market"
    assert queries.place_on("BOC-BO", date(2026, 3, 1)).name == "Chợ Bằng Thành"


def test_the_street_line_stands_before_the_units():
    establishments.change_establishment(market(), {"address": "Tổ 3"}, by=None)

    place = queries.place_on("BOC-BO", FIRST_OF_THAI_NGUYEN)

    assert place.address == "Tổ 3, xã Bằng Thành, tỉnh Thái Nguyên"


def test_an_unknown_code_is_no_place():
    assert queries.place_on("NOPE", FIRST_OF_THAI_NGUYEN) is None


def test_a_place_costs_as_few_statements_as_the_database_allows(django_assert_num_queries):
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        queries.place_on("BOC-BO", FIRST_OF_THAI_NGUYEN)


def test_the_next_market_day_is_known_where_one_market_day_is():
    assert queries.place_on("BOC-BO", date(2026, 11, 2)).next_market_day(date(2026, 11, 2)) is None

    establishments.change_establishment(market(), {"market_day_anchor": date(2026, 11, 1)}, by=None)

    place = queries.place_on("BOC-BO", date(2026, 11, 2))
    assert place.next_market_day(date(2026, 11, 2)) == date(2026, 11, 6)


def test_the_register_shows_stalls_as_they_stood_at_the_moment(django_assert_num_queries):
    kept, gone = stall(number="01", trader="Mai"), stall(number="02")
    stall("PHU-THONG", number="01")
    then = timezone.now()
    stalls.change_stall(kept, {"trader": "Lan", "commodity": "produce"}, by=None)
    stalls.retire_stall(gone, by=None)

    with django_assert_num_queries(1):
        before = queries.register_at("BOC-BO", then)
    after = queries.register_at("BOC-BO", timezone.now())

    assert [(row.id, row.number, row.trader, row.commodity) for row in before] == [
        (kept.pk, "01", "Mai", "seafood"),
        (gone.pk, "02", "", "seafood"),
    ]
    assert [(row.id, row.trader, row.commodity) for row in after] == [(kept.pk, "Lan", "produce")]


def test_a_register_before_the_first_stall_is_empty():
    stall()

    assert queries.register_at("BOC-BO", datetime(2020, 1, 1, tzinfo=UTC)) == ()


def test_each_moment_finds_exactly_one_version_of_a_stall():
    row = stall()
    stalls.change_stall(row, {"zone": "A"}, by=None)
    change = row.versions.get(valid_to=None).valid_from

    for moment in (change - timedelta(microseconds=1), change, change + timedelta(microseconds=1)):
        assert len(queries.register_at("BOC-BO", moment)) == 1


def test_a_unit_includes_its_parts_on_that_day():
    def codes(unit_code, day):
        rows = queries.on_day(Establishment.objects.all(), day)
        return sorted(row.code for row in rows.filter(queries.within(unit_code, day)))

    assert codes("19", FIRST_OF_THAI_NGUYEN) == ["BOC-BO", "DONG-TAM", "PHU-THONG"]
    assert codes("19", LAST_OF_BAC_KAN) == []
    assert codes("BK-PAC-NAM", LAST_OF_BAC_KAN) == ["BOC-BO"]
    assert codes("BK-PAC-NAM", FIRST_OF_THAI_NGUYEN) == []
    assert codes("01864", LAST_OF_BAC_KAN) == codes("01864", FIRST_OF_THAI_NGUYEN) == ["BOC-BO"]
