"""GET /verify/{token}/ in a browser: what somebody sees who scans the code on the paper."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.live import Live, photo, visit

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE: ViewportSize = {"width": 390, "height": 844}
# Full names and user names of the demo people; the page names nobody.
PEOPLE = ("Hoàng Thị Lan", "Triệu Thị Mai", "Nông Văn Páo", "inspector", "Hoàng Văn Dèn")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport=PHONE)
        browser.close()


def address(live: Live, content: bytes, *, sent: bool) -> tuple[str, str, str]:
    """The public page of a new record, the record's number and its inspection's id."""
    body, inspector = visit(content, fails=["G03"]), live.person("inspector")
    receipt = inspector.submit(body).json()
    if sent:
        assert inspector.put_photo(content).status in (200, 201)
        assert inspector.wait_for_record(body["id"]).status == 200
    return live.server.url + urlsplit(receipt["verify_url"]).path, receipt["number"], body["id"]


def shown(page: Page, url: str, status: int = 200) -> str:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == status
    if status == 200:
        assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return page.inner_text("body")


def test_a_genuine_record_says_what_the_paper_must_say_and_names_nobody(
    live: Live, page: Page
) -> None:
    url, number, _ = address(live, photo(), sent=True)

    text = shown(page, url)

    assert "BIÊN BẢN CÓ THẬT, ĐANG CÓ HIỆU LỰC" in text
    assert number in text
    assert "Chợ Bộc Bố" in text
    assert "TEST" in text
    assert "bản thử" in text
    assert [name for name in PEOPLE if name in page.content()] == []


def test_a_record_that_waits_for_photos_is_provisional_and_then_voided(
    live: Live, page: Page
) -> None:
    url, _, inspection = address(live, photo(7900), sent=False)

    assert "CHƯA PHÁT HÀNH" in shown(page, url)
    live.person("department").post(f"inspections/{inspection}/void/", {"reason": "Lập nhầm."})
    assert "ĐÃ BỊ HỦY" in shown(page, url)


def test_an_unknown_code_says_so(live: Live, page: Page) -> None:
    assert "KHÔNG TÌM THẤY" in shown(page, f"{live.server.url}/verify/{'x' * 22}/", 404)
