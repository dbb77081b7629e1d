"""What a manager does with the phone app: answers findings, checks the own place, declares bags."""

from playwright.sync_api import expect

from tests.journeys.begun import hand_in
from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.journeys.wcag import wrong
from tests.live import Live

STORE = "SAMPLE-01"


def test_a_finding_is_answered_with_a_photo_while_there_is_no_network(
    live: Live, new_phone: NewPhone
) -> None:
    visit = hand_in(live, "inspector", "PHU-THONG", fails=["B02"])
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("manager.phuthong")
    phone.wait_until_offline_ready()
    phone.go("/place/PHU-THONG")
    phone.page.locator("a.row", has_text="B02").click()
    phone.expect_heading("Báo cáo khắc phục")
    phone.context.set_offline(True)

    phone.page.get_by_label("Đã khắc phục thế nào").fill("Đã kê lại sạp.")
    phone.page.get_by_label("Đã khắc phục thế nào").blur()
    phone.take_photo(phone.page.locator("main"), seed=41)
    phone.page.reload()
    expect(phone.page.locator("figure img")).to_have_count(1)
    assert wrong(phone.page) == []
    phone.page.get_by_role("button", name="Gửi báo cáo").click()
    phone.expect_heading("Chờ gửi")
    expect(phone.page.get_by_text("Ảnh: 0/1 đã gửi")).to_be_visible()
    phone.context.set_offline(False)
    phone.page.get_by_role("button", name="Gửi ngay").click()

    expect(phone.page.get_by_text("Không có gì chờ gửi.")).to_be_visible()
    rows = live.person("manager.phuthong").get("findings/?establishment=PHU-THONG").json()
    finding = next(f for f in rows["results"] if f["inspection"] == visit["id"])
    [correction] = finding["corrections"]
    assert (finding["status"], correction["text"]) == ("answered", "Đã kê lại sạp.")
    [photo] = correction["photos"]
    assert live.person("department").get(f"evidence/{photo}/").status == 200
    assert phone.complaints == []


def test_a_self_check_is_kept_without_signatures_and_without_a_number(
    live: Live, new_phone: NewPhone
) -> None:
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("manager.sieuthi")
    phone.go(f"/start/{STORE}")
    phone.page.get_by_role("button", name="Tự kiểm tra").click()
    phone.page.wait_for_url("**/visit/*")
    visit = phone.page.url.rpartition("/")[2]
    phone.answer_place(visit, "supermarket_plastic")
    phone.go(f"/visit/{visit}/review")
    expect(phone.page.get_by_text("Đã đủ. Có thể nộp.")).to_be_visible()

    phone.page.get_by_role("button", name="Nộp bài tự kiểm tra").click()

    expect(phone.page.get_by_text("Bài này không cấp số.")).to_be_visible()
    told = live.person("manager.sieuthi").get(f"inspections/{visit}/").json()
    assert (told["number"], told["signatures"], told["kind"]) == (None, [], "self_check")
    assert phone.complaints == []


def test_a_supermarket_declares_its_bags_of_a_month(live: Live, new_phone: NewPhone) -> None:
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("manager.sieuthi")
    phone.go(f"/place/{STORE}/bags")
    send = phone.page.get_by_role("button", name="Gửi khai báo")
    expect(send).to_be_disabled()
    phone.page.get_by_label("Số giao dịch (").fill("12x")
    expect(phone.page.get_by_text("Không đọc được giá trị")).to_be_visible()
    assert wrong(phone.page) == []
    expect(send).to_be_disabled()

    phone.page.get_by_label("Số giao dịch (").fill("1200,5")
    phone.page.get_by_label("Tháng", exact=True).fill("2026-09")
    send.click()

    phone.expect_heading("Chờ gửi")
    expect(phone.page.get_by_text("Không có gì chờ gửi.")).to_be_visible()
    found = live.person("manager.sieuthi").get(f"bag-returns/?establishment={STORE}").json()
    [row] = [row for row in found["results"] if row["month"] == "2026-09"]
    assert list(row["measures"].values()) == ["1200.5"]
    assert phone.complaints == []
