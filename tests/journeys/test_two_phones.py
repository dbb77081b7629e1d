"""One visit on two phones."""

from playwright.sync_api import expect

from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset, choose
from tests.journeys.wcag import wrong
from tests.live import Live

ITEM = "G04"  # passes or fails, no photo
OTHER = "B06"


def send(phone: Handset) -> None:
    phone.go("/queue")
    button = phone.page.get_by_text("Gửi ngay")
    button.click()
    expect(button).to_be_enabled()


def test_two_phones_with_one_visit_keep_both_answers_until_somebody_chooses(
    live: Live, new_phone: NewPhone
) -> None:
    first = Handset(new_phone(), live.server.url)
    first.sign_in("inspector")
    visit = first.begin("dong tam")
    send(first)
    second = Handset(new_phone(), live.server.url)
    second.sign_in("inspector")
    second.take_over(visit)
    choose(first, visit, OTHER, "Đạt")
    choose(first, visit, ITEM, "Đạt")
    send(first)

    choose(second, visit, ITEM, "Không đạt")
    send(second)

    second.go(f"/visit/{visit}/conflicts")
    sides = second.page.locator(".side b")
    expect(sides).to_have_count(2)
    assert sorted(sides.all_inner_texts()) == ["Không đạt", "Đạt"]
    assert wrong(second.page) == []
    second.page.locator(".side", has_text="Không đạt").get_by_role("button").click()
    expect(second.page.get_by_text("Không còn chỗ nào khác nhau.")).to_be_visible()
    second.go(f"/visit/{visit}/section/{OTHER[0]}")
    expect(second.page.locator(f"#item-{OTHER}.pass")).to_be_visible()
    assert first.complaints + second.complaints == []
