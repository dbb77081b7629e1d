"""Every screen of the phone app against WCAG 2.2 AA, light and dark, narrow and enlarged."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.inspections.evidence.pictures import picture
from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.journeys.wcag import wrong
from tests.live import Live, stall, visit


def of_an_inspector(phone: Handset) -> Iterator[str]:
    """Brings one screen after the other up, and names it."""
    yield "sign in"
    phone.sign_in("inspector")
    yield "today"
    phone.page.fill("#search", "dong tam")
    yield "search"
    phone.page.fill("#search", "")
    phone.go("/start/BOC-BO")
    expect(phone.page.get_by_text("Loại kiểm tra")).to_be_visible()
    yield "start"
    phone.page.locator(".bar button").click()
    phone.page.wait_for_url("**/visit/*")
    visit_id = phone.page.url.rpartition("/")[2]
    yield "visit"
    phone.go(f"/visit/{visit_id}/section/A")
    card = phone.page.locator("#item-A02")
    card.get_by_role("radio", name="Không đạt").check()
    card.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture("PNG", seed=7)}
    )
    expect(card.locator("figure img")).to_be_visible()
    phone.page.locator("#item-A03").get_by_role("radio", name="Có giấy tờ").check()
    yield "papers"
    phone.go(f"/visit/{visit_id}/section/E")
    phone.page.locator("#item-E02").get_by_label("Giá trị đo").fill("7,5")
    expect(phone.page.locator("#item-E02 .judged")).to_be_visible()
    phone.page.get_by_text("Các tiêu chí còn lại: Đạt").click()
    expect(phone.page.get_by_text("Hoàn tác")).to_be_visible()
    yield "figures"
    phone.go(f"/visit/{visit_id}/stalls")
    phone.page.get_by_text("Thêm quầy chưa có trong sổ").click()
    yield "stalls"
    phone.page.get_by_role("button", name="01 ·").click()
    phone.page.locator("summary").first.click()
    yield "stall"
    phone.page.get_by_role("radio", name="Vắng").check()
    yield "absent stall"
    phone.page.get_by_role("radio", name="Có bán").check()
    phone.go(f"/visit/{visit_id}/stall/{stall('01')}/section/P")
    expect(phone.page.locator("#item-P01")).to_be_visible()
    yield "ratio"
    for screen in ("closing", "review", "summary", "handover", "sign", "conflicts"):
        phone.go(f"/visit/{visit_id}/{screen}")
        phone.page.wait_for_timeout(200)
        yield screen


def of_an_inspector_elsewhere(phone: Handset) -> Iterator[str]:
    phone.sign_in("inspector")
    phone.go("/start/SAMPLE-01")
    phone.page.locator(".bar button").click()
    phone.page.wait_for_url("**/visit/*")
    store = phone.page.url.rpartition("/")[2]
    yield "visit of a supermarket"
    phone.go(f"/visit/{store}/section/S2")
    expect(phone.page.locator("#item-S204")).to_be_visible()
    yield "choice"
    phone.go(f"/visit/{store}/measures")
    yield "measures"
    for address in ("queue", "records", "settings", "sent/x", "visit/x", "link/x"):
        phone.go(f"/{address}")
        phone.page.wait_for_timeout(200)
        yield address
    phone.go("/settings")
    phone.page.get_by_role("radio", name="English").check()
    phone.expect_heading("Device and settings")
    yield "English"


def of_a_manager(phone: Handset) -> Iterator[str]:
    phone.sign_in("manager.bocbo")
    yield "own places"
    phone.go("/place/BOC-BO")
    phone.expect_heading("Chợ Bộc Bố")
    yield "own place"
    phone.page.locator(".row").first.click()
    phone.expect_heading("Báo cáo khắc phục")
    yield "respond"
    phone.page.get_by_label("Đã khắc phục thế nào").fill("Đã thay lưới chắn.")
    phone.page.get_by_text("Gửi báo cáo").click()
    phone.go("/queue")
    phone.page.wait_for_timeout(300)
    yield "queue with an entry"
    phone.go("/start/BOC-BO")
    yield "self-check"


def of_a_store(phone: Handset) -> Iterator[str]:
    phone.sign_in("manager.sieuthi")
    phone.page.locator(".row").first.click()
    phone.page.get_by_text("Khai báo túi ni lông").click()
    phone.page.get_by_label("Số giao dịch (").fill("1200")
    yield "bag return"
    phone.page.get_by_text("Gửi khai báo").click()
    phone.go("/queue")
    phone.page.wait_for_timeout(300)
    yield "queue of a store"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "walk", [of_an_inspector, of_an_inspector_elsewhere, of_a_manager, of_a_store]
)
def test_no_screen_breaks_a_rule(live: Live, new_phone: NewPhone, scheme: str, walk: Any) -> None:
    body = visit(fails=["G03", "A02"], id=str(uuid4()))
    assert live.person("inspector").submit(body).status == 201
    phone = Handset(new_phone(color_scheme=scheme), live.server.url)

    broken = {name: found for name in walk(phone) if (found := wrong(phone.page))}

    assert broken == {}
    assert phone.complaints == []
