"""Two inspectors share the stalls of a market, and bring the sheets together without a network."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import NewPhone
from tests.journeys.handset import CHOICES, Handset
from tests.journeys.wcag import wrong
from tests.live import Live, stall

SHARED, OTHERS = "01", "04"
ITEM = "J02"  # passes or fails, no photo unless it fails


def visit_stall(phone: Handset, visit: str, number: str, outcome: str) -> None:
    """One answer on the sheet of a stall."""
    phone.go(f"/visit/{visit}/stalls")
    phone.page.get_by_role("button", name=f"{number} ·").click()
    phone.page.wait_for_url("**/stall/*")
    phone.go(f"/visit/{visit}/stall/{stall(number)}/section/J")
    card = phone.page.locator(f"#item-{ITEM}")
    card.get_by_role("radio", name=CHOICES[outcome], exact=True).check()
    expect(phone.page.locator(f"#item-{ITEM}.{outcome}")).to_be_visible()


def test_sheets_of_a_second_phone_are_taken_over_and_what_differs_is_chosen(
    live: Live, new_phone: NewPhone, tmp_path: Path
) -> None:
    here, there = (Handset(new_phone(), live.server.url) for _ in range(2))
    here.sign_in("inspector")
    there.sign_in("inspector2")
    visit, other = here.begin("boc bo"), there.begin("boc bo")
    for phone in (here, there):
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        phone.context.set_offline(True)
    visit_stall(here, visit, SHARED, "pass")
    visit_stall(there, other, SHARED, "fail")
    visit_stall(there, other, OTHERS, "pass")

    there.go(f"/visit/{other}/handover")
    with there.page.expect_download() as download:
        there.page.get_by_text("Tạo tệp 2 quầy").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    here.go(f"/visit/{visit}/handover")
    here.page.get_by_label("Tệp từ máy kia").set_input_files(file)
    here.page.get_by_role("radio", name="Máy kia: Không đạt").check()
    assert wrong(here.page) == []
    here.page.get_by_role("button", name="Nhận vào bài này").click()

    expect(here.page.get_by_text("Đã nhận 2 phần.")).to_be_visible()
    for number, outcome in ((SHARED, "fail"), (OTHERS, "pass")):
        here.go(f"/visit/{visit}/stall/{stall(number)}/section/J")
        expect(here.page.locator(f"#item-{ITEM}.{outcome}")).to_be_visible()
    assert here.complaints + there.complaints == []


def test_a_file_that_is_no_handover_changes_nothing(
    live: Live, new_phone: NewPhone, tmp_path: Path
) -> None:
    phone = Handset(new_phone(), live.server.url)
    phone.sign_in("inspector")
    visit = phone.begin("boc bo")
    file = tmp_path / "other.cho.json"
    file.write_text("{}", encoding="utf-8")

    phone.go(f"/visit/{visit}/handover")
    phone.page.get_by_label("Tệp từ máy kia").set_input_files(file)

    expect(phone.page.get_by_text("Tệp này không dùng được cho bài này.")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Nhận vào bài này")).to_have_count(0)
    assert phone.complaints == []
