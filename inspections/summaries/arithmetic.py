"""Shares, means and medians of whole numbers, exact. H2 and H3 of docs/rules/figures.md."""

from collections import Counter
from collections.abc import Mapping


def percent(part: int, whole: int) -> str | None:
    """H2: two decimals, half up; None of nothing."""
    return None if whole == 0 else spelled(_rounded(10_000 * part, whole))


def mean(counts: Mapping[int, int]) -> str | None:
    """Of hundredths, each with how often it occurs."""
    total = sum(counts.values())
    if total == 0:
        return None
    return spelled(_rounded(sum(value * count for value, count in counts.items()), total))


def median(counts: Mapping[int, int]) -> str | None:
    """Of hundredths, as for ``mean``; of an even number of values the mean of the middle two."""
    total = sum(counts.values())
    if total == 0:
        return None
    return spelled(_rounded(_at(counts, (total - 1) // 2) + _at(counts, total // 2), 2))


def hundredths(text: str) -> int:
    """Of a decimal with two places."""
    return int(text.replace(".", ""))


def spelled(value: int) -> str:
    """Hundredths as a decimal with two places."""
    return f"{value // 100}.{value % 100:02d}"


def days(counts: Mapping[int, int]) -> Counter[int]:
    """Whole numbers as hundredths."""
    return Counter({100 * value: count for value, count in counts.items()})


def _at(counts: Mapping[int, int], position: int) -> int:
    """The value at ``position`` of them all in order, from 0."""
    for value in sorted(counts):
        position -= counts[value]
        if position < 0:
            return value
    raise IndexError(position)


def _rounded(part: int, whole: int) -> int:
    """Half up; nothing here is negative."""
    return (2 * part + whole) // (2 * whole)
