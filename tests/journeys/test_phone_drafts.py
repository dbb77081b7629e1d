"""A visit in progress: whose it is, and what a refusal makes of it."""

from playwright.sync_api import expect

from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset, choose
from tests.journeys.wcag import wrong
from tests.live import Live

ITEM = "G04"  # passes or fails, no photo


def test_who_signs_out_leaves_nothing_to_see_and_loses_nothing(
    live: Live, new_phone: NewPhone
) -> None:
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")
    visit = phone.begin("phu thong")
    choose(phone, visit, ITEM, "Đạt")
    phone.go("/")
    mine = phone.page.locator(f'a[href="#/visit/{visit}"]')
    expect(mine).to_be_visible()
    phone.go("/settings")
    phone.page.get_by_role("button", name="Đăng xuất").click()

    phone.sign_in("inspector2")

    expect(mine).to_have_count(0)
    phone.go("/settings")
    phone.page.get_by_role("button", name="Đăng xuất").click()
    phone.sign_in("inspector")
    phone.go(f"/visit/{visit}/section/{ITEM[0]}")
    expect(phone.page.locator(f"#item-{ITEM}.pass")).to_be_visible()
    assert phone.complaints == []


def test_a_refused_visit_says_why_and_leads_to_what_is_wrong(
    live: Live, new_phone: NewPhone
) -> None:
    """The server refuses what the phone could not know: it is a draft again, with the reason."""
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("manager.bocbo")
    phone.go("/start/BOC-BO")
    phone.page.locator(".bar button").click()
    phone.page.wait_for_url("**/visit/*")
    visit = phone.page.url.rpartition("/")[2]
    phone.answer_place(visit)
    problem = {"code": "answers_invalid", "title": "Có câu trả lời cần sửa", "errors": [
        {"pointer": f"/answers/{ITEM}/value", "code": "wrong_type", "detail": ""}]}  # fmt: skip
    phone.refuse_submissions(problem)
    phone.go(f"/visit/{visit}/review")
    phone.page.get_by_text("Nộp bài tự kiểm tra").click()
    phone.expect_heading("Đã nộp")

    phone.go("/queue")

    expect(phone.page.get_by_text("Bị trả lại")).to_be_visible()
    assert wrong(phone.page) == []
    phone.page.get_by_text("Sửa và nộp lại").click()
    phone.expect_heading("Xem lại")
    phone.page.locator(".row", has_text=ITEM).first.click()
    expect(phone.page.locator(f"#item-{ITEM}")).to_be_focused()
    assert phone.complaints == []
