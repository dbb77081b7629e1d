"""records.payload: what a record says of the result"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from inspections.fieldwork.rules.result import StallResult, evaluate
from inspections.records import payload
from tests.inspections.fieldwork.builders import answers, checklist, item, section
from tests.inspections.visits import Visits

DAY = date(2026, 11, 22)


def test_the_explanation_names_blocking_stalls_by_their_number(visits: Visits) -> None:
    seafood = visits.stalls[1]["id"]
    inspection = visits.submit(stall_fails={seafood: ["J02"]})

    said = json.loads(inspection.record.payload)["result"]["explanation"]

    assert "Tiêu chí J02 (mức A) không đạt tại quầy 02." in said


def test_who_signed_for_the_place_took_part(visits: Visits) -> None:
    """A record that shows a signature does not say that nobody of the place was there."""
    inspection = visits.submit(parties=[])

    said = json.loads(inspection.record.payload)["parties"]

    assert said == [{"role": "representative", "name": "Triệu Thị Mai", "title": ""}]


def test_points_are_explained_by_points_and_not_by_levels() -> None:
    asked = checklist(section("A", [item("A1", "critical")]), rule_set="POINTS100")

    said = payload._result(evaluate(asked, DAY, answers({"A1": "pass"}), []), {})["explanation"]

    assert said == ["Đạt 3/3 điểm.", "Đạt khi từ 80 %; chờ hoàn thiện từ 60 %."]


def test_what_the_stalls_cost_grows_with_their_number_and_not_its_square(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit may have 2,000 of them."""
    walks: list[None] = []

    class Counted(tuple[StallResult, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[StallResult]:
            walks.append(None)
            return super().__iter__()

    def build(visit: payload.Visit) -> dict[str, object]:
        walks.clear()
        counted = replace(visit.result, stalls=Counted(visit.result.stalls))
        return payload.build(replace(visit, result=counted))

    monkeypatch.setattr("inspections.submission.lifecycle.build", build)
    visits.submit()

    assert len(visits.stalls) == 3
    assert len(walks) == 1
