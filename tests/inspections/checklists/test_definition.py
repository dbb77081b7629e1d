"""Checklist versions as values: look-ups, and items as they count on a day (rule D1)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.inspections.fieldwork.builders import checklist, item, section, shipped

EVE, DAY = date(2025, 12, 31), date(2026, 1, 1)


def test_a_stall_has_the_common_sections_and_its_own_in_the_order_of_the_paper():
    market = shipped("market_food_safety")
    sections = [i.section for i in market.stall_items("seafood")]
    assert list(dict.fromkeys(sections)) == ["J", "L", "P"]
    assert len(market.stall_items("seafood")) == 7 + 3 + 4
    assert [i.section for i in market.stall_items("animal_products")].count("K") == 4


def test_an_unknown_commodity_has_no_items():
    with pytest.raises(KeyError):
        shipped("market_food_safety").stall_items("all")


def test_every_item_is_of_the_establishment_or_of_some_stall():
    market = shipped("market_food_safety")
    of_stalls = {i.code for c in market.commodities for i in market.stall_items(c)}
    own = {i.code for i in market.establishment_items}
    assert own | of_stalls == set(market.items)
    assert not own & of_stalls
    assert len(own) == 42


def test_a_version_has_a_name():
    assert shipped("market_food_safety").name == "MARKET-FS@1"
    assert shipped("supermarket_plastic").kinds == ("supermarket", "trade_centre")


def test_thresholds_never_were_floats():
    items = shipped("market_food_safety").items
    assert items["J01"].answer.threshold == Decimal("0.6")
    assert items["F01"].answer.threshold == Decimal("2.4")
    assert items["E03"].answer.threshold == Decimal(-18)
    assert items["E03"].answer.minimum is None
    assert items["A05"].answer.threshold_fraction == (100, 1)
    bands = shipped("market_food_safety").rule_sets["TCVN_AB"].bands
    assert bands == {"pass_above": Fraction(60), "to_complete_from": Fraction(40)}


def test_only_verified_and_secondary_references_are_citable():
    items = shipped("market_food_safety").items
    assert items["J01"].citable_references == ("Nguồn thứ cấp nêu 0,7-0,8 m cho quầy thịt, cá",)
    assert items["K04"].citable_references == ()
    assert items["A02"].citable_references == (
        "TCVN 11856:2017, 4.11",
        "Nghị định 60/2024/NĐ-CP, Điều 9, 10",
    )


def test_an_item_is_minor_throughout_before_its_day_d1():
    supermarket = shipped("supermarket_plastic")
    early, late = (supermarket.as_of(day).items["S302"] for day in (EVE, DAY))
    assert (early.severity, early.level, early.points) == ("minor", "B", 1)
    assert (late.severity, late.level, late.points) == ("critical", "A", 3)
    assert supermarket.severities[early.severity].correct_within_days == 30
    assert [i.severity for i in supermarket.as_of(EVE).sections[1].items[:2]] == ["minor"] * 2


def test_a_day_is_worked_out_once_d1():
    supermarket = shipped("supermarket_plastic")
    assert supermarket.as_of(EVE) is supermarket.as_of(date(2020, 1, 1))
    assert supermarket.as_of(DAY) is supermarket


def test_each_item_has_its_own_day_d1():
    asked = checklist(
        section(
            "A",
            [
                item("A1", "critical", mandatory_from="2026-01-01"),
                item("A2", "critical", mandatory_from="2027-01-01"),
                item("A3", "critical"),
            ],
        )
    )
    severities = {
        year: [i.severity for i in asked.as_of(date(year, 1, 1)).establishment_items]
        for year in (2025, 2026, 2027)
    }
    assert severities == {
        2025: ["minor", "minor", "critical"],
        2026: ["critical", "minor", "critical"],
        2027: ["critical", "critical", "critical"],
    }


def test_the_shipped_files_keep_what_later_figures_need():
    supermarket = shipped("supermarket_plastic")
    l2, l1, l0 = supermarket.compliance_levels
    assert (l2.code, l2.must_pass, l2.may_be_na) == ("L2", ("S201", "S302"), ("S203",))
    assert l1.reported is not None
    assert (l1.reported.measure, l1.reported.months) == ("PM12", 3)
    assert l1.reported.value == 50
    assert l0.is_rest
    assert l1.counts_for == ("target_2025",)
    assert supermarket.measures["PM11"].formula == "100 * PM01 / PM05"
