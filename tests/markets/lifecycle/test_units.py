"""Units and authorities begin, end and are followed by others."""

from datetime import date

import pytest

from markets import queries
from markets.errors import (
    AuthorityEnded,
    AuthorityExists,
    DayOutOfRange,
    ParentLevelWrong,
    PeriodReversed,
    UnitEnded,
    UnitExists,
    UnitNotEnded,
    UnknownUnit,
)
from markets.lifecycle import units
from markets.lifecycle.establishments import open_establishment
from markets.models import AdministrativeUnit, Authority
from tests.markets.builders import actions, shipped_places, unit

pytestmark = pytest.mark.django_db
LAST, NEXT = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


def commune(code="01999", **fields):
    return units.create_unit(
        code, "commune", "xã Mới", **{"parent": unit("19"), "by": None, **fields}
    )


def test_a_code_may_be_used_again_after_its_unit_ended():
    units.end_unit(unit("01864"), valid_to=LAST, by=None)

    again = commune("01864", valid_from=NEXT)

    assert AdministrativeUnit.objects.filter(code="01864").count() == 3
    assert again.search_text == "01864 xa moi"


def test_a_name_that_folding_lengthens_is_entered():
    row = units.create_unit("01999", "commune", "ﬃ" * 200, parent=unit("19"), by=None)

    row.refresh_from_db()
    assert row.search_text == f"01999 {'ffi' * 200}"[:300]


@pytest.mark.parametrize(
    "days", [{}, {"valid_from": date(2025, 7, 1)}, {"valid_from": NEXT}, {"valid_to": LAST}]
)
def test_a_code_is_never_two_units_on_one_day(days):
    with pytest.raises(UnitExists):
        commune("01864", **days)


@pytest.mark.parametrize(
    ("level", "parent"),
    [("commune", None), ("province", "19"), ("district", "01864"), ("commune", "01864")],
)
def test_a_unit_lies_in_a_larger_one_and_a_province_in_none(level, parent):
    with pytest.raises(ParentLevelWrong):
        units.create_unit("X", level, "x", parent=unit(parent) if parent else None, by=None)


def test_a_unit_ends_once_and_not_before_it_began():
    with pytest.raises(PeriodReversed):
        units.end_unit(unit("01864"), valid_to=date(2025, 6, 30), by=None)
    with pytest.raises(UnitEnded):
        units.end_unit(unit("BK-PAC-NAM", None), valid_to=LAST, by=None)

    assert unit("01864").valid_to is None


def test_places_of_an_ended_unit_lie_in_its_successor_from_the_next_day_on():
    successor = commune(valid_from=NEXT)
    ended = units.end_unit(unit("01864"), valid_to=LAST, by=None)
    assert units.replace_unit(ended, successor, by=None)

    assert queries.place_on("BOC-BO", LAST).units[0].name == "xã Bằng Thành"
    assert queries.place_on("BOC-BO", NEXT).units[0].name == "xã Mới"
    assert queries.place_on("PHU-THONG", NEXT).units[0].name == "xã Phủ Thông"
    assert not units.replace_unit(ended, successor, by=None)
    assert actions()[-2:] == ["unit.ended", "unit.replaced"]


def test_a_place_that_opens_in_a_unit_about_to_end_lies_in_the_successor_too():
    successor = commune(valid_from=NEXT)
    ended = units.end_unit(unit("01864"), valid_to=LAST, by=None)
    open_establishment("MOI", "market", "Chợ Mới", unit=ended, by=None)
    assert [row.name for row in queries.place_on("MOI", NEXT).units] == ["tỉnh Thái Nguyên"]

    units.replace_unit(ended, successor, by=None)

    assert queries.place_on("MOI", LAST).units[0].name == "xã Bằng Thành"
    assert queries.place_on("MOI", NEXT).units[0].name == "xã Mới"


def test_a_unit_is_followed_only_after_its_end_and_by_one_that_is_valid_then():
    successor = commune(valid_from=date(2027, 2, 1))
    with pytest.raises(UnitNotEnded):
        units.replace_unit(unit("01864"), successor, by=None)

    units.end_unit(unit("01864"), valid_to=LAST, by=None)
    with pytest.raises(UnknownUnit):
        units.replace_unit(unit("01864"), successor, by=None)


def test_a_wrong_spelling_is_corrected_without_history():
    assert units.change_unit(unit("01864"), {"name": "xã Bằng Thành "}, by=None)
    assert not units.change_unit(unit("01864"), {"name": "xã Bằng Thành "}, by=None)
    assert AdministrativeUnit.objects.filter(code="01864").count() == 2


def authority(code, **fields):
    names = {"parent_name": "UBND", "symbol": "SCT", "place": "Thái Nguyên"}
    return units.create_authority(code, "Sở", **{"unit": unit("19"), "by": None, **names, **fields})


def test_a_unit_has_one_authority_at_a_time():
    with pytest.raises(AuthorityExists):
        authority("SCT-MOI", valid_from=NEXT)

    present = Authority.objects.get(code="SCT-THAI-NGUYEN")
    units.end_authority(present, valid_to=LAST, successor=None, by=None)
    authority("SCT-MOI", valid_from=NEXT)

    assert queries.place_on("BOC-BO", LAST).authority.code == "SCT-THAI-NGUYEN"
    assert queries.place_on("BOC-BO", NEXT).authority.code == "SCT-MOI"


def test_an_authority_code_is_given_once():
    with pytest.raises(AuthorityExists):
        authority("SCT-BAC-KAN", unit=unit("01864"))


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_no_unit_or_authority_begins_or_ends_on_a_day_beyond_reckoning(day):
    sct = Authority.objects.get(code="SCT-THAI-NGUYEN")
    for refused in (
        lambda: commune(valid_from=day),
        lambda: commune(valid_to=day),
        lambda: units.end_unit(unit("01864"), valid_to=day, by=None),
        lambda: authority("SCT-MOI", unit=unit("01864"), valid_from=day),
        lambda: units.end_authority(sct, valid_to=day, successor=None, by=None),
    ):
        with pytest.raises(DayOutOfRange):
            refused()


def test_an_authority_ends_once():
    with pytest.raises(AuthorityEnded):
        units.end_authority(
            Authority.objects.get(code="SCT-BAC-KAN"), valid_to=LAST, successor=None, by=None
        )
