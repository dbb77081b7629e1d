"""records.lifecycle: when a record is complete, who draws it, and that it happens once."""

import hashlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from inspections.evidence import lifecycle as evidence
from inspections.evidence.models import Evidence
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Inspection
from inspections.records import drawing, lifecycle, signing
from inspections.records.models import Record, RecordSequence
from inspections.submission import completion
from markets.models import Authority
from tests.inspections.records import authorities
from tests.inspections.visits import Visits, person


def picture(shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 90)).save(out, "JPEG")
    return out.getvalue()


PHOTO = picture()
DIGEST = hashlib.sha256(PHOTO).hexdigest()


def receive(content: bytes, by: Person) -> None:
    digest = hashlib.sha256(content).hexdigest()
    evidence.receive(iter([content]), digest, sender=by)
    completion.after_evidence(digest)


def with_one_photo(visits: Visits) -> Inspection:
    return visits.submit(photo=lambda _: DIGEST)


def test_a_record_waits_for_its_photo_and_is_then_issued(visits: Visits) -> None:
    inspection = with_one_photo(visits)
    assert not lifecycle.complete_if_all_is_here(inspection.pk)
    assert lifecycle.issue_waiting() == 0

    receive(PHOTO, visits.inspector)

    assert lifecycle.issue_waiting() == 1
    inspection.refresh_from_db()
    record = inspection.record
    assert (inspection.status, record.level) == ("issued", "B-B")
    content = drawing.read(record)
    assert hashlib.sha256(content).hexdigest() == record.file_sha256
    assert len(content) == record.size_bytes
    assert record.issue_note == {"test": True, "evidence_closed": None, "missing_photos": []}
    assert AuditEntry.objects.filter(action="record.issued").count() == 1


def test_a_photo_that_came_first_completes_the_record_at_submission(visits: Visits) -> None:
    receive(PHOTO, visits.inspector)

    inspection = with_one_photo(visits)
    completion.after_submission(inspection.pk)

    assert lifecycle.issue_waiting() == 1


def test_what_a_killed_process_left_is_found(visits: Visits) -> None:
    """Committed, but killed before it could complete the record or while it drew it."""
    receive(PHOTO, visits.inspector)
    stranded = with_one_photo(visits)
    claimed = with_one_photo(visits)
    lifecycle.complete_if_all_is_here(claimed.pk)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Record.objects.filter(pk=claimed.pk).update(claimed_until=an_hour_ago)

    assert lifecycle.issue_waiting() == 2

    assert {i.status for i in Inspection.objects.filter(pk__in=[stranded.pk, claimed.pk])} == {
        "issued"
    }


def test_a_record_that_another_process_draws_is_left_to_it(visits: Visits) -> None:
    receive(PHOTO, visits.inspector)
    inspection = with_one_photo(visits)
    lifecycle.complete_if_all_is_here(inspection.pk)
    soon = timezone.now() + timedelta(minutes=1)
    Record.objects.filter(pk=inspection.pk).update(claimed_until=soon)

    assert lifecycle.issue_waiting() == 0


def test_the_first_file_stays(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow process whose claim expired must not replace what the faster one stored."""
    receive(PHOTO, visits.inspector)
    inspection = with_one_photo(visits)
    lifecycle.complete_if_all_is_here(inspection.pk)
    draw = drawing.draw_signed
    faster: list[str] = []

    def slow(record: Record, signed_at: object) -> object:
        signed = draw(record, timezone.now())
        if not faster:
            faster.append("running")
            Record.objects.filter(pk=record.pk).update(claimed_until=None)
            assert lifecycle.issue_waiting() == 1
            faster.append(Record.objects.get(pk=record.pk).file_sha256)
        return signed

    monkeypatch.setattr(drawing, "draw_signed", slow)

    assert lifecycle.issue_waiting() == 0
    assert Record.objects.get().file_sha256 == faster[1]
    assert AuditEntry.objects.filter(action="record.issued").count() == 1


def test_a_record_that_cannot_be_drawn_keeps_no_other_from_being_issued(
    visits: Visits, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    receive(PHOTO, visits.inspector)
    poison, sound = sorted(with_one_photo(visits).pk for _ in range(2))
    spoil(poison, monkeypatch)
    failures: list[str] = []

    assert lifecycle.issue_waiting(on_failure=failures.append) == 1

    assert Inspection.objects.get(pk=sound).status == "issued"
    record = Record.objects.get(pk=poison)
    assert (record.file_sha256, failures) == ("", [f"{record}: RuntimeError: cannot be drawn"])
    assert str(poison) in caplog.text
    in_five_minutes = timezone.now() + timedelta(minutes=5)
    assert record.claimed_until > in_five_minutes
    assert lifecycle.issue_waiting() == 0

    monkeypatch.undo()
    Record.objects.filter(pk=poison).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert lifecycle.issue_waiting() == 1


def test_the_command_says_what_was_not_issued(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(PHOTO, visits.inspector)
    poison, _ = sorted(with_one_photo(visits).pk for _ in range(2))
    spoil(poison, monkeypatch)
    said = io.StringIO()

    with pytest.raises(CommandError, match=r"BB-SCT .*: RuntimeError: cannot be drawn"):
        call_command("issue_records", stdout=said)

    assert said.getvalue() == "1 records issued\n0 addenda issued\n"


def test_nothing_is_drawn_while_nothing_can_be_signed(
    visits: Visits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every waiting record would be drawn in vain, at every look."""
    receive(PHOTO, visits.inspector)
    inspection = with_one_photo(visits)
    lifecycle.complete_if_all_is_here(inspection.pk)
    own_key = authorities.key()
    expired = authorities.certificate(own_key, valid_to=timedelta(days=-1))
    signer = signing.load(authorities.key_file(tmp_path, own_key, expired), authorities.PASSPHRASE)
    failures: list[str] = []

    with monkeypatch.context() as patched:
        patched.setattr(drawing, "signer", lambda: signer)
        assert lifecycle.issue_waiting(on_failure=failures.append) == 0

    assert [failure[:21] for failure in failures] == ["The certificate is va"]
    assert Record.objects.get().claimed_until is None
    assert lifecycle.issue_waiting() == 1


def spoil(pk: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one record undrawable."""
    draw = drawing.draw_signed

    def draw_or_fail(record: Record, signed_at: datetime) -> object:
        if record.pk == pk:
            raise RuntimeError("cannot be drawn")
        return draw(record, signed_at)

    monkeypatch.setattr(drawing, "draw_signed", draw_or_fail)


def test_closed_evidence_is_named_in_the_note(visits: Visits) -> None:
    inspection = with_one_photo(visits)
    department = person("so", Role.DEPARTMENT)

    fieldwork.close_evidence(inspection, reason="Mất điện thoại", by=department)
    completion.after_submission(inspection.pk)

    note = Record.objects.get().issue_note
    assert note["missing_photos"] == [DIGEST]
    assert note["evidence_closed"]["reason"] == "Mất điện thoại"
    assert note["evidence_closed"]["by"] == "Người so"
    assert lifecycle.issue_waiting() == 1


def test_a_photo_after_the_note_was_frozen_changes_nothing(visits: Visits) -> None:
    inspection = with_one_photo(visits)
    fieldwork.close_evidence(inspection, reason="Mất máy", by=person("so", Role.DEPARTMENT))
    completion.after_submission(inspection.pk)

    receive(PHOTO, visits.inspector)

    assert Record.objects.get().issue_note["missing_photos"] == [DIGEST]


def test_a_voided_record_is_never_drawn(visits: Visits) -> None:
    receive(PHOTO, visits.inspector)
    inspection = with_one_photo(visits)
    lifecycle.complete_if_all_is_here(inspection.pk)
    fieldwork.void(inspection, reason="Sai", by=person("so", Role.DEPARTMENT))

    assert lifecycle.issue_waiting() == 0
    assert Record.objects.get().file_sha256 == ""


def test_a_record_that_is_voided_while_it_is_drawn_stays_without_file(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(PHOTO, visits.inspector)
    inspection = with_one_photo(visits)
    draw = drawing.draw_signed

    def draw_and_void(record: Record, signed_at: datetime) -> object:
        signed = draw(record, signed_at)
        fieldwork.void(inspection, reason="Sai", by=person("so", Role.DEPARTMENT))
        return signed

    monkeypatch.setattr(drawing, "draw_signed", draw_and_void)

    assert lifecycle.issue_waiting() == 0
    assert Record.objects.get().file_sha256 == ""
    assert Inspection.objects.get().status == "voided"
    assert not AuditEntry.objects.filter(action="record.issued").exists()


def test_a_superseded_record_is_still_drawn_and_stays_superseded(visits: Visits) -> None:
    receive(PHOTO, visits.inspector)
    old = with_one_photo(visits)
    visits.submit(photo=lambda _: DIGEST, supersedes=str(old.pk), reason="Ghi sai")

    assert lifecycle.issue_waiting() == 2

    old.refresh_from_db()
    assert old.status == "superseded"
    assert old.record.file_sha256


def test_a_series_that_began_on_paper_goes_on(visits: Visits) -> None:
    authority = Authority.objects.get(code="SCT-THAI-NGUYEN")
    year = timezone.localdate().year
    lifecycle.begin_series(authority, year, last=117, by=person("so", Role.DEPARTMENT))

    assert visits.submit().record.number == "118/BB-SCT"
    with pytest.raises(IntegrityError), transaction.atomic():
        lifecycle.begin_series(authority, year, last=5, by=None)
    assert RecordSequence.objects.get().last == 118


def test_only_named_photos_are_awaited(visits: Visits) -> None:
    with_one_photo(visits)

    receive(picture(200), visits.inspector)

    assert Evidence.objects.count() == 1
    assert lifecycle.issue_waiting() == 0


@pytest.mark.parametrize(
    ("waiting", "index"),
    [
        (lifecycle._claimable, "record_waits_to_be_drawn"),
        (lifecycle._stranded, "record_waits_for_its_note"),
    ],
)
def test_looking_for_what_waits_reads_no_record_that_does_not(
    visits: Visits, waiting: Callable[[], QuerySet[Record]], index: str
) -> None:
    """It happens at each wake, and a year has thousands of records."""
    visits.submit()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So few rows are read faster without any index.
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert index in waiting().order_by("pk").values_list("pk").explain()
