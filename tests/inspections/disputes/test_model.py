"""Corrections, exceptions, replies, appeals, follow-ups and publication, by several people in any
order, against a model that knows the rules (A1 to A11, J1 to J6) in plain Python.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.accounts.current import Person
from backend.accounts.models import Role, User
from backend.audit import chain
from backend.common.errors import DomainError
from inspections.disputes import lifecycle as disputes
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup import lifecycle as followup
from inspections.followup import verification
from inspections.followup.models import Correction
from inspections.followup.queries import OVERDUE, with_status
from inspections.records import open_data
from tests.inspections.visits import Visits, person

START = datetime(2026, 11, 22, 2, tzinfo=UTC)
STANDING = ("submitted", "issued")
MANAGER, DEPUTY, INSPECTOR, COLLEAGUE, OFFICER, OTHER_OFFICER = range(6)
ANY = st.integers(min_value=0, max_value=1_000)
WHO = st.integers(min_value=MANAGER, max_value=OTHER_OFFICER)


def mostly(*people: int) -> Any:
    """Those whose business it is, and now and then somebody else."""
    return st.one_of(*[st.sampled_from(people)] * 4, WHO)


MANAGERS, INSPECTORS = mostly(MANAGER, DEPUTY), mostly(INSPECTOR, COLLEAGUE)
OFFICERS, VERIFIERS = mostly(OFFICER, OTHER_OFFICER), mostly(INSPECTOR, COLLEAGUE, OFFICER, MANAGER)
FAILS = st.sets(st.sampled_from(["G03", "B05", "at a stall"]))


@dataclass
class Answer:
    by: int
    partly: bool
    state: str = "waiting"


@dataclass
class Visit:
    pk: uuid.UUID
    sender: int
    received_on: date
    follows: "Visit | None"
    status: str = "submitted"
    published: bool = False
    appeal: "Appeal | None" = None


@dataclass
class Appeal:
    pk: uuid.UUID
    first: Visit
    by: int
    state: str = "lodged"


@dataclass
class Fault:
    pk: uuid.UUID
    visit: Visit
    at_stall: bool
    repeat_of: uuid.UUID | None
    answers: list[Answer] = field(default_factory=list)
    until: date | None = None
    had_exception: bool = False


class AfterTheVisit(RuleBasedStateMachine):
    world: ClassVar[Visits]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.travel = time_machine.travel(START)
        self.clock = self.travel.start()
        self.all_visits: list[Visit] = []
        self.all_faults: list[Fault] = []
        self.people: list[Person] = []

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def people_and_a_visit(self) -> None:
        world = self.world
        self.people = [
            world.manager,
            person("deputy", Role.MANAGER),
            world.inspector,
            person("pao.nv", Role.INSPECTOR),
            person("duc.nm", Role.DEPARTMENT),
            person("hai.tv", Role.DEPARTMENT),
        ]
        deputy = self.people[DEPUTY].id
        world.market.appointments.create(person_id=deputy, valid_from="2026-01-01")
        self._send(INSPECTOR, {"G03", "at a stall"})

    # What people do

    @precondition(lambda self: not self._any("open", "reopened", "answered"))
    @rule(who=INSPECTORS, fails=FAILS)
    def visit(self, who: int, fails: set[str]) -> None:
        self._visit(who, fails)

    @precondition(lambda self: len(self.all_visits) < 6)
    @rule(who=INSPECTORS, fails=FAILS, n=ANY)
    def follow_up(self, who: int, fails: set[str], n: int) -> None:
        first = self._one(n)
        if first.status in STANDING:
            self._visit(who, fails, first, kind="follow_up", follows=str(first.pk))

    @precondition(lambda self: len(self.all_visits) < 6)
    @rule(who=INSPECTORS, fails=FAILS, n=ANY)
    def supersede(self, who: int, fails: set[str], n: int) -> None:
        old = self._one(n)
        if old.status not in STANDING:
            return
        new = self._visit(who, fails, supersedes=str(old.pk), reason="Ghi nhầm")
        if new is None:
            return
        old.status, appealed = "superseded", old.appeal
        if appealed and appealed.state == "lodged":
            old.appeal, new.appeal = None, appealed

    @precondition(lambda self: len(self.all_visits) > 2)
    @rule(n=ANY)
    def void(self, n: int) -> None:
        visit = self._one(n)
        row = Inspection.objects.get(pk=visit.pk)
        by = self.people[OFFICER]
        if self._try(visit.status in STANDING, fieldwork.void, row, reason="Ghi nhầm", by=by):
            visit.status = "voided"

    @rule(n=ANY, who=MANAGERS, partly=st.booleans(), verifier=VERIFIERS, seen=st.booleans())
    def respond(self, n: int, who: int, partly: bool, verifier: int, seen: bool) -> None:
        fault = self._fault(n, "open", "reopened", "excepted")
        may = self.people[who].role == "manager" and self._status(fault) != "closed"
        given: dict[str, Any] = {"text": "Đã sửa", "done_on": timezone.localdate(), "photos": []}
        if self._try(may, followup.respond, fault.pk, uuid.uuid4(), partly=partly, by=who, **given):
            fault.answers.append(Answer(who, partly))
            if seen:
                self._decide(fault, verifier, n % 2 == 0)

    @precondition(lambda self: self._any("answered"))
    @rule(n=ANY, who=VERIFIERS, accepted=st.booleans())
    def decide(self, n: int, who: int, accepted: bool) -> None:
        self._decide(self._fault(n, "answered"), who, accepted)

    def _decide(self, fault: Fault, who: int, accepted: bool) -> None:
        verb = verification.accept if accepted else verification.refuse
        may = self._may_verify(fault, who) and self._status(fault) == "answered"
        # Who repeats the own decision is told that it stands.
        waits = any(answer.state == "waiting" for answer in fault.answers)
        if not waits and self._may_verify(fault, who) and fault.answers:
            return
        if self._try(may, verb, fault.pk, reason="Đã xem", by=who):
            for answer in fault.answers:
                if answer.state == "waiting":
                    answer.state = "accepted" if accepted else "refused"

    @precondition(lambda self: self._any("closed", "excepted"))
    @rule(n=ANY, who=VERIFIERS)
    def reopen(self, n: int, who: int) -> None:
        fault = self._fault(n, "closed", "excepted")
        status = self._status(fault)
        legal = status == "excepted" or (status == "closed" and not self._is_settled(fault))
        may = self._may_verify(fault, who) and legal
        if self._try(may, verification.reopen, fault.pk, reason="Lại hỏng", by=who):
            fault.until = None
            for answer in fault.answers:
                if answer.state == "accepted" and not answer.partly:
                    answer.state = "reopened"

    @rule(n=ANY, who=OFFICERS, days=st.integers(min_value=0, max_value=60))
    def let_stand(self, n: int, who: int, days: int) -> None:
        fault = self._fault(n, "open", "reopened", "excepted")
        may = self.people[who].role == "department" and self._status(fault) in (
            "open", "reopened", "excepted",
        )  # fmt: skip
        until = timezone.localdate() + timedelta(days=days)
        given = {"until": until, "reason": f"Chờ vốn {uuid.uuid4()}"}
        if self._try(may, verification.except_until, fault.pk, by=who, **given):
            fault.until, fault.had_exception = until, True

    @rule(n=ANY, who=MANAGERS)
    def reply(self, n: int, who: int) -> None:
        visit = self._one(n)
        row = Inspection.objects.get(pk=visit.pk)
        in_time = timezone.localdate() <= disputes.clocks(row).reply_until
        may = self.people[who].role == "manager" and in_time and visit.status in STANDING
        self._try(may, disputes.reply, visit.pk, uuid.uuid4(), text="Lưới đang giặt", by=who)

    @rule(n=ANY, who=MANAGERS)
    def appeal(self, n: int, who: int) -> None:
        visit = self._one(n)
        in_time = timezone.localdate() <= visit.received_on + timedelta(days=21)
        is_first = visit.appeal is None and visit.status in STANDING
        may = self.people[who].role == "manager" and in_time and is_first
        pk = uuid.uuid4()
        if self._try(may, disputes.appeal, visit.pk, pk, text="Đề nghị xem lại", by=who):
            visit.appeal = Appeal(pk, visit, who)

    @precondition(lambda self: any(visit.appeal for visit in self.all_visits))
    @rule(n=ANY, who=OFFICERS, outcome=st.sampled_from(["upheld", "rejected"]))
    def judge(self, n: int, who: int, outcome: str) -> None:
        appealed = [visit for visit in self.all_visits if visit.appeal]
        now = appealed[n % len(appealed)]
        asked = now.appeal
        assert asked
        had_a_part = who in (asked.by, asked.first.sender, now.sender)
        may = self.people[who].role == "department" and not had_a_part and asked.state == "lodged"
        reason = f"Đã đo lại {uuid.uuid4()}"
        if self._try(may, disputes.decide, asked.pk, outcome=outcome, reason=reason, by=who):
            asked.state = outcome

    @rule(n=ANY, who=OFFICERS)
    def publish(self, n: int, who: int) -> None:
        visit = self._one(n)
        until = disputes.clocks(Inspection.objects.get(pk=visit.pk)).reply_until
        is_due = visit.status == "issued" and timezone.localdate() > until
        may = self.people[who].role == "department" and (visit.published or is_due)
        if self._try(may, disputes.publish, visit.pk, by=who):
            visit.published = True

    @rule(n=ANY, who=OFFICERS)
    def withdraw(self, n: int, who: int) -> None:
        visit = self._one(n)
        may = self.people[who].role == "department" and visit.published
        if self._try(may, disputes.withdraw, visit.pk, reason="Nhầm", by=who):
            visit.published = False

    @rule(days=st.sampled_from([1, 3, 10, 20, 40]))
    def days_pass(self, days: int) -> None:
        """Records are signed meanwhile; what is drawn is tested elsewhere."""
        self.clock.shift(timedelta(days=days))
        Inspection.objects.filter(status="submitted").update(status="issued")
        for visit in self.all_visits:
            visit.status = "issued" if visit.status == "submitted" else visit.status

    @precondition(lambda self: self.people[MANAGER].role == "manager" and len(self.all_visits) > 1)
    @rule()
    def a_manager_becomes_an_inspector(self) -> None:
        self._change_role(MANAGER, Role.INSPECTOR)

    @precondition(
        lambda self: self.people[COLLEAGUE].role == "inspector" and len(self.all_visits) > 1
    )
    @rule()
    def an_inspector_becomes_an_officer(self) -> None:
        self._change_role(COLLEAGUE, Role.DEPARTMENT)

    # What must hold, whatever they do

    @invariant()
    def each_finding_is_where_the_rules_put_it(self) -> None:
        today = timezone.localdate()
        rows = with_status(Finding.objects.all(), today)
        found = {row.pk: row.status for row in rows}  # type: ignore[attr-defined]
        assert found == {fault.pk: self._status(fault) for fault in self.all_faults}
        due = {row.pk for row in rows if row.due_on < today}
        to_do = {pk for pk, status in found.items() if status in ("open", "reopened")}
        assert {row.pk for row in rows.filter(OVERDUE)} == due & to_do

    @invariant()
    def nobody_has_verified_what_he_did_himself(self) -> None:
        for row in Correction.objects.exclude(state="waiting"):
            makers = Correction.objects.filter(finding=row.finding, at__lte=row.decided_at)
            assert row.decided_by_id not in makers.values_list("by", flat=True)

    @invariant()
    def no_disputed_verdict_is_without_its_mark(self) -> None:
        marks = {row.pk: row.is_disputed for row in Inspection.objects.select_related("appeal")}
        assert marks == {visit.pk: self._is_disputed(visit) for visit in self.all_visits}
        shown = [visit for visit in self.all_visits if visit.published and visit.status == "issued"]
        public = open_data.rows(open_data.published())
        assert [row["disputed"] for row in public] == [self._is_disputed(v) for v in shown[-1:]]

    @invariant()
    def the_trail_is_whole(self) -> None:
        assert chain.verify().whole

    # The model

    def _one(self, n: int) -> Visit:
        """Mostly one that stands."""
        standing = [visit for visit in self.all_visits if visit.status in STANDING]
        among = standing if standing and n % 4 else self.all_visits
        return among[n % len(among)]

    def _any(self, *statuses: str) -> bool:
        return any(self._status(fault) in statuses for fault in self.all_faults)

    def _fault(self, n: int, *statuses: str) -> Fault:
        """Mostly one in one of these states that no visit has settled."""
        fit = [
            fault
            for fault in self.all_faults
            if self._status(fault) in statuses and not self._is_settled(fault)
        ]
        among = fit if fit and n % 4 else self.all_faults
        return among[n % len(among)]

    def _status(self, fault: Fault) -> str:
        answers = fault.answers
        if self._is_settled(fault):
            return "closed"
        if any(answer.state == "accepted" and not answer.partly for answer in answers):
            return "closed"
        if any(answer.state == "waiting" for answer in answers):
            return "answered"
        if fault.until is not None and fault.until >= timezone.localdate():
            return "excepted"
        denied = any(answer.state in ("refused", "reopened") for answer in answers)
        return "reopened" if denied or fault.had_exception else "open"

    def _is_settled(self, fault: Fault) -> bool:
        """By a visit: its own stands no more, or another one has looked again."""
        if fault.visit.status not in STANDING:
            return True
        makers = {answer.by for answer in fault.answers}
        standing = [visit for visit in self.all_visits if visit.status in STANDING]
        later = standing[standing.index(fault.visit) + 1 :]
        looked = [visit for visit in later if visit.sender not in makers]
        return (
            any(visit.follows is fault.visit for visit in looked)
            or (not fault.at_stall and bool(looked))
            or any(
                other.repeat_of == fault.pk and other.visit in standing for other in self.all_faults
            )
        )

    def _is_disputed(self, visit: Visit) -> bool:
        return visit.appeal is not None and visit.appeal.state != "rejected"

    def _may_verify(self, fault: Fault, who: int) -> bool:
        own = any(answer.by == who for answer in fault.answers)
        return self.people[who].role in ("inspector", "department") and not own

    def _visit(
        self, who: int, fails: set[str], first: Visit | None = None, **changes: Any
    ) -> Visit | None:
        is_inspector = self.people[who].role == "inspector"
        return self._send(who, fails, first, **changes) if is_inspector else None

    def _send(self, who: int, fails: set[str], first: Visit | None = None, **changes: Any) -> Visit:
        self.clock.shift(timedelta(minutes=10))
        by, world, now = self.people[who], self.world, timezone.localtime().isoformat()
        stall = world.stalls[0]["id"]
        row = world.submit(
            by,
            inspector=by.username,
            fails=sorted(fails - {"at a stall"}),
            stall_fails={stall: ["J05"]} if "at a stall" in fails else {},
            started_at=now,
            ended_at=now,
            **changes,
        )
        visit = Visit(row.pk, who, timezone.localdate(), first)
        self.all_visits.append(visit)
        self.all_faults += [
            Fault(found.pk, visit, found.stall_id is not None, found.repeat_of_id)
            for found in row.findings.all()
        ]
        return visit

    def _change_role(self, who: int, role: Role) -> None:
        known = self.people[who]
        User.objects.filter(pk=known.id).update(role=role)
        self.people[who] = Person(known.id, known.username, role.value, known.session_id)

    def _try(self, may: bool, verb: Callable[..., Any], *given: Any, by: Any, **named: Any) -> bool:
        """Whether it was done, which is when it ``may`` be."""
        by = by if isinstance(by, Person) else self.people[by]
        try:
            with transaction.atomic():
                verb(*given, by=by, **named)
        except DomainError:
            assert not may, f"{verb.__name__} by {by.username} was refused"
            return False
        assert may, f"{verb.__name__} by {by.username} was not refused"
        return True


def test_whatever_people_do_the_rules_hold(visits: Visits) -> None:
    AfterTheVisit.world = visits
    run_state_machine_as_test(
        AfterTheVisit,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # the steps are told; to shorten them takes many minutes
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
