"""followup.queries: what became of a finding (A1 to A3), and whether it is overdue (A4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
import time_machine
from django.utils import timezone

from inspections.checklists import lifecycle as checklists
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Finding
from inspections.followup.queries import OVERDUE, with_status
from tests.cast import next_version
from tests.inspections.followup.builders import a_finding, answer
from tests.inspections.visits import Visits

TODAY = date(2026, 11, 22)
LATER = {"started_at": "2026-12-20T06:40:00+07:00", "ended_at": "2026-12-20T08:00:00+07:00"}
EARLIER = {"started_at": "2026-11-01T06:40:00+07:00", "ended_at": "2026-11-01T08:00:00+07:00"}


FUTURE = {"started_at": "2030-01-01T06:40:00+07:00", "ended_at": "2030-01-01T08:00:00+07:00"}
PAST = {"started_at": "1970-01-01T06:40:00+07:00", "ended_at": "1970-01-01T08:00:00+07:00"}


@pytest.fixture(autouse=True)
def _after_the_visits() -> Iterator[None]:
    with time_machine.travel("2026-12-31T02:00:00Z"):
        yield


def status(finding: Finding) -> str:
    row = with_status(Finding.objects.filter(pk=finding.pk), TODAY).get()
    return str(cast("Any", row).status)


def at_a_stall(visits: Visits, **changes: Any) -> Finding:
    stall = visits.stalls[0]["id"]
    return a_finding(visits, fails=[], stall_fails={stall: ["J05"]}, **changes)


def test_a_finding_is_open_until_it_is_answered(visits: Visits) -> None:
    finding = a_finding(visits)
    assert status(finding) == "open"

    answer(visits, finding)

    assert status(finding) == "answered"


def test_a_visit_that_is_voided_takes_its_findings_with_it(visits: Visits) -> None:
    finding = a_finding(visits)
    answer(visits, finding)

    fieldwork.void(finding.inspection, reason="Ghi nhầm cơ sở", by=visits.inspector)

    assert status(finding) == "closed"


def test_a_visit_that_supersedes_finds_anew(visits: Visits) -> None:
    old = a_finding(visits)

    new = a_finding(visits, supersedes=str(old.inspection_id), reason="Ghi sai")

    assert (status(old), status(new)) == ("closed", "open")


def test_a_follow_up_goes_on_with_what_it_still_finds(visits: Visits) -> None:
    visit = visits.submit(fails=["G03"], stall_fails={visits.stalls[0]["id"]: ["J05"]})
    before = list(visit.findings.all())

    follow_up = visits.submit(kind="follow_up", follows=str(visit.pk), fails=["G03"], **LATER)

    assert [status(finding) for finding in before] == ["closed", "closed"]
    assert [status(finding) for finding in follow_up.findings.all()] == ["open"]


def test_a_follow_up_that_is_voided_gives_back_what_it_closed(visits: Visits) -> None:
    finding = at_a_stall(visits)
    answer(visits, finding)
    follow_up = visits.submit(kind="follow_up", follows=str(finding.inspection_id))
    assert status(finding) == "closed"

    fieldwork.void(follow_up, reason="Ghi nhầm cơ sở", by=visits.inspector)

    assert status(finding) == "answered"


def test_a_later_visit_looks_at_the_place_again_but_perhaps_not_at_every_stall(
    visits: Visits,
) -> None:
    place, stall = a_finding(visits), at_a_stall(visits)

    visits.submit(stalls=visits.stalls[1:], **LATER)

    assert (status(place), status(stall)) == ("closed", "open")


def test_a_visit_that_arrives_late_closes_nothing_that_was_found_after_it(visits: Visits) -> None:
    finding = a_finding(visits)

    visits.submit(**EARLIER)

    assert status(finding) == "open"


def test_a_clock_that_runs_ahead_closes_nothing_that_is_found_afterwards(visits: Visits) -> None:
    visits.submit(**FUTURE)

    finding = a_finding(visits)

    assert status(finding) == "open"


def test_what_a_clock_that_runs_ahead_found_is_closed_by_the_next_visit(visits: Visits) -> None:
    finding = a_finding(visits, **FUTURE)
    begun = timezone.now() + timedelta(seconds=1)

    with time_machine.travel(begun + timedelta(hours=2)):
        visits.submit(started_at=begun.isoformat(), ended_at=begun.isoformat())

    assert status(finding) == "closed"


def test_what_a_clock_that_was_reset_found_is_not_closed_by_what_came_before(
    visits: Visits,
) -> None:
    visits.submit()

    finding = a_finding(visits, **PAST)
    assert status(finding) == "open"

    visits.submit(**LATER)
    assert status(finding) == "closed"


def test_no_clock_finds_in_the_future_or_overlooks_there_what_repeats(visits: Visits) -> None:
    first = a_finding(visits)

    again = a_finding(visits, **FUTURE)

    assert (again.found_on, again.repeat_of) == (date(2026, 12, 31), first)


def test_what_is_found_again_at_a_stall_is_the_newer_finding(visits: Visits) -> None:
    old = at_a_stall(visits)

    new = at_a_stall(visits, **LATER)

    assert new.repeat_of == old
    assert (status(old), status(new)) == ("closed", "open")


def test_a_self_check_closes_nothing(visits: Visits) -> None:
    place, stall = a_finding(visits), at_a_stall(visits)

    sent = visits.document(
        kind="self_check", inspector="mai.tt", signatures=[], grounds=None,
        stall_fails={visits.stalls[0]["id"]: ["J05"]}, **LATER,
    )  # fmt: skip
    visits.send(sent, visits.manager)

    assert Finding.objects.filter(repeat_of=stall).exists()
    assert (status(place), status(stall)) == ("open", "open")


def overdue(on: date) -> set[str]:
    rows = with_status(Finding.objects.all(), on).filter(OVERDUE)
    return set(rows.values_list("item", flat=True))


def test_what_is_open_is_overdue_from_the_day_after_its_due_date(visits: Visits) -> None:
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        visit = visits.submit(fails=["B03", "B05"])  # due on 25 November and on 22 December

    assert overdue(date(2026, 11, 25)) == set()
    assert overdue(date(2026, 11, 26)) == {"B03"}
    assert overdue(date(2026, 12, 23)) == {"B03", "B05"}

    answer(visits, visit.findings.get(item="B03"))

    assert overdue(date(2026, 12, 23)) == {"B05"}


def test_what_was_corrected_on_the_spot_is_never_overdue(visits: Visits) -> None:
    sent = visits.document(fails=["G03"])
    sent["answers"]["G03"]["corrected_on_site"] = True
    visits.send(sent)

    assert status(Finding.objects.get()) == "open"
    assert overdue(date(2099, 1, 1)) == set()


@pytest.mark.parametrize("role", ["inspector", "department"])
def test_inspectors_and_the_department_see_what_was_found_everywhere(
    visits: Visits, role: str
) -> None:
    finding = a_finding(visits)

    assert list(Finding.objects.visible_to(0, role)) == [finding]
    assert list(Finding.objects.visible_to(visits.manager.id, "manager")) == [finding]
    assert not Finding.objects.visible_to(0, "manager").exists()


def test_a_fault_is_recognised_where_its_item_lives_on_in_another_version(visits: Visits) -> None:
    stall, other = visits.stalls[0]["id"], visits.stalls[1]["id"]
    before = visits.submit(fails=["G03"], stall_fails={stall: ["J05"]})
    row = checklists.import_draft(next_version().decode(), by=None)
    checklists.publish(row.pk, by=None)
    newer = checklists.published("MARKET-FS@2")
    assert newer

    again = replace(visits, checklist=newer.definition).submit(
        fails=["G03"], stall_fails={stall: ["J05"], other: ["J05"]}, **LATER
    )

    assert again.checklist.name == "MARKET-FS@2"
    known: dict[Any, str] = {found.pk: found.item for found in before.findings.all()}
    repeats = {
        (found.item, str(found.stall_id)): known.get(found.repeat_of_id)
        for found in again.findings.all()
    }
    assert repeats == {("G03", "None"): "G03", ("J05", stall): "J05", ("J05", other): None}
    assert {status(found) for found in before.findings.all()} == {"closed"}
