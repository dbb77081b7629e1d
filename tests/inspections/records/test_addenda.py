"""records.addenda: what was said of a signed record is a signed file beside it, once"""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pypdfium2 import PdfDocument

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from inspections.disputes import lifecycle as disputes
from inspections.records import addenda, drawing
from inspections.records.models import Addendum
from inspections.records.rendering.addendum import render
from tests.inspections.disputes.builders import RECEIVED, a_visit, appeal, issued, on, reply
from tests.inspections.evidence.visits import api_as
from tests.inspections.records import tools
from tests.inspections.visits import Visits, person


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def said(visits: Visits, department: Person) -> Any:
    """A visit whose record is signed, with a reply, an appeal and the decision about it."""
    visit = issued(visits, department)
    with on(RECEIVED):
        reply(visits, visit, finding=visit.findings.get().pk)
        asked, _ = appeal(visits, visit, text="Đề nghị đo lại nhiệt độ.")
        disputes.decide(asked.pk, outcome="rejected", reason="Đã đo hai lần.", by=department)
        assert addenda.issue_waiting() == 3
    return visit


def text_of(content: bytes) -> str:
    pages = PdfDocument(content)
    words = " ".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(words.split())


def test_each_statement_becomes_one_signed_file_in_the_order_of_time(
    visits: Visits, department: Person
) -> None:
    visit = said(visits, department)
    before = visit.record.file_sha256

    assert addenda.issue_waiting() == 0
    kinds = list(Addendum.objects.order_by("sequence").values_list("sequence", "kind"))
    assert kinds == [(1, "reply"), (2, "appeal"), (3, "decision")]
    visit.record.refresh_from_db()
    assert visit.record.file_sha256 == before
    told = AuditEntry.objects.filter(action="addendum.issued", subject=f"record:{visit.pk}")
    assert [entry.data["sequence"] for entry in told.order_by("sequence")] == [1, 2, 3]


def test_an_addendum_says_of_which_record_who_said_what_and_when(
    visits: Visits, department: Person
) -> None:
    visit = said(visits, department)
    record = visit.record

    first, second, third = (
        text_of(drawing.read(row)) for row in Addendum.objects.order_by("sequence")
    )

    for text in (first, second, third):
        assert f"Biên bản số {record.number}" in text
        assert record.file_sha256 in text.replace(" ", "")
    assert "Về tồn tại G03" in first
    assert "Hôm đó lưới đang được giặt." in first
    assert "Người mai.tt" in first
    assert "Đề nghị đo lại nhiệt độ." in second
    assert "Giữ nguyên kết luận của biên bản. Đã đo hai lần." in third


def test_the_same_payload_gives_the_same_bytes(visits: Visits, department: Person) -> None:
    said(visits, department)
    payload = json.loads(Addendum.objects.get(sequence=1).payload)

    assert render(payload, test=True) == render(payload, test=True)


def test_an_addendum_is_genuine_to_us_and_to_an_outside_tool(
    visits: Visits, department: Person
) -> None:
    visit = said(visits, department)
    route = f"/api/v1/inspections/{visit.pk}/"
    answer = api_as(visits.manager).get(f"{route}addenda/1.pdf")
    content = answer.content

    checked = Client().post("/api/v1/public/verify/", content, content_type="application/pdf")
    altered = Client().post(
        "/api/v1/public/verify/", content + b"\n", content_type="application/pdf"
    )

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert checked.json()["verdict"] == "genuine", checked.json()
    assert checked.json()["record"]["number"] == visit.record.number
    assert altered.json()["verdict"] == "altered"
    assert "Signature is Valid." in tools.on_pdf("pdfsig", content)
    again = api_as(visits.manager).get(
        f"{route}addenda/1.pdf", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304
    assert api_as(visits.manager).get(f"{route}addenda/4.pdf").status_code == 404
    stranger = person("stranger", Role.MANAGER)
    assert api_as(stranger).get(f"{route}addenda/1.pdf").status_code == 404


def test_the_record_and_the_page_behind_the_code_name_them(
    visits: Visits, department: Person
) -> None:
    visit = said(visits, department)
    digests = list(Addendum.objects.order_by("sequence").values_list("file_sha256", flat=True))

    record = api_as(visits.inspector).get(f"/api/v1/inspections/{visit.pk}/record/").json()
    page = Client().get(f"/verify/{visit.record.token}/").content.decode()

    assert [row["file_sha256"] for row in record["addenda"]] == digests
    assert all(digest in page for digest in digests)


def test_nothing_is_added_to_a_record_that_is_not_signed_yet(
    visits: Visits, department: Person
) -> None:
    visit = a_visit(visits)
    with on(RECEIVED):
        reply(visits, visit)

    assert addenda.issue_waiting() == 0


def test_of_two_processes_one_issues_it(
    visits: Visits, department: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = issued(visits, department)
    with on(RECEIVED):
        reply(visits, visit)
    draw = drawing.draw_addendum

    def slowly(*given: Any) -> Any:
        monkeypatch.setattr(drawing, "draw_addendum", draw)
        assert addenda.issue_waiting() == 1
        return draw(*given)

    monkeypatch.setattr(drawing, "draw_addendum", slowly)

    assert addenda.issue_waiting() == 0
    assert Addendum.objects.count() == 1


def test_the_command_issues_them(
    visits: Visits, department: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = issued(visits, department)
    with on(RECEIVED):
        reply(visits, visit)

    call_command("issue_records")

    assert capsys.readouterr().out == "0 records issued\n1 addenda issued\n"
