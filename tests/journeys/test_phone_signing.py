"""The end of a visit: who signs, who refuses, and what takes the place of a wrong record."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.begun import begin_elsewhere, hand_in
from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset, choose
from tests.journeys.wcag import wrong
from tests.live import Live, live_server


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server of our own: the newest records, which a phone lists first, are ours."""
    with live_server(tmp_path_factory.mktemp("signing")) as running:
        yield running


def test_who_refuses_to_sign_is_written_down_with_the_reason_and_a_witness(
    live: Live, new_phone: NewPhone
) -> None:
    visit = begin_elsewhere(live, "inspector", "PHU-THONG")
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")
    phone.take_over(visit)
    phone.go(f"/visit/{visit}/sign")
    phone.draw(phone.page.locator("canvas").first)
    submit = phone.page.get_by_role("button", name="Nộp bài kiểm tra")
    expect(submit).to_be_disabled()

    phone.page.get_by_label("Đại diện từ chối ký").check()
    phone.page.get_by_label("Lý do từ chối").fill("Không đồng ý với kết quả.")
    witness = phone.page.locator("section.group").nth(1)
    witness.get_by_label("Họ và tên").fill("Lý Văn Sính")
    witness.get_by_text("Ký bằng tên gõ").click()
    expect(submit).to_be_enabled()
    assert wrong(phone.page) == []
    submit.click()

    expect(phone.page.get_by_text("Máy chủ đã nhận.")).to_be_visible()
    told = live.person("inspector").get(f"inspections/{visit}/").json()
    assert told["refusal"] == {
        "role": "representative", "reason": "Không đồng ý với kết quả.",
    }  # fmt: skip
    assert {s["role"]: s["name"] for s in told["signatures"]} == {
        "head": "Hoàng Thị Lan", "witness": "Lý Văn Sính",
    }  # fmt: skip
    assert phone.complaints == []


def test_a_wrong_record_is_replaced_by_one_that_takes_its_answers(
    live: Live, new_phone: NewPhone
) -> None:
    old = hand_in(live, "inspector", "DONG-TAM")
    number = live.person("inspector").get(f"inspections/{old['id']}/").json()["number"]
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")
    phone.go("/records")
    phone.page.get_by_role("button", name="Xem danh sách").click()
    entry = phone.page.locator("li.group", has_text=number)
    entry.get_by_text("Lập lại biên bản").click()
    entry.get_by_label("Lý do lập lại").fill("Ghi nhầm tiêu chí G04.")
    assert wrong(phone.page) == []
    entry.get_by_role("button", name="Lập lại").click()
    phone.page.wait_for_url("**/visit/*")
    expect(phone.page.get_by_text("Bài này thay một biên bản đã nộp.")).to_be_visible()
    visit = phone.page.url.rpartition("/")[2]

    choose(phone, visit, "G04", "Không đạt")
    phone.page.locator("#item-G04 textarea").fill("Chưa có điểm thu gom.")
    phone.page.locator("#item-G04 textarea").blur()
    phone.sign(visit, "Triệu Thị Mai")

    expect(phone.page.get_by_text("Máy chủ đã nhận.")).to_be_visible()
    before, after = (
        live.person("inspector").get(f"inspections/{id_}/").json() for id_ in (old["id"], visit)
    )
    assert (before["status"], before["superseded_by"]) == ("superseded", visit)
    assert (after["supersedes"], after["reason"]) == (old["id"], "Ghi nhầm tiêu chí G04.")
    assert after["started_at"] == before["started_at"]
    assert after["answers"].pop("G04")["value"] == "fail"
    assert before["answers"].pop("G04")["value"] == "pass"
    assert after["answers"] == before["answers"]
    phone.go("/records")
    phone.page.get_by_role("button", name="Xem danh sách").click()
    entry = phone.page.locator("li.group", has_text=f"{number} ·")
    expect(entry.get_by_text(f"Đã thay bằng {after['number']}")).to_be_visible()
    expect(entry.get_by_text("Lập lại biên bản")).to_have_count(0)
    assert phone.complaints == []


def test_a_follow_up_leads_from_one_open_answer_to_the_next(
    live: Live, new_phone: NewPhone
) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    first = hand_in(
        live,
        "inspector",
        "PHU-THONG",
        fails=["G04"],
        started_at=an_hour_ago.isoformat(timespec="seconds"),
        ended_at=an_hour_ago.isoformat(timespec="seconds"),
    )
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")
    phone.go("/start/PHU-THONG")
    phone.page.get_by_role("radio", name="Kiểm tra lại").check()
    phone.page.locator(".bar button").click()
    phone.page.wait_for_url("**/visit/*")
    visit = phone.page.url.rpartition("/")[2]
    phone.go(f"/visit/{visit}/section/G")
    expect(phone.page.locator("#item-G04")).to_contain_text("Tồn tại chưa khắc phục")
    expect(phone.page.locator("#item-G03")).to_contain_text("Kết quả lần trước vẫn tính")
    assert wrong(phone.page) == []

    answered = phone.answer_what_is_missing(visit)
    phone.sign(visit, "Triệu Thị Mai")

    expect(phone.page.get_by_text("Máy chủ đã nhận.")).to_be_visible()
    told = live.person("inspector").get(f"inspections/{visit}/").json()
    assert "G04" in answered
    assert set(told["answers"]) == set(answered)
    assert told["follows"] == first["id"]
    result = live.person("inspector").get(f"inspections/{visit}/result/").json()
    a, b = (f"{r['passed']}/{r['applicable']}" for r in (result["level_a"], result["level_b"]))
    levels = phone.page.get_by_text(f"Mức A đạt {a} · mức B đạt {b}", exact=True)
    expect(levels).to_be_visible()
    found = live.person("department").get("findings/?establishment=PHU-THONG").json()["results"]
    assert [f["status"] for f in found if f["inspection"] == first["id"]] == ["closed"]
    assert phone.complaints == []
