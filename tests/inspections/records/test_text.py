"""inspections.records.rendering.text: how text of users becomes lines"""

import pytest

from inspections.records.rendering import fonts
from inspections.records.rendering.text import (
    MOST_PARAGRAPHS,
    Style,
    paragraphs,
    register,
    wrap,
)

FINE = Style(fonts.REGULAR, 10, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("\n \n", [""]),
        ("một\nhai", ["một", "hai"]),
        ("một\n\nhai", ["một", "", "hai"]),
        ("\n\nmột\n \n\n\n  hai\n", ["một", "", "hai"]),
    ],
)
def test_blank_lines_count_once_and_only_between_others(text: str, expected: list[str]) -> None:
    assert paragraphs(text) == expected


def test_a_note_of_line_feeds_takes_no_more_lines_than_one_without() -> None:
    register()
    assert len(wrap("\n" * 4000, FINE, 120)) == 1
    with_feeds, without = "ab\n" * 1333, "ab " * 1333
    assert len(wrap(with_feeds, FINE, 120)) < MOST_PARAGRAPHS + 2 * len(wrap(without, FINE, 120))


def test_of_many_paragraphs_none_is_left_out() -> None:
    numbered = [f"từ{n}" for n in range(1000)]
    found = paragraphs("\n".join(numbered))
    assert len(found) == MOST_PARAGRAPHS
    assert found[: MOST_PARAGRAPHS - 1] == numbered[: MOST_PARAGRAPHS - 1]
    assert found[-1].split(" / ") == numbered[MOST_PARAGRAPHS - 1 :]
