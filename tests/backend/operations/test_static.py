"""Pages on a prepared server find every file that they name."""

import re
from urllib.parse import urljoin

import pytest

from inspections.demo.phone import Phone
from tests.live import Live


@pytest.mark.parametrize("page", ["/admin/login/", "/api/docs/", "/api/docs/redoc/"])
def test_every_file_that_a_page_names_is_there_and_kept_by_browsers(live: Live, page: str) -> None:
    phone = Phone(live.server.port)
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', phone.get(page).body.decode())
    assert named
    for address in named:
        answer = phone.get(address)
        assert answer.status == 200, address
        assert "immutable" in answer.headers["cache-control"], address


def test_style_sheets_name_files_that_are_there(live: Live) -> None:
    phone = Phone(live.server.port)
    html = phone.get("/admin/login/").body.decode()
    for sheet in re.findall(r'href="(/static/[^"]+\.css)"', html):
        body = phone.get(sheet).body.decode()
        for name in re.findall(r'url\("?([^")]+\.(?:css|svg|png|woff2?))"?\)', body):
            assert phone.get(urljoin(sheet, name)).status == 200, (sheet, name)
