"""disputes.lifecycle: replies, appeals, their officers, and publication (J1 to J5)."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from backend.common.errors import DomainError, NotFound, PermissionDenied
from backend.common.printable import CharacterNotSupported
from inspections.disputes import lifecycle
from inspections.disputes.errors import AppealedAlready, OfficerWasThere, TimeForReply, TimeIsOver
from inspections.disputes.models import Appeal, Publication, Reply
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.errors import IdTaken, IllegalMove, ReasonRequired
from inspections.fieldwork.models import Inspection
from tests.inspections.disputes.builders import (
    APPEAL_UNTIL,
    RECEIVED,
    REPLY_UNTIL,
    a_visit,
    appeal,
    issued,
    on,
    reply,
)
from tests.inspections.visits import Visits, person

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with on(RECEIVED):
        yield


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def is_disputed(visit: Inspection) -> bool:
    return Inspection.objects.get(pk=visit.pk).is_disputed


def actions(visit: Inspection) -> list[str]:
    entries = AuditEntry.objects.filter(subject=f"inspection:{visit.pk}").order_by("sequence")
    return [entry.action.removeprefix("inspection.") for entry in entries]


# Replies


def test_a_manager_replies_to_the_verdict_and_to_a_finding(visits: Visits) -> None:
    visit = a_visit(visits)
    finding = visit.findings.get()

    reply(visits, visit)
    reply(visits, visit, text="Đã lắp lưới mới.", finding=finding.pk)

    said = Reply.objects.values_list("finding", "text", "by")
    assert list(said) == [
        (None, "Hôm đó lưới đang được giặt.", visits.manager.id),
        (finding.pk, "Đã lắp lưới mới.", visits.manager.id),
    ]
    assert actions(visit) == ["submitted", "replied", "replied"]
    assert Inspection.objects.get(pk=visit.pk).version == visit.version + 2
    assert not is_disputed(visit)


def test_a_reply_may_be_sent_again_until_and_after_the_last_day(visits: Visits) -> None:
    visit, pk = a_visit(visits), uuid.uuid4()
    with on(REPLY_UNTIL):
        assert reply(visits, visit, pk=pk)[1] is True
    with on(REPLY_UNTIL + A_DAY):
        assert reply(visits, visit, pk=pk)[1] is False
        with pytest.raises(IdTaken):
            reply(visits, visit, pk=pk, text="Khác")
        with pytest.raises(TimeIsOver) as late:
            reply(visits, visit)

    assert late.value.extension == {"until": "2026-12-07"}
    assert Reply.objects.count() == 1


def test_a_finding_of_another_visit_is_none_of_this_one(visits: Visits) -> None:
    visit, other = a_visit(visits), a_visit(visits, fails=["B05"])

    with pytest.raises(NotFound):
        reply(visits, visit, finding=other.findings.get().pk)


def test_what_cannot_be_printed_is_not_said(visits: Visits) -> None:
    with pytest.raises(CharacterNotSupported):
        reply(visits, a_visit(visits), text="Xong 😀")


@pytest.mark.parametrize("say", [reply, appeal], ids=["reply", "appeal"])
def test_nobody_speaks_for_another_place(visits: Visits, department: Person, say: Any) -> None:
    visit = a_visit(visits)

    with pytest.raises(NotFound):
        say(visits, visit, by=person("stranger", Role.MANAGER))
    for by in (visits.inspector, department):
        with pytest.raises(PermissionDenied):
            say(visits, visit, by=by)
    with pytest.raises(NotFound):
        say(visits, Inspection(pk=uuid.uuid4()))


@pytest.mark.parametrize("say", [reply, appeal], ids=["reply", "appeal"])
def test_of_what_stands_no_more_nothing_is_said(visits: Visits, say: Any) -> None:
    visit = a_visit(visits)
    fieldwork.void(visit, reason="Ghi nhầm", by=visits.inspector)

    with pytest.raises(IllegalMove):
        say(visits, visit)


def test_a_self_check_has_no_verdict_of_the_authority(visits: Visits) -> None:
    sent = visits.document(kind="self_check", inspector="mai.tt", signatures=[], grounds=None)
    visits.send(sent, visits.manager)

    with pytest.raises(NotFound):
        reply(visits, Inspection.objects.get())


# Appeals


def test_an_appeal_marks_the_verdict_until_it_is_rejected(
    visits: Visits, department: Person
) -> None:
    visit = a_visit(visits)
    asked, _ = appeal(visits, visit)
    assert is_disputed(visit)

    lifecycle.decide(asked.pk, outcome="rejected", reason="Ảnh rõ ràng", by=department)

    assert not is_disputed(visit)
    stored = Appeal.objects.get()
    assert (stored.state, stored.decided_by_id, stored.reason) == (
        "rejected", department.id, "Ảnh rõ ràng",
    )  # fmt: skip
    assert actions(visit) == ["submitted", "appealed", "appeal_decided"]


def test_an_appeal_that_is_upheld_leaves_its_mark(visits: Visits, department: Person) -> None:
    visit = a_visit(visits)
    asked, _ = appeal(visits, visit)

    lifecycle.decide(asked.pk, outcome="upheld", reason="Đo nhầm", by=department)

    assert is_disputed(visit)
    new = a_visit(visits, supersedes=str(visit.pk), reason="Đo lại")
    assert not is_disputed(new)


def test_an_open_appeal_goes_over_to_the_visit_that_supersedes(
    visits: Visits, department: Person
) -> None:
    first = a_visit(visits)
    asked, _ = appeal(visits, first)

    second = a_visit(visits, supersedes=str(first.pk), reason="Ghi nhầm")
    third = a_visit(visits, supersedes=str(second.pk), reason="Ghi nhầm nữa")

    assert [is_disputed(visit) for visit in (first, second, third)] == [False, False, True]
    stored = Appeal.objects.get()
    assert (stored.inspection, stored.lodged_against) == (third, first)
    lifecycle.decide(asked.pk, outcome="rejected", reason="Đã sửa", by=department)
    assert not is_disputed(third)


def test_one_appeals_once_and_in_time(visits: Visits) -> None:
    visit, pk = a_visit(visits), uuid.uuid4()
    with on(APPEAL_UNTIL + A_DAY), pytest.raises(TimeIsOver):
        appeal(visits, visit)
    with on(APPEAL_UNTIL):
        assert appeal(visits, visit, pk=pk)[1] is True
    with on(APPEAL_UNTIL + A_DAY):
        assert appeal(visits, visit, pk=pk)[1] is False
    with pytest.raises(AppealedAlready) as refused:
        appeal(visits, visit)

    assert refused.value.extension == {"appeal": str(pk)}
    assert Appeal.objects.count() == 1


def test_a_decision_may_be_sent_again_but_not_turned_round(
    visits: Visits, department: Person
) -> None:
    visit = a_visit(visits)
    asked, _ = appeal(visits, visit)
    for _ in range(2):
        lifecycle.decide(asked.pk, outcome="upheld", reason="Đo nhầm", by=department)

    with pytest.raises(IllegalMove) as refused:
        lifecycle.decide(asked.pk, outcome="rejected", reason="Đo đúng", by=department)

    assert refused.value.extension["state"] == "upheld"
    assert actions(visit).count("appeal_decided") == 1


@pytest.mark.parametrize("part", ["sender", "member", "appellant", "member of the next"])
def test_an_officer_who_had_a_part_in_it_does_not_decide(visits: Visits, part: str) -> None:
    visit = a_visit(visits)
    asked, _ = appeal(visits, visit)
    who = {"sender": visits.inspector, "appellant": visits.manager}.get(part)
    if who is None:
        who = person("pao.nv", Role.INSPECTOR)
        on_it = visit
        if part == "member of the next":
            on_it = a_visit(visits, supersedes=str(visit.pk), reason="Ghi nhầm")
        on_it.members.create(person_id=who.id, role="member")
    # Who went along has since become an officer.
    User.objects.filter(pk=who.id).update(role=Role.DEPARTMENT)
    officer = Person(who.id, who.username, Role.DEPARTMENT.value, uuid.uuid4())

    with pytest.raises(OfficerWasThere):
        lifecycle.decide(asked.pk, outcome="rejected", reason="Không có lý do", by=officer)

    assert Appeal.objects.get().state == "lodged"


def test_nobody_but_the_department_decides(visits: Visits, department: Person) -> None:
    asked, _ = appeal(visits, a_visit(visits))
    given: dict[str, Any] = {"outcome": "rejected", "reason": "Không có lý do"}

    for by in (visits.manager, visits.inspector):
        with pytest.raises(PermissionDenied):
            lifecycle.decide(asked.pk, by=by, **given)
    with pytest.raises(NotFound):
        lifecycle.decide(asked.pk, by=person("stranger", Role.MANAGER), **given)
    with pytest.raises(ReasonRequired):
        lifecycle.decide(asked.pk, by=department, outcome="rejected", reason=" ")


@pytest.mark.parametrize(
    "change",
    [
        {"state": "upheld"},
        {"state": "upheld", "decided_at": timezone.now(), "decided_by": None, "reason": "x"},
        {"state": "upheld", "decided_at": timezone.now(), "reason": ""},
        {"state": "lodged", "reason": "x"},
    ],
    ids=["nobody", "no officer", "no reason", "open with a reason"],
)
def test_the_database_knows_no_half_decision(
    visits: Visits, department: Person, change: dict[str, Any]
) -> None:
    asked, _ = appeal(visits, a_visit(visits))
    officer = {"decided_by": department.id} if "decided_at" in change else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=asked.pk).update(**{**officer, **change})


# Publication


def test_nothing_is_published_before_the_time_for_reply_is_over(
    visits: Visits, department: Person
) -> None:
    visit = issued(visits, department)
    for day in (RECEIVED, REPLY_UNTIL):
        with on(day), pytest.raises(TimeForReply) as early:
            lifecycle.publish(visit.pk, by=department)
        assert early.value.extension == {"until": "2026-12-07"}

    with on(REPLY_UNTIL + A_DAY):
        made = lifecycle.publish(visit.pk, by=department)
        assert lifecycle.publish(visit.pk, by=department) == made

    assert Publication.objects.get().by_id == department.id
    assert actions(visit)[-1:] == ["published"]


def test_a_record_that_waits_for_photos_is_not_published(
    visits: Visits, department: Person
) -> None:
    visit = a_visit(visits)

    with on(date(2027, 1, 31)), pytest.raises(IllegalMove):
        lifecycle.publish(visit.pk, by=department)


def test_what_was_published_is_withdrawn_and_published_again(
    visits: Visits, department: Person
) -> None:
    visit = issued(visits, department)
    with on(date(2027, 1, 31)):
        with pytest.raises(IllegalMove) as refused:
            lifecycle.withdraw(visit.pk, reason="Nhầm", by=department)
        lifecycle.publish(visit.pk, by=department)
        with pytest.raises(ReasonRequired):
            lifecycle.withdraw(visit.pk, reason=" ", by=department)
        lifecycle.withdraw(visit.pk, reason="Nhầm cơ sở", by=department)
        lifecycle.publish(visit.pk, by=department)

    assert refused.value.extension["legal_moves"] == ["publish"]
    assert list(Publication.objects.order_by("pk").values_list("withdrawn_reason", flat=True)) == [
        "Nhầm cơ sở", "",
    ]  # fmt: skip


@pytest.mark.parametrize("verb", ["publish", "withdraw"])
def test_nobody_but_the_department_publishes(visits: Visits, department: Person, verb: str) -> None:
    visit = issued(visits, department)
    given = {"reason": "Nhầm"} if verb == "withdraw" else {}

    for by, refusal in (
        (visits.inspector, PermissionDenied),
        (visits.manager, PermissionDenied),
        (person("stranger", Role.MANAGER), NotFound),
    ):
        refusals: type[DomainError] = refusal
        with pytest.raises(refusals):
            getattr(lifecycle, verb)(visit.pk, by=by, **given)
