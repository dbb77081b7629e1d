"""A manager opens the own place on a phone: verdict, trend, what to do first."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.journeys.wcag import wrong
from tests.live import Live, live_server, stall, visit

SEPTEMBER = {"started_at": "2026-09-01T06:40:00+07:00", "ended_at": "2026-09-01T08:00:00+07:00"}


def sent(live: Live, **changes: Any) -> list[dict[str, Any]]:
    """The findings of a visit."""
    inspector, document = live.person("inspector"), visit(**changes)
    answer = inspector.submit(document)
    assert answer.status == 201, answer
    found = inspector.get(f"inspections/{document['id']}/result/").json()["findings"]
    return list(found)


def test_a_manager_sees_what_to_do_first(new_phone: NewPhone, tmp_path: Path) -> None:
    with live_server(tmp_path) as live:
        sent(live, location=None, **SEPTEMBER)
        found = sent(live, fails=["G03"], stall_fails={stall("01"): ["J02"]})
        [first] = [row for row in found if row["item"] == "J02"]
        phone = Handset(new_phone(), live.server.url)
        phone.sign_in("manager.bocbo")

        phone.go("/place/BOC-BO")

        page = phone.page
        page.get_by_text("1 việc cần làm để “Đạt”").click()
        link = page.locator("details[open] a")
        expect(link).to_contain_text("J02")
        expect(link).to_contain_text("01")
        expect(link).to_have_attribute("href", f"#/finding/{first['id']}")
        expect(page.get_by_role("img")).to_have_attribute(
            "aria-label", re.compile("^01/09/2026: 100,00; 22/11/2026: 9")
        )
        expect(page.locator(".trend circle")).to_have_count(2)
        assert wrong(page) == []

        body = {"id": str(uuid4()), "text": "Đã thay mặt quầy", "done_on": "2026-11-22"}
        live.person("manager.bocbo").post(f"findings/{first['id']}/respond/", body)
        page.reload()

        expect(page.get_by_text("Nếu các trả lời được chấp nhận:")).to_be_visible()
        expect(page.locator(".verdict .badge")).to_have_text(["Không đạt", "Đạt"])
        expect(page.get_by_text("việc cần làm để")).to_have_count(0)
        assert phone.complaints == []
