"""planning.assignments: what is asked of whom, and which visit fulfils it (A5)."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts import lifecycle as accounts
from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from backend.common.errors import DomainError
from backend.common.printable import CharacterNotSupported
from inspections.fieldwork.errors import IllegalMove, ReasonRequired
from inspections.fieldwork.models import Inspection
from inspections.planning import assignments, errors
from inspections.planning.models import Assignment
from markets.errors import DayOutOfRange, EstablishmentClosed
from markets.models import Establishment
from tests.inspections.followup.builders import asked
from tests.inspections.visits import Visits, person

DUE = date(2026, 12, 31)


def user(username: str, role: Role = Role.INSPECTOR) -> User:
    return User.objects.get(pk=person(username, role).id)


def state(assignment: Assignment) -> tuple[str, Inspection | None]:
    assignment.refresh_from_db()
    return assignment.status, assignment.done_by


def actions() -> list[str]:
    found = AuditEntry.objects.filter(subject__startswith="assignment:").order_by("sequence")
    return list(found.values_list("action", flat=True))


# What may be asked


def test_what_is_asked_stands_in_the_trail(visits: Visits) -> None:
    assignment = asked(
        visits, grounds_number="12/QĐ-SCT", grounds_on=date(2026, 11, 2), grounds_issuer="Sở"
    )

    assert assignment.status == "open"
    entry = AuditEntry.objects.get(action="assignment.made")
    assert entry.subject == f"assignment:{assignment.pk}"
    assert entry.data == {
        "establishment": "BOC-BO",
        "checklist": "MARKET-FS",
        "inspector": "lan.ht",
        "members": [],
        "due_on": "2026-12-31",
        "kind": "planned",
        "grounds": {"number": "12/QĐ-SCT", "date": "2026-11-02", "issuer": "Sở"},
        "follows": None,
    }


@pytest.mark.parametrize(
    ("changes", "refusal", "pointer"),
    [
        ({"checklist": "NOTHING"}, errors.UnknownChecklist, "/checklist"),
        ({"checklist": "SUPERMARKET-PLASTIC"}, errors.ChecklistNotForThisKind, "/checklist"),
        ({"due_on": date(1899, 1, 1)}, DayOutOfRange, "/due_on"),
        ({"kind": "follow_up"}, errors.FollowsRequired, "/follows"),
        (
            {"grounds_number": "😀", "grounds_on": DUE, "grounds_issuer": "Sở"},
            CharacterNotSupported,
            "/grounds/number",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(
    visits: Visits, changes: dict[str, Any], refusal: type[DomainError], pointer: str
) -> None:
    with pytest.raises(refusal) as refused:
        asked(visits, **changes)

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DEPARTMENT])
def test_only_an_inspector_is_asked(visits: Visits, role: Role) -> None:
    with pytest.raises(errors.UnknownInspector):
        asked(visits, inspector=user("minh", role))


def test_nobody_is_asked_who_may_not_sign_in(visits: Visits) -> None:
    former = user("former")
    accounts.disable(former, by=None)
    former.refresh_from_db()

    with pytest.raises(errors.UnknownInspector):
        asked(visits, inspector=former)


def test_a_place_that_has_closed_is_visited_no_more(visits: Visits) -> None:
    visits.market.closed_on = date(2026, 1, 1)

    with pytest.raises(EstablishmentClosed):
        asked(visits)


def test_a_follow_up_names_an_official_visit_of_the_place_that_still_stands(visits: Visits) -> None:
    visit = visits.submit()
    self_check = visits.document(kind="self_check", inspector="mai.tt", signatures=[], grounds=None)
    visits.send(self_check, visits.manager)
    own = Inspection.objects.get(pk=self_check["id"])
    elsewhere = Establishment.objects.get(code="PHU-THONG")

    assert asked(visits, kind="follow_up", follows=visit).follows == visit
    with pytest.raises(errors.UnknownInspection):
        asked(visits, kind="follow_up", follows=visit, establishment=elsewhere)
    with pytest.raises(errors.UnknownInspection):
        asked(visits, kind="follow_up", follows=own)
    with pytest.raises(errors.FollowsNotAllowed):
        asked(visits, follows=visit)
    visits.submit(supersedes=str(visit.pk), reason="Ghi sai")
    visit.refresh_from_db()
    with pytest.raises(errors.UnknownInspection):
        asked(visits, kind="follow_up", follows=visit)


# What becomes of it


def test_a_change_tells_what_was_and_what_is(visits: Visits) -> None:
    assignment, colleague = asked(visits), user("pao.nv")

    assignments.change(assignment, {"inspector": colleague, "due_on": DUE}, by=None)

    assignment.refresh_from_db()
    assert assignment.inspector == colleague
    entry = AuditEntry.objects.get(action="assignment.changed")
    assert entry.data["changed"] == {"inspector": ["lan.ht", "pao.nv"]}


def test_a_change_that_changes_nothing_leaves_no_trace(visits: Visits) -> None:
    assignments.change(asked(visits), {"due_on": DUE}, by=None)

    assert actions() == ["assignment.made"]


def test_a_change_is_held_against_the_same_rules(visits: Visits) -> None:
    assignment = asked(visits)

    with pytest.raises(errors.FollowsRequired):
        assignments.change(assignment, {"kind": "follow_up"}, by=None)

    assert Assignment.objects.get().kind == "planned"


def test_a_cancelled_assignment_has_a_reason_and_has_ended(visits: Visits) -> None:
    assignment = asked(visits)
    with pytest.raises(ReasonRequired):
        assignments.cancel(assignment, reason=" ", by=None)

    assignments.cancel(assignment, reason=" Chợ nghỉ ", by=None)

    assert (assignment.status, assignment.cancelled_reason) == ("cancelled", "Chợ nghỉ")
    for again in (
        lambda: assignments.cancel(assignment, reason="x", by=None),
        lambda: assignments.change(assignment, {"due_on": DUE}, by=None),
        lambda: assignments.miss(assignment, reason="x", by=None),
    ):
        with pytest.raises(IllegalMove) as refused:
            again()
        assert refused.value.extension["legal_moves"] == []
    assert actions() == ["assignment.made", "assignment.cancelled"]


def test_nothing_is_missed_before_it_was_due(visits: Visits) -> None:
    with time_machine.travel("2026-12-31T16:59:59Z", tick=False):  # a second before midnight
        assignment = asked(visits)
        with pytest.raises(IllegalMove) as refused:
            assignments.miss(assignment, reason="Mưa lũ", by=None)
    assert refused.value.extension["legal_moves"] == ["change", "cancel"]

    with time_machine.travel("2026-12-31T17:00:00Z", tick=False):
        assignments.miss(assignment, reason="Mưa lũ", by=None)

    assert (assignment.status, assignment.missed_reason) == ("missed", "Mưa lũ")


# Which visit fulfils it


def test_a_visit_fulfils_what_was_asked_of_its_team(visits: Visits) -> None:
    assignment = asked(visits)

    visit = visits.submit()

    assert state(assignment) == ("done", visit)
    entry = AuditEntry.objects.get(action="assignment.fulfilled")
    assert (entry.subject, entry.actor) == (f"assignment:{assignment.pk}", "lan.ht")
    assert entry.data == {"establishment": "BOC-BO", "inspection": str(visit.pk)}


def test_a_visit_fulfils_one_assignment_the_first_that_is_due(visits: Visits) -> None:
    later, first = asked(visits), asked(visits, due_on=date(2026, 11, 30))

    visit = visits.submit()

    assert (state(first), state(later)) == (("done", visit), ("open", None))

    next_visit = visits.submit()

    assert state(later) == ("done", next_visit)


def test_rather_the_one_of_its_kind(visits: Visits) -> None:
    planned = asked(visits, due_on=date(2026, 11, 30))
    recognition = asked(visits, kind="recognition")

    visit = visits.submit(kind="recognition")

    assert (state(planned), state(recognition)) == (("open", None), ("done", visit))


def test_a_visit_fulfils_one_for_each_of_its_team(visits: Visits) -> None:
    colleague, stranger = user("pao.nv"), user("khac")
    own, other = asked(visits), asked(visits, inspector=colleague)
    foreign = asked(visits, inspector=stranger)
    team = [{"role": "head", "username": "lan.ht"}, {"role": "member", "username": "pao.nv"}]

    visit = visits.submit(team=team)

    assert [state(row) for row in (own, other)] == [("done", visit)] * 2
    assert state(foreign) == ("open", None)


def test_another_place_and_another_checklist_are_other_visits(visits: Visits) -> None:
    elsewhere = asked(visits, establishment=Establishment.objects.get(code="PHU-THONG"))
    store = Establishment.objects.create(code="SIEU-THI", kind="supermarket", name_vi="Siêu thị")
    plastic = asked(visits, establishment=store, checklist="SUPERMARKET-PLASTIC")

    visits.submit()

    assert [state(row) for row in (elsewhere, plastic)] == [("open", None)] * 2


def test_a_follow_up_is_made_by_follow_ups_alone(visits: Visits) -> None:
    first = visits.submit(fails=["G03"])
    planned = asked(visits, due_on=date(2026, 11, 30))
    follow_up = asked(visits, kind="follow_up", follows=first)

    made = visits.submit(kind="follow_up", follows=str(first.pk))

    assert (state(follow_up), state(planned)) == (("done", made), ("open", None))


def test_a_planned_visit_is_no_follow_up(visits: Visits) -> None:
    follow_up = asked(visits, kind="follow_up", follows=visits.submit(fails=["G03"]))

    visits.submit()

    assert state(follow_up) == ("open", None)


def test_a_self_check_fulfils_nothing(visits: Visits) -> None:
    assignment = asked(visits)

    sent = visits.document(kind="self_check", inspector="mai.tt", signatures=[], grounds=None)
    visits.send(sent, visits.manager)

    assert state(assignment) == ("open", None)


def test_what_was_missed_may_still_arrive_but_not_what_was_cancelled(visits: Visits) -> None:
    with time_machine.travel("2026-11-10T02:00:00Z", tick=False):
        missed = asked(visits, due_on=date(2026, 11, 9))
        assignments.miss(missed, reason="Chưa gửi", by=None)
    cancelled = assignments.cancel(
        asked(visits, due_on=date(2026, 11, 1)), reason="Chợ nghỉ", by=None
    )

    visit = visits.submit()

    assert state(missed) == ("done", visit)
    assert missed.missed_reason == "Chưa gửi"
    assert state(cancelled) == ("cancelled", None)


def test_the_same_visit_sent_again_fulfils_nothing_more(visits: Visits) -> None:
    asked(visits)
    asked(visits)
    sent = visits.document()

    visits.send(sent)
    visits.send(sent)

    assert Assignment.objects.filter(status="done").count() == 1


def test_a_submission_asks_once_however_much_is_asked(visits: Visits) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            visits.submit()
        return len(captured)

    visits.submit()  # fills what is kept per process
    none = statements()
    stranger = user("khac")
    for _ in range(20):
        asked(visits, inspector=stranger)

    assert statements() == none


def test_assignments_are_seen_by_whom_they_concern(visits: Visits) -> None:
    assignment, colleague = asked(visits), user("pao.nv")

    def seen(pk: int, role: str) -> list[Assignment]:
        return list(Assignment.objects.visible_to(pk, role))

    assert seen(visits.inspector.id, "inspector") == seen(0, "department") == [assignment]
    assert seen(colleague.pk, "inspector") == seen(visits.manager.id, "manager") == []
