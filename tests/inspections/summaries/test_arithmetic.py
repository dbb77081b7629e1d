"""summaries.arithmetic and periods: H2, H3 and H8 of docs/rules/figures.md"""

from datetime import date

import pytest

from inspections.summaries import arithmetic
from inspections.summaries.periods import Period


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(3, 4, "75.00"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (0, 5, "0.00")],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, share: str) -> None:
    assert arithmetic.percent(part, whole) == share


def test_of_nothing_there_is_no_share_no_mean_and_no_median() -> None:
    assert (arithmetic.percent(0, 0), arithmetic.mean({}), arithmetic.median({})) == (None,) * 3


def test_the_example_of_the_rules() -> None:
    scores = {9000: 1, 8000: 1, 8550: 1, 4001: 1}

    assert (arithmetic.mean(scores), arithmetic.median(scores)) == ("73.88", "82.75")


def test_a_median_counts_what_occurs_often() -> None:
    assert arithmetic.median({100: 5, 900: 4}) == "1.00"
    assert arithmetic.median({100: 2, 200: 1, 300: 2}) == "2.00"


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ((2026, 9, 1), (2026, 11, 30), ((2026, 6, 1), (2026, 8, 31))),
        ((2026, 3, 1), (2026, 3, 31), ((2026, 2, 1), (2026, 2, 28))),
        ((2026, 1, 1), (2026, 12, 31), ((2025, 1, 1), (2025, 12, 31))),
        ((2026, 1, 1), (2026, 1, 31), ((2025, 12, 1), (2025, 12, 31))),
        ((2026, 11, 10), (2026, 11, 12), ((2026, 11, 7), (2026, 11, 9))),
        ((2026, 1, 1), (2026, 11, 22), ((2025, 2, 9), (2025, 12, 31))),
    ],
    ids=str,
)
def test_the_period_before_is_as_long(
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    before: tuple[tuple[int, int, int], tuple[int, int, int]],
) -> None:
    assert Period(date(*first), date(*last)).before == (date(*before[0]), date(*before[1]))
