"""An inspector's visit with the phone app, from the sign-in to the record, network or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.journeys.wcag import wrong
from tests.live import Live, live_server, stall

FLIES = "Có ruồi ở khu thịt."


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server that these tests may stop and start again."""
    with live_server(tmp_path_factory.mktemp("phone")) as running:
        yield running


def ready_to_sign(context: BrowserContext, live: Live) -> tuple[Handset, str]:
    """A whole visit of one market with one stall, one item failing."""
    phone = Handset(context, live.server.url)
    phone.sign_in("inspector")
    phone.wait_until_offline_ready()
    visit = phone.begin("boc bo")
    phone.answer_place(visit, G03=FLIES)
    phone.go(f"/visit/{visit}/stalls")
    phone.page.get_by_role("button", name="01 ·").click()
    phone.expect_heading("01 · Hoàng Văn Dèn")
    phone.answer_stall(visit, stall("01"), "animal_products")
    phone.go(f"/visit/{visit}/review")
    expect(phone.page.get_by_text("Đã đủ. Có thể ký.")).to_be_visible()
    return phone, visit


def test_a_visit_becomes_a_record_that_opens_on_the_phone(
    own: Live, new_phone: NewPhone, tmp_path: Path
) -> None:
    phone, visit = ready_to_sign(new_phone(), own)
    phone.go(f"/visit/{visit}/sign")
    expect(phone.page.locator("canvas")).to_have_count(2)
    assert wrong(phone.page) == []
    phone.page.get_by_text("Đại diện từ chối ký").click()
    expect(phone.page.get_by_text("Lý do từ chối")).to_be_visible()
    assert wrong(phone.page) == []
    phone.page.get_by_text("Đại diện từ chối ký").click()

    phone.sign(visit, "Triệu Thị Mai")

    expect(phone.page.get_by_text("Máy chủ đã nhận.")).to_be_visible()
    numbers = phone.page.locator(".code-large b").all_inner_texts()
    inspector = own.person("inspector")
    told = inspector.get(f"inspections/{visit}/").json()
    assert numbers[1] == told["number"]
    assert told["answers"]["G03"]["note"] == FLIES
    assert {s["role"] for s in told["signatures"]} == {"head", "representative"}
    assert [party["name"] for party in told["parties"]] == ["Triệu Thị Mai"]
    phone.go("/queue")
    expect(phone.page.get_by_text("Không có gì chờ gửi.")).to_be_visible()
    assert inspector.wait_for_record(visit).status == 200
    phone.go(f"/sent/{visit}")
    phone.expect_heading("Đã nộp")
    assert wrong(phone.page) == []
    phone.page.get_by_text("Tải biên bản PDF").click()
    expect(phone.page.get_by_text("Lưu tệp PDF")).to_be_visible()
    with phone.page.expect_download() as download:
        phone.page.get_by_text("Lưu tệp PDF").click()
    download.value.save_as(tmp_path / "record.pdf")
    assert (tmp_path / "record.pdf").read_bytes().startswith(b"%PDF")
    assert phone.complaints == []


def test_a_visit_finished_without_a_network_is_sent_once(own: Live, new_phone: NewPhone) -> None:
    phone, visit = ready_to_sign(new_phone(), own)
    own.server.kill()

    phone.page.reload()
    phone.sign(visit, "Triệu Thị Mai")
    expect(phone.page.get_by_text("Đã lưu chắc trên máy")).to_be_visible()
    phone.page.reload()
    phone.go("/queue")
    expect(phone.page.get_by_text("1 mục chưa lên máy chủ")).to_be_visible()
    own.server.start()
    phone.page.get_by_text("Gửi ngay").click()

    expect(phone.page.get_by_text("Không có gì chờ gửi.")).to_be_visible()
    own.forget_people()
    rows = own.person("inspector").get("inspections/?establishment=BOC-BO").json()["results"]
    numbers = sorted(row["number"] for row in rows if row["status"] != "draft")
    assert next(row["number"] for row in rows if row["id"] == visit) in numbers
    assert numbers == [f"{number:02}/BB-SCT" for number in range(1, len(numbers) + 1)]
    told = own.person("inspector").get(f"inspections/{visit}/").json()
    assert told["missing_evidence"] == []
    assert len(told["signatures"]) == 2
    assert phone.complaints == []
