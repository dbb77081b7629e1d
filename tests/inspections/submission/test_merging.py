"""Merging of drafts, path by path. Rules M1 to M5 of docs/rules/drafts.md."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.submission.merging import (
    ABSENT,
    Merged,
    differing,
    document_of,
    merge,
    values_of,
)

STALLS = ("0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01", "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a02")
HEADS = [f"stalls.{stall}" for stall in STALLS]
ANSWER = {"value": "pass"}

answers = st.dictionaries(
    st.sampled_from(["A01", "A02", "B02"]),
    st.fixed_dictionaries({"value": st.sampled_from(["pass", "fail", "3.5", None])}),
)
sheets = st.lists(st.sampled_from(STALLS), unique=True).flatmap(
    lambda stalls: st.tuples(
        *(
            st.fixed_dictionaries(
                {"stall": st.just(stall), "answers": answers},
                optional={"absent": st.sampled_from(["Nghỉ", "Đóng"])},
            )
            for stall in stalls
        )
    ).map(list)
)
documents = st.fixed_dictionaries(
    {
        "answers": answers,
        "stalls": sheets,
        "measures": st.dictionaries(st.sampled_from(["PM01", "PM12"]), st.sampled_from("12")),
    },
    optional={"opinion": st.sampled_from(["", "Đồng ý"]), "grounds": st.none()},
)


def same(document: dict[str, Any], other: dict[str, Any]) -> bool:
    return values_of(document) == values_of(other)


@settings(deadline=None)
@given(documents)
def test_a_document_and_its_values_say_the_same(document: dict[str, Any]) -> None:
    assert same(document_of(values_of(document)), document)


def changes(base: dict[str, Any], mine: dict[str, Any]) -> set[str]:
    return differing(values_of(base), values_of(mine))


def one_after_the_other(
    base: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> tuple[Merged, Merged]:
    """Both phones began with version 1."""
    stamps = dict.fromkeys(values_of(base), 1)
    one = merge(values_of(base), stamps, values_of(first), 1, changes(base, first))
    stamps |= dict.fromkeys(one.applied, 2)
    return one, merge(one.values, stamps, values_of(second), 1, changes(base, second))


@settings(deadline=None)
@given(documents, documents)
def test_a_single_phone_gets_what_it_sent(base: dict[str, Any], mine: dict[str, Any]) -> None:
    one, _ = one_after_the_other(base, mine, mine)

    assert one.values == values_of(mine)
    assert one.conflicts == {}
    assert one.applied == changes(base, mine)


@settings(deadline=None)
@given(documents, documents)
def test_the_same_again_changes_nothing(base: dict[str, Any], mine: dict[str, Any]) -> None:
    _, again = one_after_the_other(base, mine, mine)

    assert (again.applied, again.conflicts) == (set(), {})


@settings(deadline=None)
@given(documents, documents, documents)
def test_nothing_that_was_sent_is_lost(
    base: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    _, merged = one_after_the_other(base, first, second)

    for document in (first, second):
        for path in changes(base, document):
            mine = values_of(document).get(path, ABSENT)
            if mine is not ABSENT:
                assert mine in (merged.values.get(path, ABSENT), merged.conflicts.get(path, ABSENT))


@settings(deadline=None)
@given(documents, documents, documents)
def test_what_neither_changed_stays(
    base: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    _, merged = one_after_the_other(base, first, second)

    untouched = values_of(base).keys() - changes(base, first) - changes(base, second)
    for path in untouched:
        assert merged.values[path] == values_of(base)[path]


@settings(deadline=None)
@given(documents, documents, documents)
def test_who_comes_first_decides_only_what_stands_in_the_document(
    base: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    # A sheet that one takes away and the other fills is asked about either way; see below.
    heads = {path for path in values_of(base) if path in HEADS}
    if not heads <= values_of(first).keys() & values_of(second).keys():
        return

    _, merged = one_after_the_other(base, first, second)
    _, other = one_after_the_other(base, second, first)

    assert merged.conflicts.keys() == other.conflicts.keys()
    for path in merged.values.keys() | other.values.keys() | merged.conflicts.keys():
        assert kept(merged, path) == kept(other, path)


def kept(merged: Merged, path: str) -> set[str]:
    """Every value of the path that somebody can still choose."""
    here = merged.values.get(path, ABSENT)
    return {
        json.dumps(value, sort_keys=True, default=repr)
        for value in (here, merged.conflicts.get(path, here))
    }


def test_a_sheet_that_a_colleague_fills_meanwhile_is_not_taken_away() -> None:
    base = {"stalls": [{"stall": STALLS[0], "answers": {}}]}
    filled = {"stalls": [{"stall": STALLS[0], "answers": {"J01": ANSWER}}]}

    _, merged = one_after_the_other(base, filled, {"stalls": []})

    assert same(document_of(merged.values), filled)
    assert merged.conflicts == {HEADS[0]: ABSENT}


def test_an_answer_does_not_bring_a_sheet_back_unasked_that_was_taken_away() -> None:
    base = {"stalls": [{"stall": STALLS[0], "answers": {}}]}
    filled = {"stalls": [{"stall": STALLS[0], "answers": {"J01": ANSWER}}]}

    _, merged = one_after_the_other(base, {"stalls": []}, filled)

    assert merged.values == {}
    assert merged.conflicts == {f"{HEADS[0]}.answers.J01": ANSWER}


def test_taking_a_sheet_away_takes_its_answers_along() -> None:
    here = values_of({"stalls": [{"stall": STALLS[0], "answers": {"J01": ANSWER}}]})

    merged = merge(here, dict.fromkeys(here, 1), {}, 1, [HEADS[0]])

    assert (merged.values, merged.conflicts) == ({}, {})
    assert merged.applied == set(here)


def test_a_sheet_that_was_chosen_again_comes_back_whole() -> None:
    sent = values_of({"stalls": [{"stall": STALLS[0], "answers": {"J01": ANSWER}}]})
    stamps = dict.fromkeys(sent, 2)

    merged = merge({}, stamps, sent, 3, [f"{HEADS[0]}.answers.J01"])

    assert merged.values == sent


def test_a_phone_that_has_seen_nothing_overwrites_nothing() -> None:
    here, sent = {"opinion": "Đồng ý"}, {"opinion": "Không", "requests": "Sửa"}

    merged = merge(here, {"opinion": 1}, sent, 0, ["opinion", "requests"])

    assert merged.values == {"opinion": "Đồng ý", "requests": "Sửa"}
    assert merged.conflicts == {"opinion": "Không"}


def test_a_whole_group_stands_for_all_that_is_in_it() -> None:
    merged = merge(
        {"measures.PM01": "1"}, {"measures.PM01": 1}, {"measures.PM12": "2"}, 1, ["measures"]
    )

    assert merged.values == {"measures.PM12": "2"}


def test_the_device_is_no_part_of_a_draft() -> None:
    assert values_of({"id": "x", "device": {"id": "y"}}) == {}
    assert merge({}, {}, {}, 0, ["device", "id"]).values == {}


def test_an_answer_is_taken_away_although_its_sheet_is_asked_about() -> None:
    base = {"stalls": [{"stall": STALLS[0], "answers": {"J01": ANSWER}}]}
    first = {"stalls": [{"stall": STALLS[0], "absent": "Nghỉ", "answers": {"J01": ANSWER}}]}
    second = {"stalls": [{"stall": STALLS[0], "absent": "Đóng", "answers": {}}]}

    _, merged = one_after_the_other(base, first, second)

    assert merged.conflicts == {HEADS[0]: {"stall": STALLS[0], "absent": "Đóng"}}
    assert f"{HEADS[0]}.answers.J01" not in merged.values
