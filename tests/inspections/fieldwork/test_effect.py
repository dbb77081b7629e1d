"""The effect of a new version on the visits that were made with an older one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.checklists import lifecycle as checklists
from inspections.checklists.errors import ChecklistsUnrelated
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork import effect as module
from inspections.fieldwork import lifecycle
from inspections.fieldwork.effect import Outcome, effect
from inspections.fieldwork.models import Inspection
from inspections.management.commands.load_checklists import LIBRARY
from tests.inspections.checklists.test_api import api_as
from tests.inspections.visits import Visits

MARKET = (LIBRARY / "market_food_safety.yaml").read_text(encoding="utf-8")
FURTHER = "threshold: 500\n      param: min_pollution_distance_m"
ONE_MORE = """  - code: B99
    text: {vi: Có biển chỉ dẫn, en: There are signs}
    severity: critical
    answer: {type: pass_fail}
    photo: never
    na_allowed: false
    refs: []
"""


def first() -> ChecklistVersion:
    return ChecklistVersion.objects.get(code="MARKET-FS", version=1)


def another(**changed: str) -> ChecklistVersion:
    """A draft of the next version.

    ``further``: the threshold of B02, which becomes critical; ``item``: one more, before it.
    """
    text = MARKET.replace("\nversion: 1\n", "\nversion: 2\n")
    if "further" in changed:
        head, tail = text.split("  - code: B02\n")
        tail = tail.replace(FURTHER, FURTHER.replace("500", changed["further"]), 1)
        tail = re.sub(
            r"severity: \w+\n    points: \d", "severity: critical\n    points: 3", tail, count=1
        )
        text = head + "  - code: B02\n" + tail
    if "item" in changed:
        text = text.replace("item_count: 70", "item_count: 71")
        text = re.sub(r"(?m)^  - code: B02$", lambda at: changed["item"] + at[0], text, count=1)
    return checklists.import_draft(text, by=None)


def counts(found: module.Effect) -> dict[str, int]:
    return {str(name): count for name, count in found.changes.items()}


def test_a_version_that_asks_the_same_keeps_every_verdict(visits: Visits) -> None:
    visits.submit(fails=["B03"])
    visits.submit()

    found = effect(first(), another())

    assert (found.inspections, counts(found), found.visits) == (2, {"kept": 2}, [])
    assert found.mean_scores[0] == found.mean_scores[1] == found.mean_scores[2]


def test_a_threshold_that_old_measurements_miss_lowers_them(visits: Visits) -> None:
    inspection = visits.submit()
    value = inspection.document["answers"]["B02"]["value"]
    assert int(value) < 9000

    found = effect(first(), another(further="9000"))

    assert counts(found) == {"lowered": 1}
    (visit,) = found.visits
    assert visit.before == Outcome("pass", "100.00")
    assert visit.lowest == visit.highest
    assert visit.lowest.verdict == "fail"
    assert found.transitions == {("pass", "fail", "fail"): 1}
    assert found.mean_scores == ["100.00", visit.lowest.score, visit.lowest.score]


def test_a_new_critical_item_leaves_the_verdict_open(visits: Visits) -> None:
    inspection = visits.submit()

    found = effect(first(), another(item=ONE_MORE))

    assert counts(found) == {"uncertain": 1}
    assert found.transitions == {("pass", "fail", "pass"): 1}
    (visit,) = found.visits
    assert (visit.id, visit.number, visit.establishment) == (inspection.pk, "01/BB-SCT", "BOC-BO")
    assert visit.highest == visit.before
    assert found.mean_scores == ["100.00", visit.lowest.score, "100.00"]


def test_a_failed_item_that_is_gone_raises(visits: Visits) -> None:
    newer = checklists.publish(another(item=ONE_MORE).pk, by=None)
    published = checklists.published("MARKET-FS@2")
    assert published
    visits.checklist = published.definition
    visits.submit(fails=["B99"])

    found = effect(newer, first())

    assert (counts(found), found.transitions) == ({"raised": 1}, {("fail", "pass", "pass"): 1})


def test_what_no_longer_counts_is_not_looked_at(visits: Visits) -> None:
    replaced, voided = visits.submit(), visits.submit()
    lifecycle.void(voided, reason="Nhầm cơ sở", by=visits.inspector)
    visits.submit(supersedes=str(replaced.pk), reason="Ghi sai")
    visits.submit(
        visits.manager, inspector="mai.tt", kind="self_check", signatures=[], grounds=None
    )

    assert effect(first(), another()).inspections == 1


def test_carried_answers_of_a_follow_up_are_scored_too(visits: Visits) -> None:
    visits.submit(fails=["B03"])
    first_visit = Inspection.objects.get()
    followed = visits.document(kind="follow_up", follows=str(first_visit.pk))
    kept = ("B03",)
    followed["answers"] = {
        code: answer
        for code, answer in followed["answers"].items()
        if code in kept or visits.checklist.items[code].severity == "critical"
    }
    visits.send(followed)

    assert counts(effect(first(), another())) == {"kept": 2}


def test_versions_of_two_checklists_are_not_compared(visits: Visits) -> None:
    other = ChecklistVersion.objects.get(code="SUPERMARKET-PLASTIC")

    with pytest.raises(ChecklistsUnrelated):
        effect(first(), other)
    answer = api_as("department").get("/api/v1/checklists/MARKET-FS@1/diff/SUPERMARKET-PLASTIC@1/")
    assert (answer.status_code, answer.json()["code"]) == (422, "other_checklist")


def test_the_newest_are_scored_and_shown_and_the_rest_is_counted(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_VISITS", 3)
    monkeypatch.setattr(module, "SHOWN", 2)
    made = [visits.submit() for _ in range(4)]
    for number, visit in enumerate(made):
        moved = Inspection.objects.filter(pk=visit.pk)
        moved.update(started_at=visit.started_at - timedelta(days=number))

    found = effect(first(), another(further="9000"))

    assert (found.inspections, found.left_out, counts(found)) == (3, 1, {"lowered": 3})
    assert [visit.id for visit in found.visits] == [visit.pk for visit in made[:2]]


def test_the_queries_do_not_grow_with_the_visits(visits: Visits) -> None:
    draft = another(further="9000")
    api = api_as("department")

    def ask() -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as captured:
            answer = api.get("/api/v1/checklists/MARKET-FS@1/diff/MARKET-FS@2/")
        assert answer.status_code == 200
        return len(captured), answer.json()["effect"]

    visits.submit()
    ask()
    one, _ = ask()
    for _ in range(25):
        visits.submit()
    many, told = ask()

    assert many == one
    assert draft.status == "draft"
    assert (told["inspections"], told["lowered"], told["left_out"]) == (26, 26, 0)
    assert set(told) == {
        "inspections", "left_out", "kept", "raised", "lowered", "uncertain", "transitions",
        "mean_score", "visits",
    }  # fmt: skip
    assert told["transitions"] == [
        {"before": "pass", "lowest": "fail", "highest": "fail", "inspections": 26}
    ]
    assert len(told["visits"]) == 26
    assert told["visits"][0]["before"] == {"verdict": "pass", "score": "100.00"}
