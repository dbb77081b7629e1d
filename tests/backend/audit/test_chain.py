"""The trail: written with the change, never changed, and any change to it found."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.audit import chain, trail
from backend.audit.models import AuditEntry, AuditHead
from backend.common.middleware import request_id
from tests.triggers import without_triggers


class Actor:
    username = "lan.ht"


def entry(number: int = 1, /, **data: Any) -> AuditEntry:
    with transaction.atomic():
        return trail.record(
            "inspection.submitted", f"inspection:{number}", actor=Actor(), data=data
        )


def five() -> None:
    for number in range(1, 6):
        entry(number, verdict="pass", number=f"{number:02}/BB-SCT")


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
class TestRecording:
    def test_an_entry_tells_who_did_what_when_in_which_request(self) -> None:
        moment = datetime(2026, 11, 22, 6, 40, 0, 123456, tzinfo=UTC)
        token = request_id.set("0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01")
        with time_machine.travel(moment, tick=False):
            entry(7, number="07/BB-SCT")
        request_id.reset(token)

        stored = AuditEntry.objects.get()

        assert (stored.sequence, stored.at, stored.actor) == (1, moment, "lan.ht")
        assert (stored.action, stored.subject) == ("inspection.submitted", "inspection:7")
        assert stored.data == {"number": "07/BB-SCT"}
        assert stored.request_id == "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"
        assert stored.previous_sha256 == "0" * 64

    def test_takes_two_statements(self) -> None:
        entry()
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            trail.record("a.done", "a:1", actor=None, data={})

        assert len(captured) == 2

    def test_the_head_follows(self) -> None:
        five()

        last = AuditEntry.objects.get(sequence=5)
        head = AuditHead.objects.get()
        assert (head.sequence, head.sha256) == (5, last.sha256)

    def test_what_is_rolled_back_leaves_no_gap(self) -> None:
        entry()
        with transaction.atomic():
            trail.record("a.done", "a:1", actor=None, data={})
            transaction.set_rollback(True)
        entry()

        assert list(AuditEntry.objects.values_list("sequence", flat=True)) == [2, 1]
        assert chain.verify().whole

    @pytest.mark.parametrize(
        "data",
        [
            {"name": "Bộc Bố", "decomposed": "Bo\u0323\u0302c Bo\u0302\u0301"},
            {"e\u0301": 1, "z": 2, "\u00e9a": 3},
            {"score": Decimal("86.50"), "zero": Decimal("-0.00"), "big": Decimal("1E+3")},
            {"big": 2**53 - 1, "none": None, "yes": True, "list": [1, [], {}]},
            {"pair": (1, 2)},
            {"emoji": "🥬", "quote": '"\\/', "line": "a\nb"},
        ],
        ids=str,
    )
    def test_the_digest_still_fits_after_the_way_through_the_database(
        self, data: dict[str, Any]
    ) -> None:
        entry(**data)

        assert chain.verify().whole

    def test_decimals_are_kept_as_text_and_texts_composed(self) -> None:
        entry(score=Decimal("86.50"), name="Bo\u0323\u0302c Bo\u0302\u0301")

        assert AuditEntry.objects.get().data == {"score": "86.5", "name": "Bộc Bố"}

    @pytest.mark.parametrize("value", [0.5, float("nan"), object(), {1, 2}])
    def test_what_has_no_exact_form_is_refused(self, value: object) -> None:
        with pytest.raises((TypeError, ValueError)):
            entry(value=value)


@pytest.mark.django_db(transaction=True)
class TestOutsideOfATransaction:
    def test_nothing_is_recorded(self) -> None:
        with pytest.raises(RuntimeError):
            trail.record("a.done", "a:1", actor=None, data={})

    def test_parallel_changes_make_one_chain(self) -> None:
        def write() -> None:
            try:
                for number in range(5):
                    entry(number)
            finally:
                connection.close()

        threads = [Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        seen = [chain.verify() for _ in range(5)]
        for thread in threads:
            thread.join()

        assert all(verdict.whole for verdict in seen)
        assert chain.verify().entries == 40
        assert chain.verify().whole


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_auditentry SET actor = 'mai.tt' WHERE sequence = 2",
            "UPDATE audit_auditentry SET sequence = 9 WHERE sequence = 5",
            "DELETE FROM audit_auditentry WHERE sequence = 5",
            "DELETE FROM audit_auditentry",
        ],
    )
    def test_changing_and_removing(self, statement: str) -> None:
        five()

        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            sql(statement)

        assert chain.verify() == chain.Verdict(5, AuditHead.objects.get().sha256)

    @pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
    def test_truncating(self) -> None:
        five()

        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            sql("TRUNCATE audit_auditentry")

    @pytest.mark.parametrize(("sequence", "previous"), [(7, None), (6, "f" * 64), (3, None)])
    def test_an_entry_that_does_not_follow(self, sequence: int, previous: str | None) -> None:
        five()
        made = AuditEntry(
            sequence=sequence,
            at=datetime.now(UTC),
            action="a.done",
            subject="a:1",
            previous_sha256=previous or AuditHead.objects.get().sha256,
            sha256="e" * 64,
        )

        with pytest.raises(DatabaseError), transaction.atomic():
            made.save(force_insert=True)

        assert chain.verify().whole


def _swap() -> None:
    sql("UPDATE audit_auditentry SET sequence = 99 WHERE sequence = 2")
    sql("UPDATE audit_auditentry SET sequence = 2 WHERE sequence = 3")
    sql("UPDATE audit_auditentry SET sequence = 3 WHERE sequence = 99")


def _insert(sequence: int) -> None:
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                sequence=sequence,
                at=datetime.now(UTC),
                action="a.done",
                subject="a:1",
                previous_sha256=AuditHead.objects.get().sha256,
                sha256="e" * 64,
            )
        ]
    )


def _forge_consistently() -> None:
    """Change entry 5 and its digest, as somebody would who has read this code."""
    made = AuditEntry.objects.get(sequence=5)
    made.actor = "mai.tt"
    sql(
        "UPDATE audit_auditentry SET actor = %s, sha256 = %s WHERE sequence = 5",
        made.actor,
        trail.digest(made),
    )


TAMPERING: dict[str, tuple[Callable[[], None], int]] = {
    "actor": (lambda: sql("UPDATE audit_auditentry SET actor = 'mai.tt' WHERE sequence = 2"), 2),
    "action": (lambda: sql("UPDATE audit_auditentry SET action = 'a.b' WHERE sequence = 1"), 1),
    "subject": (lambda: sql("UPDATE audit_auditentry SET subject = 'x:1' WHERE sequence = 5"), 5),
    "request": (lambda: sql("UPDATE audit_auditentry SET request_id = 'x' WHERE sequence = 3"), 3),
    "data": (
        lambda: sql(
            "UPDATE audit_auditentry SET data = %s WHERE sequence = 4",
            json.dumps({"verdict": "fail", "number": "04/BB-SCT"}),
        ),
        4,
    ),
    "moment": (
        lambda: sql(
            "UPDATE audit_auditentry SET at = %s WHERE sequence = 4",
            datetime(2020, 1, 1, tzinfo=UTC),
        ),
        4,
    ),
    "digest": (
        lambda: sql("UPDATE audit_auditentry SET sha256 = %s WHERE sequence = 2", "a" * 64),
        2,
    ),
    "link": (
        lambda: sql(
            "UPDATE audit_auditentry SET previous_sha256 = %s WHERE sequence = 3", "a" * 64
        ),
        3,
    ),
    "first removed": (lambda: sql("DELETE FROM audit_auditentry WHERE sequence = 1"), 1),
    "middle removed": (lambda: sql("DELETE FROM audit_auditentry WHERE sequence = 3"), 3),
    "end removed": (lambda: sql("DELETE FROM audit_auditentry WHERE sequence > 3"), 4),
    "all removed": (lambda: sql("DELETE FROM audit_auditentry"), 1),
    "swapped": (_swap, 2),
    "put before the first": (lambda: _insert(0), 1),
    "put behind the end": (lambda: _insert(6), 6),
    "last forged with its digest": (_forge_consistently, 5),
    "head removed": (lambda: sql("DELETE FROM audit_audithead"), 1),
    "head put back": (
        lambda: sql("UPDATE audit_audithead SET sequence = 3 WHERE id = 1"),
        3,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_found_at_its_place(name: str) -> None:
    five()
    tamper, place = TAMPERING[name]

    with without_triggers():
        tamper()

    verdict = chain.verify()
    assert (verdict.whole, verdict.broken_at) == (False, place)
    with pytest.raises(CommandError, match=f"Broken at entry {place}"):
        call_command("verify_audit")


@pytest.mark.django_db
class TestCommand:
    def test_says_whole_and_what_to_note(self) -> None:
        five()
        out = StringIO()

        call_command("verify_audit", stdout=out)

        head = AuditHead.objects.get().sha256
        assert out.getvalue() == f"Whole: 5 entries.\nNote this end: 5:{head}\n"

    def test_an_end_noted_earlier_is_still_there(self) -> None:
        five()
        noted = f"5:{AuditHead.objects.get().sha256}"
        entry()

        call_command("verify_audit", noted=noted, stdout=StringIO())

    def test_a_chain_made_anew_from_the_start_is_betrayed_by_what_was_noted(self) -> None:
        five()
        noted = f"5:{AuditHead.objects.get().sha256}"
        with without_triggers():
            sql("DELETE FROM audit_auditentry")
            sql("UPDATE audit_audithead SET sequence = 0, sha256 = %s", "0" * 64)
        five()

        assert chain.verify().whole
        with pytest.raises(CommandError, match="Rewritten"):
            call_command("verify_audit", noted=noted, stdout=StringIO())
        with pytest.raises(CommandError, match="SEQUENCE:SHA256"):
            call_command("verify_audit", noted="5", stdout=StringIO())


@pytest.mark.django_db
def test_an_empty_trail_is_whole() -> None:
    assert chain.verify() == chain.Verdict(0, "0" * 64)


@pytest.mark.django_db
def test_verifying_goes_on_over_the_end_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    five()

    assert chain.verify().entries == 5


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL checks the type of a time")
def test_a_time_that_cannot_be_read_is_a_change() -> None:
    five()
    with without_triggers():
        sql("UPDATE audit_auditentry SET at = 'yesterday' WHERE sequence = 3")

    assert chain.verify().broken_at == 3
