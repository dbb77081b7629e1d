"""The lists of the office on a screen of the department: nothing is cut off, nothing refused."""

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, Page, ViewportSize

from tests.inspections.evidence.pictures import picture
from tests.live import PASSWORD, Live, visit

SCREEN: ViewportSize = {"width": 1200, "height": 800}
LISTS = [f"{m._meta.app_label}/{m._meta.model_name}" for m in admin.site._registry]


@pytest.fixture
def office(browser: Browser, live: Live) -> Page:
    body = visit(picture("PNG", seed=7120), fails=["G03"])
    assert live.person("inspector").submit(body).status == 201
    page = browser.new_page(viewport=SCREEN, locale="vi")
    page.goto(f"{live.server.url}/admin/login/")
    page.fill("#id_username", "department")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    return page


def test_every_column_of_every_list_is_in_sight(office: Page, live: Live) -> None:
    complaints: list[str] = []
    office.on("console", lambda message: complaints.append(message.text))
    seen = 0
    for name in LISTS:
        office.goto(f"{live.server.url}/admin/{name}/")
        table = office.locator("#result_list")
        if not table.count():
            continue
        seen += 1
        is_whole = "table => table.scrollWidth <= table.closest('.results').clientWidth"
        assert table.evaluate(is_whole), name
        assert office.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], name
    assert seen > 8
    assert complaints == []
    office.close()
