"""Steps of the schema that rewrite what is stored."""

from importlib import import_module
from typing import Any

from django.apps import apps

from inspections.fieldwork import reading
from inspections.fieldwork.models import Inspection
from tests.inspections.visits import Visits


def test_results_of_former_days_are_read_as_before(visits: Visits) -> None:
    visit = visits.submit(fails=["G03"])
    told = reading.result(visit)
    former: dict[str, Any] = {**told, "criteria": visit.result["criteria"]}
    assert all("criteria" in stall for stall in former["stalls"])
    Inspection.objects.filter(pk=visit.pk).update(result=former)

    step = import_module("inspections.migrations.0015_kept_results")
    for _ in range(2):
        step.keep_outcomes(apps, None)

    visit.refresh_from_db()
    assert [set(stall) for stall in visit.result["stalls"]] == [
        {"stall", "verdict", "level_a", "level_b", "outcomes"}
    ] * len(told["stalls"])
    assert reading.result(visit)["stalls"] == told["stalls"]
