"""From a published checklist to a signed record, over HTTP: every turn that a visit can take."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from inspections.demo import handwriting
from inspections.demo.document import document
from inspections.demo.phone import Answer, Phone
from tests.inspections.evidence.pictures import digest
from tests.inspections.records.tools import on_pdf, pdfsig, text, words
from tests.live import STALLS, Live, checklist, photo, stall, visit

FAILS = ["G03", "B05"]
STALL_FAILS = {stall("01"): ["J02"]}


def submitted(live: Live, *photos: bytes, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document and the receipt."""
    document = visit(*photos, **changes)
    answer = live.person("inspector").submit(document)
    assert answer.status == 201, answer
    return document, answer.json()


def issued(live: Live, *photos: bytes, **changes: Any) -> tuple[dict[str, Any], str, bytes]:
    """The document, the path of its public page, and the signed file."""
    photos = photos or (photo(),)
    sent, receipt = submitted(live, *photos, **changes)
    inspector = live.person("inspector")
    for content in photos:
        assert inspector.put_photo(content).status in (200, 201)
    answer = inspector.wait_for_record(sent["id"])
    assert answer.status == 200, answer
    return sent, urlsplit(receipt["verify_url"]).path, answer.body


def code(answer: Answer) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json"), answer
    return answer.status, answer.json()["code"]


def pointers(answer: Answer) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


def public(live: Live, path: str) -> dict[str, Any]:
    token = path.rstrip("/").rpartition("/")[2]
    answer = Phone(live.server.port).get(f"public/records/{token}/")
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.json()
    return found


def test_a_draft_is_replaced_only_by_who_has_seen_it_and_then_submitted(live: Live) -> None:
    inspector, body = live.person("inspector"), visit()
    path = f"inspections/{body['id']}/"
    unfinished = {key: value for key, value in body.items() if key not in ("answers", "ended_at")}

    created = inspector.put(path, unfinished)

    assert created.status == 201
    assert code(inspector.put(path, body)) == (428, "precondition_required")
    replaced = inspector.put(path, body, **{"If-Match": created.headers["etag"]})
    assert replaced.status == 200
    stale = inspector.put(path, body, **{"If-Match": created.headers["etag"]})
    assert code(stale) == (412, "precondition_failed")
    assert live.person("manager.bocbo").get(path).status == 404
    assert live.person("inspector2").get(path).status == 404
    assert inspector.submit(body).status == 201
    late = inspector.put(path, body, **{"If-Match": replaced.headers["etag"]})
    assert code(late) == (409, "illegal_move")


def test_the_receipt_is_repeated_and_another_body_is_refused_with_both_digests(live: Live) -> None:
    inspector, body = live.person("inspector"), visit()
    first = inspector.submit(body)

    again = inspector.submit(body)
    other = inspector.submit({**body, "opinion": "Không thống nhất."})

    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body
    assert code(other) == (409, "other_answers_already_submitted")
    assert other.json()["submitted_sha256"] == first.json()["answers_sha256"]


def test_the_result_names_the_failing_stall_and_the_smallest_set_of_fixes(live: Live) -> None:
    sent, receipt = submitted(live, fails=FAILS, stall_fails=STALL_FAILS)

    result = live.person("manager.bocbo").get(f"inspections/{sent['id']}/result/").json()

    assert (receipt["verdict"], result["verdict"]) == ("fail", "fail")
    verdicts = {each["stall"]: each["verdict"] for each in result["stalls"]}
    assert verdicts == {stall("01"): "fail", stall("04"): "pass", stall("06"): "pass"}
    assert result["fixes"]["pass"] == [{"item": "J02", "stall": stall("01")}]
    found = {(each["item"], each["stall"]): each for each in result["findings"]}
    assert set(found) == {("G03", None), ("B05", None), ("J02", stall("01"))}
    assert [
        criterion["failures"] for criterion in result["criteria"] if criterion["item"] == "J02"
    ] == [[stall("01")]]


def test_a_record_waits_for_its_photos_until_the_department_closes_the_evidence(live: Live) -> None:
    lost = photo(7001)
    sent, receipt = submitted(live, lost)
    inspector, department = live.person("inspector"), live.person("department")
    path = f"inspections/{sent['id']}"

    waiting = inspector.get(f"{path}/record.pdf")
    provisional = inspector.get(f"{path}/record.pdf?provisional=true")

    assert code(waiting) == (409, "evidence_missing")
    assert waiting.json()["missing"] == receipt["missing_evidence"] == [digest(lost)]
    assert "BẢN TẠM" in text(provisional.body)
    assert inspector.post(f"{path}/close-evidence/", {"reason": "Mất máy"}).status == 403
    closed = department.post(f"{path}/close-evidence/", {"reason": "Điện thoại rơi xuống suối"})
    assert closed.status == 200
    signed = inspector.wait_for_record(sent["id"])
    shown = words(text(signed.body))
    assert "Điện thoại rơi xuống suối" in shown
    assert "BẢN TẠM" not in shown
    assert inspector.get(f"{path}/record/").json()["status"] == "issued"


def test_a_voided_record_keeps_its_number_and_says_so_in_public(live: Live) -> None:
    sent, page, _ = issued(live)
    department = live.person("department")
    number = public(live, page)["number"]

    refused = department.post(f"inspections/{sent['id']}/void/", {"reason": " "})
    voided = department.post(f"inspections/{sent['id']}/void/", {"reason": "Lập nhầm cơ sở."})

    assert code(refused) == (422, "reason_required")
    assert voided.json()["status"] == "voided"
    assert (public(live, page)["status"], public(live, page)["number"]) == ("voided", number)
    assert "ĐÃ BỊ HỦY" in Phone(live.server.port).get(page).body.decode()
    again = department.post(f"inspections/{sent['id']}/void/", {"reason": "Lần nữa."})
    assert code(again) == (409, "illegal_move")
    assert again.json()["legal_moves"] == []


def test_a_superseded_record_leads_to_its_successor(live: Live) -> None:
    first, old_page, old = issued(live)
    old_number = public(live, old_page)["number"]

    second, new_page, new = issued(live, supersedes=first["id"], reason="Ghi nhầm số đo.")

    assert public(live, old_page)["status"] == "superseded"
    assert public(live, old_page)["superseded_by"]["number"] == public(live, new_page)["number"]
    assert (
        live.person("inspector").get(f"inspections/{first['id']}/").json()["superseded_by"]
        == (second["id"])
    )
    assert f"thay thế Biên bản số {old_number}" in words(text(new))
    judged = Phone(live.server.port).send(
        "POST", "public/verify/", old, {"Content-Type": "application/pdf"}
    )
    assert (judged.json()["verdict"], judged.json()["record"]["status"]) == (
        "genuine",
        "superseded",
    )


def test_a_follow_up_answers_what_was_open_and_carries_the_rest(live: Live) -> None:
    first, _ = submitted(live, fails=FAILS, stall_fails=STALL_FAILS)
    again = visit(kind="follow_up", follows=first["id"])
    critical = {item.code for item in checklist().items.values() if item.severity == "critical"}
    asked = critical | set(FAILS) | {"J02"}
    again["answers"] = {c: a for c, a in again["answers"].items() if c in asked}
    again["stalls"] = [
        {**sheet, "answers": {c: a for c, a in sheet["answers"].items() if c in asked}}
        for sheet in again["stalls"]
        if sheet["stall"] == stall("01")
    ]
    inspector = live.person("inspector")

    incomplete = {**again, "answers": {c: a for c, a in again["answers"].items() if c != "G03"}}
    refused = inspector.submit(incomplete)
    answer = inspector.submit(again)

    assert code(refused) == (422, "answers_invalid")
    assert pointers(refused) == {"/answers/G03": "missing_answer"}
    assert answer.status == 201, answer
    assert answer.json()["verdict"] == "pass"
    result = inspector.get(f"inspections/{again['id']}/result/").json()
    assert len(result["criteria"]) == 70
    assert {each["stall"] for each in result["stalls"]} == {stall(number) for number in STALLS}
    assert inspector.put_photo(photo()).status in (200, 201)
    shown = words(text(inspector.wait_for_record(again["id"]).body))
    assert "Đạt (*)" in shown
    assert "kiểm tra lại việc khắc phục" in shown


def test_a_party_that_refuses_to_sign_is_recorded_with_a_witness(live: Live) -> None:
    head = handwriting.signature("head", "Hoàng Thị Lan")
    refusal = {"role": "representative", "reason": "Không đồng ý với kết quả đo."}
    inspector = live.person("inspector")

    alone = inspector.submit(visit(signatures=[head], refusal=refusal))
    _, _, pdf = issued(
        live, refusal=refusal, signatures=[head, handwriting.signature("witness", "Lý Thị Sông")]
    )

    assert code(alone) == (422, "witness_required")
    shown = words(text(pdf))
    assert "Không đồng ý với kết quả đo." in shown
    assert "Lý Thị Sông" in shown


def test_a_self_check_by_the_manager_has_no_number_and_no_record(live: Live) -> None:
    body = visit(inspector="manager.bocbo", kind="self_check", signatures=[], grounds=None)

    answer = live.person("manager.bocbo").submit(body)

    assert answer.status == 201, answer
    assert (answer.json()["number"], answer.json()["verify_url"]) == (None, None)
    path = f"inspections/{body['id']}"
    assert live.person("manager.bocbo").get(f"{path}/record/").status == 404
    assert live.person("manager.bocbo").get(f"{path}/result/").json()["verdict"] == "pass"
    strange = {
        **body,
        "id": str(uuid4()),
        "team": [{"role": "head", "username": "manager.phuthong"}],
    }
    assert live.person("manager.phuthong").submit(strange).status == 403
    assert live.person("department").submit({**visit(), "id": str(uuid4())}).status == 403


def test_a_supermarket_is_inspected_with_measures(live: Live) -> None:
    content = photo(7100)
    body = document(
        str(uuid4()),
        checklist("supermarket_plastic"),
        establishment="SAMPLE-01",
        inspector="inspector",
        photo=lambda _: digest(content),
        fails=["S204"],
        measures={"PM05": "1200", "PM01": "350,0"},
    )
    inspector = live.person("inspector")
    assert inspector.put_photo(content).status == 201

    answer = inspector.submit(body)

    assert answer.status == 201, answer
    result = inspector.get(f"inspections/{body['id']}/result/").json()
    assert "compliance_level" in result
    assert result["compliance_level"] in (None, "L0")
    shown = words(text(inspector.wait_for_record(body["id"]).body))
    assert "SỐ LIỆU GHI NHẬN" in shown
    assert "1.200" in shown or "1200" in shown
    wrong = {**body, "id": str(uuid4()), "establishment": "BOC-BO"}
    assert code(inspector.submit(wrong)) == (422, "checklist_not_for_this_kind")


def test_the_signed_file_is_accepted_by_other_tools_and_one_changed_byte_is_not(
    live: Live, tmp_path: Path
) -> None:
    sent, page, pdf = issued(live, *(photo(7200 + n) for n in range(6)), fails=FAILS)
    root = live.server.folder / "pki" / "signing-ca.pem"
    record = live.person("inspector").get(f"inspections/{sent['id']}/record/").json()
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1

    said, of_changed = pdfsig(pdf, root, tmp_path), pdfsig(bytes(changed), root, tmp_path)

    assert "Signature is Valid" in said
    assert "Certificate is Trusted" in said
    assert "Total document signed" in said
    assert "Signature is Valid" not in of_changed
    assert "No syntax or stream encoding errors" in on_pdf("qpdf", pdf, "--check")
    assert record["file_sha256"] == digest(pdf) == public(live, page)["file_sha256"]
    assert record["size_bytes"] == len(pdf) <= 600_000
    headers = {"Content-Type": "application/pdf"}
    verdicts = [
        Phone(live.server.port).send("POST", "public/verify/", each, headers).json()["verdict"]
        for each in (pdf, bytes(changed))
    ]
    assert verdicts[0] == "genuine"
    assert verdicts[1] != "genuine"


@pytest.mark.parametrize("accept", ["vi", "en"])
def test_refusals_speak_the_language_of_the_phone(live: Live, accept: str) -> None:
    body = visit()
    del body["answers"]["G03"]

    answer = live.person("inspector").post(
        f"inspections/{body['id']}/submit/", body, **{"Accept-Language": accept}
    )

    assert code(answer) == (422, "answers_invalid")
    assert pointers(answer) == {"/answers/G03": "missing_answer"}
    assert answer.headers["content-language"] == accept
