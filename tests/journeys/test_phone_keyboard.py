"""A visit is signed and handed in with keys alone, and each thing shows that it is reached."""

from playwright.sync_api import Locator, expect

from tests.journeys.begun import begin_elsewhere
from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.live import PASSWORD, Live

MOST_STEPS = 60
OUTLINE = "(each) => getComputedStyle(each).outlineStyle !== 'none'"


def reach(phone: Handset, target: Locator) -> None:
    """Tab by tab."""
    expect(target).to_be_visible()
    for _ in range(MOST_STEPS):
        phone.page.keyboard.press("Tab")
        if target.evaluate("(each) => each === document.activeElement"):
            assert target.evaluate(OUTLINE)
            return
    raise AssertionError(f"not reached in {MOST_STEPS} steps: {target}")


def test_a_visit_is_finished_with_a_keyboard(live: Live, new_phone: NewPhone) -> None:
    visit = begin_elsewhere(live, "inspector2", "PHU-THONG")
    phone = Handset(new_phone(), live.server.url)
    page, press = phone.page, phone.page.keyboard.press
    reach(phone, page.locator("#username"))
    page.keyboard.type("inspector2")
    reach(phone, page.locator("#password"))
    page.keyboard.type(PASSWORD)
    press("Enter")

    reach(phone, phone.left_elsewhere(visit))
    press("Enter")
    page.wait_for_url(f"**/visit/{visit}")
    reach(phone, page.locator(".bar").get_by_text("Xem lại"))
    press("Enter")
    reach(phone, page.get_by_text("Ký biên bản"))
    press("Enter")
    head, other = page.locator("section.group").nth(0), page.locator("section.group").nth(1)
    reach(phone, head.get_by_role("button", name="Ký bằng tên gõ"))
    press("Space")
    expect(head.get_by_text("Đã ký.")).to_be_visible()
    reach(phone, other.get_by_label("Họ và tên"))
    page.keyboard.type("Triệu Thị Mai")
    reach(phone, other.get_by_role("button", name="Ký bằng tên gõ"))
    press("Space")
    reach(phone, page.get_by_role("button", name="Nộp bài kiểm tra"))
    press("Enter")

    phone.expect_heading("Đã nộp")
    expect(page.get_by_text("Máy chủ đã nhận.")).to_be_visible()
    assert phone.complaints == []
