"""followup.verification: who looks at an answer, and what becomes of the finding (A7 to A11)."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from backend.common.errors import DomainError, NotFound, PermissionDenied
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.errors import IllegalMove, ReasonRequired
from inspections.fieldwork.models import Finding
from inspections.followup import verification
from inspections.followup.errors import AnsweredMeanwhile, OwnCorrection
from inspections.followup.models import Correction, FindingException
from inspections.followup.queries import OVERDUE, with_last_word, with_status
from inspections.followup.rules.moves import MOVES, legal_moves
from markets.errors import DayOutOfRange
from tests.inspections.followup.builders import a_finding, answer
from tests.inspections.visits import Visits, person

TODAY = date(2026, 11, 22)
LATER = {"started_at": "2026-12-20T06:40:00+07:00", "ended_at": "2026-12-20T08:00:00+07:00"}


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def now(finding: Finding, on: date | None = None) -> Any:
    rows = with_status(Finding.objects.filter(pk=finding.pk), on or timezone.localdate())
    return cast("Any", with_last_word(rows).get())


def is_overdue(finding: Finding, on: date) -> bool:
    rows = with_status(Finding.objects.filter(pk=finding.pk), on)
    return rows.filter(OVERDUE).exists()


def actions(finding: Finding) -> list[str]:
    entries = AuditEntry.objects.filter(subject=f"finding:{finding.pk}").order_by("sequence")
    return [entry.action.removeprefix("finding.") for entry in entries]


def test_an_answer_that_is_accepted_closes_the_finding(visits: Visits) -> None:
    finding = a_finding(visits)
    correction, _ = answer(visits, finding)

    verification.accept(finding.pk, by=visits.inspector, correction=correction.pk)

    stored = Correction.objects.get()
    assert (stored.state, stored.decided_by_id) == ("accepted", visits.inspector.id)
    assert now(finding).status == "closed"
    assert actions(finding) == ["answered", "accepted"]


def test_an_answer_that_is_refused_stays_with_its_reason(visits: Visits) -> None:
    finding = a_finding(visits)
    answer(visits, finding)

    verification.refuse(finding.pk, by=visits.inspector, reason=" Lưới còn rách ")

    assert (now(finding).status, now(finding).refusal) == ("reopened", "Lưới còn rách")
    answer(visits, finding, text="Đã thay lưới mới")
    assert now(finding).status == "answered"
    verification.accept(finding.pk, by=visits.inspector)
    states = Correction.objects.order_by("at").values_list("state", "reason")
    assert list(states) == [("refused", "Lưới còn rách"), ("accepted", "")]
    assert now(finding).status == "closed"


def test_what_is_done_in_part_leaves_something_to_do(visits: Visits) -> None:
    finding = a_finding(visits)
    answer(visits, finding, partly=True)

    verification.accept(finding.pk, by=visits.inspector)

    assert now(finding).status == "open"
    answer(visits, finding, text="Phần còn lại")
    verification.accept(finding.pk, by=visits.inspector)
    assert now(finding).status == "closed"


def test_every_answer_that_waits_is_decided_about(visits: Visits) -> None:
    finding = a_finding(visits)
    answer(visits, finding)
    answer(visits, finding, text="Lần nữa")

    verification.refuse(finding.pk, by=visits.inspector, reason="Chưa đạt")

    assert set(Correction.objects.values_list("state", flat=True)) == {"refused"}


def test_a_verifier_does_not_decide_about_what_came_meanwhile(visits: Visits) -> None:
    finding = a_finding(visits)
    seen, _ = answer(visits, finding)
    newer, _ = answer(visits, finding, text="Lần nữa")

    with pytest.raises(AnsweredMeanwhile) as refused:
        verification.accept(finding.pk, by=visits.inspector, correction=seen.pk)

    assert refused.value.extension == {"correction": str(newer.pk)}
    assert now(finding).status == "answered"


def test_a_decision_may_be_sent_again_but_not_turned_round(visits: Visits) -> None:
    finding, colleague = a_finding(visits), person("pao.nv", Role.INSPECTOR)
    answer(visits, finding)
    verification.accept(finding.pk, by=visits.inspector)

    verification.accept(finding.pk, by=visits.inspector)
    assert actions(finding) == ["answered", "accepted"]
    with pytest.raises(IllegalMove) as refused:
        verification.refuse(finding.pk, by=colleague, reason="Chưa đạt")
    with pytest.raises(IllegalMove):
        verification.accept(finding.pk, by=colleague)

    assert refused.value.extension == {
        "finding": str(finding.pk),
        "state": "closed",
        "legal_moves": ["reopen"],
    }


def test_what_was_closed_too_early_is_opened_again(visits: Visits, department: Person) -> None:
    finding = a_finding(visits)
    answer(visits, finding)
    verification.accept(finding.pk, by=visits.inspector)

    verification.reopen(finding.pk, by=department, reason="Ảnh của chợ khác")

    assert (now(finding).status, now(finding).refusal) == ("reopened", "Ảnh của chợ khác")
    stored = Correction.objects.get()
    assert (stored.state, stored.decided_by_id) == ("reopened", visits.inspector.id)
    assert (stored.reopened_by_id, stored.reopened_reason) == (department.id, "Ảnh của chợ khác")
    assert actions(finding) == ["answered", "accepted", "reopened"]


def test_who_has_put_it_right_does_not_verify_it_in_another_role_either(visits: Visits) -> None:
    finding = a_finding(visits)
    answer(visits, finding)
    User.objects.filter(pk=visits.manager.id).update(role=Role.INSPECTOR)
    former = Person(visits.manager.id, "mai.tt", Role.INSPECTOR.value, uuid.uuid4())
    deputy = person("deputy", Role.INSPECTOR)

    with pytest.raises(OwnCorrection):
        verification.accept(finding.pk, by=former)
    with pytest.raises(OwnCorrection):
        verification.refuse(finding.pk, by=former, reason="Chưa đạt")
    verification.accept(finding.pk, by=deputy)
    with pytest.raises(OwnCorrection):
        verification.reopen(finding.pk, by=former, reason="Chưa đạt")


def test_nor_by_a_visit_of_the_own(visits: Visits) -> None:
    finding = a_finding(visits)
    answer(visits, finding)
    User.objects.filter(pk=visits.manager.id).update(role=Role.INSPECTOR)
    former = Person(visits.manager.id, "mai.tt", Role.INSPECTOR.value, uuid.uuid4())
    with time_machine.travel("2026-12-31T02:00:00Z"):
        visits.submit(former, inspector="mai.tt", **LATER)

        assert now(finding).status == "answered"
        visits.submit(**LATER)
        assert now(finding).status == "closed"


def test_the_database_knows_no_correction_that_its_maker_verified(visits: Visits) -> None:
    correction, _ = answer(visits, a_finding(visits))
    maker = {"decided_by_id": correction.by_id, "decided_at": timezone.now()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(state="accepted", **maker)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "accepted"},
        {"state": "refused", "reason": ""},
        {"state": "reopened", "reopened_reason": ""},
    ],
    ids=["nobody", "no reason", "no reason to reopen"],
)
def test_the_database_knows_no_half_decision(visits: Visits, change: dict[str, Any]) -> None:
    correction, _ = answer(visits, a_finding(visits))
    decided = {"decided_by_id": visits.inspector.id, "decided_at": timezone.now()}
    whole = change if change == {"state": "accepted"} else {**decided, **change}

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(**whole)


Verb = Callable[[Finding, Person], None]
VERBS: dict[str, Verb] = {
    "accept": lambda finding, by: verification.accept(finding.pk, by=by),
    "refuse": lambda finding, by: verification.refuse(finding.pk, by=by, reason="Chưa đạt"),
    "reopen": lambda finding, by: verification.reopen(finding.pk, by=by, reason="Chưa đạt"),
    "except": lambda finding, by: verification.except_until(
        finding.pk, until=timezone.localdate(), reason="Chờ sửa mái", by=by
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_manager_decides_nothing_and_a_stranger_knows_of_nothing(
    visits: Visits, verb: str
) -> None:
    finding = a_finding(visits)
    answer(visits, finding)

    with pytest.raises(PermissionDenied):
        VERBS[verb](finding, visits.manager)
    with pytest.raises(NotFound):
        VERBS[verb](finding, person("stranger", Role.MANAGER))
    assert actions(finding) == ["answered"]


def test_an_inspector_grants_no_exception(visits: Visits) -> None:
    with pytest.raises(PermissionDenied):
        VERBS["except"](a_finding(visits), visits.inspector)


@pytest.mark.parametrize("verb", ["refuse", "reopen", "except"])
def test_what_burdens_or_frees_somebody_has_a_reason(
    visits: Visits, department: Person, verb: str
) -> None:
    given: dict[str, Any] = {"until": timezone.localdate()} if verb == "except" else {}
    call = {
        "refuse": verification.refuse,
        "reopen": verification.reopen,
        "except": verification.except_until,
    }[verb]

    with pytest.raises(ReasonRequired):
        call(a_finding(visits).pk, by=department, reason=" ", **given)


@pytest.mark.parametrize("verb", ["accept", "refuse", "reopen"])
def test_where_nothing_was_answered_there_is_nothing_to_decide(visits: Visits, verb: str) -> None:
    with pytest.raises(IllegalMove) as refused:
        VERBS[verb](a_finding(visits), visits.inspector)

    assert refused.value.extension["legal_moves"] == ["respond", "except"]


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_visit_has_closed_only_a_visit_opens(
    visits: Visits, department: Person, verb: str
) -> None:
    finding = a_finding(visits)
    answer(visits, finding)
    fieldwork.void(finding.inspection, reason="Ghi nhầm", by=visits.inspector)

    with pytest.raises(IllegalMove) as refused:
        VERBS[verb](finding, department)

    assert refused.value.extension["legal_moves"] == []


def test_the_table_of_moves_is_the_one_of_the_rules() -> None:
    assert {status: set(moves) for status, moves in MOVES.items()} == {
        "open": {"respond", "except"},
        "reopened": {"respond", "except"},
        "answered": {"respond", "accept", "refuse"},
        "excepted": {"respond", "except", "reopen"},
        "closed": {"reopen"},
    }
    assert all(legal_moves(status, by_visit=True) == () for status in MOVES)


# Exceptions


def grant(finding: Finding, by: Person, until: date, reason: str = "Chờ sửa mái") -> None:
    verification.except_until(finding.pk, until=until, reason=reason, by=by)


def test_an_exception_runs_out_by_itself(visits: Visits, department: Person) -> None:
    with time_machine.travel("2026-11-22T02:00:00Z"):
        finding = a_finding(visits, fails=["B03"])  # due on 25 November
        grant(finding, department, date(2026, 12, 31))

        assert now(finding).excepted_until == date(2026, 12, 31)
    assert now(finding, date(2026, 12, 31)).status == "excepted"
    assert not is_overdue(finding, date(2026, 12, 31))
    assert now(finding, date(2027, 1, 1)).status == "reopened"
    assert is_overdue(finding, date(2027, 1, 1))
    granted = FindingException.objects.get()
    assert (granted.granted_by_id, granted.granted_on) == (department.id, TODAY)
    assert actions(finding) == ["excepted"]


def test_an_exception_is_prolonged_or_ended_before_its_time(
    visits: Visits, department: Person
) -> None:
    with time_machine.travel("2026-11-22T02:00:00Z"):
        finding = a_finding(visits)
        grant(finding, department, date(2026, 12, 31))
        grant(finding, department, date(2027, 3, 31), "Vốn về quý I")
        grant(finding, department, date(2027, 3, 31), "Vốn về quý I")

        assert now(finding).excepted_until == date(2027, 3, 31)
        verification.reopen(finding.pk, by=department, reason="Đã có vốn")

        assert (now(finding).status, now(finding).excepted_until) == ("reopened", None)
    rows = FindingException.objects.order_by("pk").values_list("until", "ended_reason")
    assert list(rows) == [
        (date(2026, 12, 31), "Vốn về quý I"),
        (date(2027, 3, 31), "Đã có vốn"),
    ]
    assert actions(finding) == ["excepted", "excepted", "reopened"]


def test_a_finding_may_be_put_right_while_it_may_stand(visits: Visits, department: Person) -> None:
    finding = a_finding(visits)
    grant(finding, department, timezone.localdate())

    answer(visits, finding)
    assert now(finding).status == "answered"
    verification.refuse(finding.pk, by=visits.inspector, reason="Chưa đạt")
    assert now(finding).status == "excepted"
    answer(visits, finding, text="Lần nữa")
    verification.accept(finding.pk, by=visits.inspector)
    assert now(finding).status == "closed"


def test_an_exception_ends_today_at_the_earliest(visits: Visits, department: Person) -> None:
    with time_machine.travel("2026-11-22T02:00:00Z"):
        finding = a_finding(visits)
        for day in (date(2026, 11, 21), date(2201, 1, 1)):
            with pytest.raises(DayOutOfRange):
                grant(finding, department, day)
        grant(finding, department, TODAY)

    assert now(finding, TODAY).status == "excepted"


def test_an_answer_that_waits_is_looked_at_before_an_exception_is_granted(
    visits: Visits, department: Person
) -> None:
    finding = a_finding(visits)
    answer(visits, finding)

    with pytest.raises(DomainError) as refused:
        grant(finding, department, timezone.localdate())

    assert refused.value.extension["legal_moves"] == ["respond", "accept", "refuse"]
