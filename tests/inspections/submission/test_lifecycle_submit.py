"""submission.lifecycle.submit: what a finished visit becomes, and what a repeated one does not."""

import hashlib
import json
import uuid
from datetime import date

import pytest
import time_machine
from django.utils import timezone

from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from backend.common import canonical
from backend.common.errors import Malformed, NotFound, PermissionDenied
from inspections.checklists.lifecycle import definition_of
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork import reading
from inspections.fieldwork.errors import IllegalMove, OtherAnswersAlreadySubmitted
from inspections.fieldwork.models import Finding, Inspection, RefusedSubmission
from inspections.fieldwork.rules.result import evaluate
from inspections.records.models import Record
from inspections.submission import lifecycle
from inspections.submission.errors import SubmissionRefused
from markets.models import Stall, StallVersion
from tests.inspections.visits import Visits, person, photo


def test_the_receipt_says_what_was_decided(visits: Visits) -> None:
    sent = visits.document(fails=["G03", "B05"], stall_fails={visits.stalls[0]["id"]: ["J05"]})

    outcome = visits.send(sent)

    receipt = json.loads(outcome.receipt)
    assert outcome.created
    assert list(receipt) == [
        "id", "status", "number", "year", "verdict", "score", "level_a", "level_b",
        "answers_sha256", "missing_evidence", "received_at", "clock_skew_s", "verify_url",
    ]  # fmt: skip
    assert receipt["status"] == "submitted"
    assert receipt["number"] == "01/BB-SCT"
    assert receipt["year"] == timezone.localdate().year
    assert receipt["verdict"] == "pass"
    assert receipt["level_b"]["applicable"] - receipt["level_b"]["passed"] == 3
    without_device = {key: value for key, value in sent.items() if key != "device"}
    assert receipt["answers_sha256"] == canonical.sha256(without_device)
    assert len(receipt["missing_evidence"]) == len(set(receipt["missing_evidence"])) > 10


def test_the_same_body_again_gives_the_same_receipt(visits: Visits) -> None:
    sent = visits.document()
    first = visits.send(sent)
    sent["device"] = {"id": "another", "sent_at": "2026-12-01T08:00:00+07:00", "counter": 42}

    again = visits.send(sent)

    assert (again.receipt, again.created) == (first.receipt, False)
    assert Record.objects.count() == 1


def test_decimals_are_compared_by_value(visits: Visits) -> None:
    sent = visits.document()
    sent["answers"]["B02"]["value"] = "620,50"
    first = visits.send(sent)
    sent["answers"]["B02"]["value"] = "620.5"

    assert visits.send(sent).receipt == first.receipt
    stored = Inspection.objects.get().document["answers"]["B02"]["value"]
    assert stored == "620.5"


def test_another_body_is_refused_and_kept_aside(visits: Visits) -> None:
    sent = visits.document()
    first = json.loads(visits.send(sent).receipt)
    sent["opinion"] = "Nội dung khác"

    for _ in range(2):
        with pytest.raises(OtherAnswersAlreadySubmitted) as refused:
            visits.send(sent)

    assert refused.value.extension["submitted_sha256"] == first["answers_sha256"]
    kept = RefusedSubmission.objects.get()
    assert kept.document["opinion"] == "Nội dung khác"
    assert Inspection.objects.get().document["opinion"] != "Nội dung khác"
    assert AuditEntry.objects.filter(action="submission.refused").count() == 1


def test_numbers_follow_each_other_and_a_refusal_uses_none(visits: Visits) -> None:
    visits.submit()
    broken = visits.document()
    del broken["answers"]["A01"]
    with pytest.raises(Exception, match="answers_invalid"):
        visits.send(broken)
    visits.submit()

    assert list(Record.objects.order_by("sequence").values_list("number", flat=True)) == [
        "01/BB-SCT",
        "02/BB-SCT",
    ]


def test_the_number_belongs_to_the_year_in_which_it_was_received(visits: Visits) -> None:
    with time_machine.travel("2026-12-31T16:59:59Z", tick=False):
        old = visits.submit()
    with time_machine.travel("2026-12-31T17:00:00Z", tick=False):
        new = visits.submit()

    assert (old.record.year, old.record.sequence) == (2026, 1)
    assert (new.record.year, new.record.sequence) == (2027, 1)


def test_each_failed_item_is_a_finding_with_its_deadline(visits: Visits) -> None:
    stall = visits.stalls[0]["id"]
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        inspection = visits.submit(fails=["B03", "B05"], stall_fails={stall: ["J05"]})

    found = {(f.item, f.stall_id and str(f.stall_id)): f for f in inspection.findings.all()}
    assert {key: (f.severity, f.due_on) for key, f in found.items()} == {
        ("B03", None): ("critical", date(2026, 11, 25)),
        ("B05", None): ("minor", date(2026, 12, 22)),
        ("J05", stall): ("major", date(2026, 12, 7)),
    }
    assert inspection.verdict == "fail"


def test_a_deadline_never_falls_before_the_next_market_day(visits: Visits) -> None:
    visits.market.market_day_cycle_days, visits.market.market_day_anchor = 5, date(2026, 11, 22)
    visits.market.save()
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        inspection = visits.submit(fails=["B03"])

    # Received on a market day: three days later the market is empty, so the next one counts.
    assert inspection.findings.get().due_on == date(2026, 11, 27)


def test_the_same_failure_within_twelve_months_is_a_repeat_per_stall(visits: Visits) -> None:
    one, other = visits.stalls[0]["id"], visits.stalls[1]["id"]
    first = visits.submit(
        fails=["G03"], stall_fails={one: ["J05"]}, started_at="2025-11-22T07:00:00+07:00"
    )
    second = visits.submit(fails=["G03"], stall_fails={one: ["J05"], other: ["J05"]})
    with time_machine.travel("2027-11-23T02:00:00Z"):
        later = visits.submit(fails=["G03"], started_at="2027-11-23T07:00:00+07:00")

    repeats = {(f.item, str(f.stall_id)): f.repeat_of_id for f in second.findings.all()}
    before = {(f.item, str(f.stall_id)): f.pk for f in first.findings.all()}
    assert repeats["G03", "None"] == before["G03", "None"]
    assert repeats["J05", one] == before["J05", one]
    assert repeats["J05", other] is None
    assert later.findings.get().repeat_of is None


def test_a_voided_visit_leaves_nothing_to_repeat(visits: Visits) -> None:
    first = visits.submit(fails=["G03"])
    Inspection.objects.filter(pk=first.pk).update(status=Inspection.Status.VOIDED)

    assert visits.submit(fails=["G03"]).findings.get().repeat_of is None


def test_a_stall_that_the_register_does_not_know_enters_it(visits: Visits) -> None:
    met = str(uuid.uuid4())
    sent = visits.document()
    sheet = {**sent["stalls"][0]}
    del sheet["stall"]
    sheet["new"] = {"id": met, "number": "27", "trader": "Lý Thị Sông", "commodity": "produce"}
    sheet["commodity"] = "animal_products"
    sent["stalls"].append(sheet)

    visits.send(sent)

    stall = Stall.objects.get(pk=met)
    assert (stall.number, stall.commodity) == ("27", "animal_products")
    payload = json.loads(Record.objects.get().payload)
    assert payload["stalls"][-1]["new"]
    visits.send({**sent, "id": str(uuid.uuid4())})
    assert Stall.objects.filter(number="27").count() == 1


def test_an_absent_stall_is_no_part_of_the_verdict(visits: Visits) -> None:
    sent = visits.document()
    sent["stalls"][0] = {"stall": sent["stalls"][0]["stall"], "absent": "Quầy nghỉ hôm nay"}

    visits.send(sent)

    sheet = Inspection.objects.get().result["stalls"][0]
    assert sheet["verdict"] is None


def test_a_result_is_read_as_it_was_computed(visits: Visits) -> None:
    """What the checklist says of the items at stalls is not stored, and added in its order."""
    visits.submit(stall_fails={visits.stalls[1]["id"]: ["J02"]})

    stored = Inspection.objects.get()

    computed = evaluate(
        definition_of(stored.checklist),
        timezone.localdate(stored.started_at),
        *reading.scored(stored),
    )
    assert reading.result(stored)["stalls"] == computed.as_json()["stalls"]
    assert "criteria" not in stored.result["stalls"][0]


def test_the_payload_digest_is_of_the_stored_text(visits: Visits) -> None:
    record = visits.submit(fails=["G03"]).record

    assert hashlib.sha256(record.payload.encode()).hexdigest() == record.payload_sha256
    payload = json.loads(record.payload)
    assert canonical.dumps(payload).decode() == record.payload
    assert payload["authority"]["name"] == "Sở Công Thương tỉnh Thái Nguyên"
    assert payload["establishment"]["address"] == "xã Bằng Thành, tỉnh Thái Nguyên"
    assert payload["record"]["trial"]
    assert payload["findings"][0]["item"] == "G03"


def test_a_visit_before_july_2025_names_the_units_of_its_day(visits: Visits) -> None:
    record = visits.submit(started_at="2025-06-30T07:00:00+07:00").record

    payload = json.loads(record.payload)
    assert payload["authority"]["name"] == "Sở Công Thương tỉnh Bắc Kạn"
    assert payload["establishment"]["address"].startswith("xã Bộc Bố, huyện Pác Nặm")


def test_clocks_that_are_wrong_refuse_nothing(visits: Visits) -> None:
    sent = visits.document(
        started_at="2029-01-01T07:00:00+07:00",
        ended_at="2028-01-01T07:00:00+07:00",
        device={"id": "x", "sent_at": "2001-01-01T00:00:00Z", "counter": 0},
    )
    reset = visits.document(
        started_at="1970-01-01T07:00:00+07:00",
        ended_at="1970-01-01T09:00:00+07:00",
        device={"id": "x", "sent_at": "0001-01-02T00:00:00Z", "counter": 0},
    )
    assert visits.send(reset).created
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        receipt = json.loads(visits.send(sent).receipt)

    assert receipt["clock_skew_s"] == 817_005_600  # 9,456 days and 2 hours


def test_superseding_takes_effect_at_once_and_only_once(visits: Visits) -> None:
    old = visits.submit()

    new = visits.submit(supersedes=str(old.pk), reason="Ghi sai số quầy")

    old.refresh_from_db()
    assert (old.status, old.superseded_by) == ("superseded", new)
    assert json.loads(new.record.payload)["record"]["supersedes"]["number"] == "01/BB-SCT"
    with pytest.raises(IllegalMove) as refused:
        visits.submit(supersedes=str(old.pk), reason="Lần nữa")
    assert refused.value.extension["legal_moves"] == []
    assert Record.objects.count() == 2


def test_a_self_check_replaces_no_visit_of_the_authority(visits: Visits) -> None:
    official = visits.submit()
    sent = visits.document(
        kind="self_check", inspector="mai.tt", supersedes=str(official.pk), reason="Không đồng ý"
    )

    with pytest.raises(SubmissionRefused) as refused:
        visits.send(sent, visits.manager)

    assert refused.value.code == "unknown_inspection"
    official.refresh_from_db()
    assert official.status == "submitted"


def test_no_visit_of_the_authority_rests_on_a_self_check(visits: Visits) -> None:
    own = visits.submit(visits.manager, kind="self_check", inspector="mai.tt")

    for changes in (
        {"kind": "follow_up", "follows": str(own.pk)},
        {"supersedes": str(own.pk), "reason": "Ghi sai"},
    ):
        with pytest.raises(SubmissionRefused):
            visits.submit(**changes)


def test_a_self_check_has_neither_number_nor_record(visits: Visits) -> None:
    sent = visits.document(kind="self_check", inspector="mai.tt", signatures=[])

    receipt = json.loads(visits.send(sent, visits.manager).receipt)

    assert (receipt["number"], receipt["year"], receipt["verify_url"]) == (None, None, None)
    assert receipt["verdict"] == "pass"
    assert not Record.objects.exists()


@pytest.mark.parametrize("role", ["inspector", "other manager", "department"])
def test_a_self_check_is_the_own_managers(visits: Visits, role: str) -> None:
    by = {
        "inspector": lambda: visits.inspector,
        "other manager": lambda: person("khac", Role.MANAGER),
        "department": lambda: person("so", Role.DEPARTMENT),
    }[role]()
    sent = visits.document(kind="self_check", inspector=by.username, signatures=[])

    with pytest.raises(PermissionDenied):
        visits.send(sent, by)


def test_a_manager_may_not_send_an_inspection(visits: Visits) -> None:
    with pytest.raises(PermissionDenied):
        visits.send(visits.document(inspector="mai.tt"), visits.manager)


def test_the_body_must_name_the_id_of_the_address(visits: Visits) -> None:
    with pytest.raises(Malformed):
        lifecycle.submit(uuid.uuid4(), visits.document(), by=visits.inspector)


def test_a_manager_of_another_place_learns_nothing_of_an_id(visits: Visits) -> None:
    sent = visits.document()
    visits.send(sent)

    with pytest.raises(NotFound):
        visits.send(sent, person("khac", Role.MANAGER))


def test_what_was_decided_is_in_the_trail(visits: Visits) -> None:
    inspection = visits.submit()

    entry = AuditEntry.objects.get(action="inspection.submitted")
    assert entry.subject == f"inspection:{inspection.pk}"
    assert entry.actor == "lan.ht"
    assert entry.data["number"] == "01/BB-SCT"


def test_a_follow_up_carries_what_it_need_not_ask(visits: Visits) -> None:
    stall = visits.stalls[0]["id"]
    first = visits.submit(fails=["G03"], stall_fails={stall: ["J05"]})
    sent = visits.document(kind="follow_up", follows=str(first.pk), stalls=visits.stalls[:1])
    critical = {i.code for i in visits.checklist.items.values() if i.severity == "critical"}
    sent["answers"] = {
        code: answer for code, answer in sent["answers"].items() if code in critical | {"G03"}
    }
    sheet = sent["stalls"][0]
    sheet["answers"] = {
        code: answer for code, answer in sheet["answers"].items() if code in critical | {"J05"}
    }

    visits.send(sent)

    follow_up = Inspection.objects.get(pk=sent["id"])
    assert follow_up.verdict == "pass"
    assert not Finding.objects.filter(inspection=follow_up).exists()
    assert len(follow_up.result["stalls"]) == len(visits.stalls)
    payload = json.loads(follow_up.record.payload)
    assert {a["item"] for a in payload["answers"] if not a.get("carried")} == {
        code for code in critical | {"G03"} if code in sent["answers"]
    }
    assert payload["inspection"]["follows"]["number"] == "01/BB-SCT"


def test_a_stall_that_was_retired_since_is_carried_by_its_name(visits: Visits) -> None:
    first = visits.submit(fails=["G03"])
    gone = Stall.objects.get(pk=visits.stalls[2]["id"])
    Stall.objects.filter(pk=gone.pk).update(retired_at="2026-11-01T00:00:00Z")
    StallVersion.objects.filter(stall=gone).update(valid_to="2026-11-01T00:00:00Z")

    follow_up = visits.submit(kind="follow_up", follows=str(first.pk), stalls=visits.stalls[:2])

    payload = json.loads(follow_up.record.payload)
    assert [sheet["number"] for sheet in payload["stalls"]] == ["01", "02", "03"]


def test_a_replacement_repeats_nothing_of_what_it_replaces(visits: Visits) -> None:
    old = visits.submit(fails=["G03"])

    new = visits.submit(fails=["G03"], supersedes=str(old.pk), reason="Ghi sai")

    assert new.findings.get().repeat_of is None


def test_a_visit_does_not_follow_what_it_replaces(visits: Visits) -> None:
    first = visits.submit(fails=["G03"])
    newer = visits.submit(supersedes=str(first.pk), reason="Ghi sai")
    both = {"kind": "follow_up", "supersedes": str(newer.pk), "reason": "Ghi sai"}

    for named in (newer, first):
        with pytest.raises(SubmissionRefused) as refused:
            visits.submit(follows=str(named.pk), **both)
        assert refused.value.code == "follows_what_it_supersedes"
        assert refused.value.errors[0].pointer == "/supersedes"


def test_a_follow_up_of_a_replaced_visit_carries_on_its_replacement(visits: Visits) -> None:
    old = visits.submit(fails=["G03"])
    new = visits.submit(supersedes=str(old.pk), reason="Ghi sai")

    follow_up = visits.submit(kind="follow_up", follows=str(old.pk))

    assert follow_up.follows == new


def test_what_nobody_saw_again_keeps_its_deadline(visits: Visits) -> None:
    stall = visits.stalls[0]["id"]
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        first = visits.submit(stall_fails={stall: ["J05"]})
    sent = visits.document(kind="follow_up", follows=str(first.pk))
    sent["stalls"][0] = {"stall": stall, "absent": "Quầy nghỉ"}

    visits.send(sent)

    again = Finding.objects.get(inspection_id=sent["id"])
    assert again.due_on == first.findings.get().due_on
    assert again.repeat_of is None


def test_a_record_issued_meanwhile_may_still_be_replaced(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = visits.submit()
    supersede = fieldwork.supersede

    def later(inspection: Inspection) -> None:
        Inspection.objects.filter(pk=old.pk).update(status=Inspection.Status.ISSUED)
        supersede(inspection)

    monkeypatch.setattr(fieldwork, "supersede", later)

    assert visits.submit(supersedes=str(old.pk), reason="Ghi sai").supersedes == old


def test_sentences_name_stalls_by_number(visits: Visits) -> None:
    inspection = visits.submit(stall_fails={visits.stalls[1]["id"]: ["J02"]})

    text = " ".join(sentence["vi"] for sentence in inspection.result["explanation"])
    assert "02" in text
    assert visits.stalls[1]["id"] not in text


def test_a_closed_stall_without_commodity_stays_out_of_the_register(visits: Visits) -> None:
    met = str(uuid.uuid4())
    sent = visits.document()
    sent["stalls"].append({"new": {"id": met, "number": "9"}, "absent": "Đóng cửa"})

    visits.send(sent)

    assert not Stall.objects.filter(pk=met).exists()


def test_a_voided_visit_is_not_followed(visits: Visits) -> None:
    first = visits.submit(fails=["G03"])
    Inspection.objects.filter(pk=first.pk).update(status=Inspection.Status.VOIDED)

    with pytest.raises(SubmissionRefused) as refused:
        visits.submit(kind="follow_up", follows=str(first.pk))

    assert refused.value.code == "follows_required"


def test_photos_of_carried_answers_belong_to_the_record(visits: Visits) -> None:
    first = visits.submit(fails=["G03"])
    sent = visits.document(kind="follow_up", follows=str(first.pk), stalls=[])
    del sent["answers"]["A02"]

    visits.send(sent)

    named = Inspection.objects.get(pk=sent["id"]).evidence.values_list("sha256", flat=True)
    assert photo("A02") in named
