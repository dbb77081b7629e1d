"""The office pages of what has a life cycle: shown in Vietnamese, changed nowhere."""

from typing import Any
from uuid import UUID

import polib
import pytest
from django.conf import settings
from django.db import connection
from django.forms.models import construct_instance
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from backend.common.errors import DomainError
from inspections.forms import SeriesForm
from inspections.models import Finding, Inspection, Record, RecordSequence, RefusedSubmission
from markets.models import Authority
from tests.inspections.visits import Visits

PAGES = ("inspection", "finding", "record", "refusedsubmission", "recordsequence")
SERIES = "/admin/inspections/recordsequence/"


@pytest.fixture
def office(db: None) -> Client:
    return signed_in("so.ct", Role.DEPARTMENT)


def signed_in(username: str, role: Role) -> Client:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"role": role, "full_name": "Nguyễn Minh Đức"}
    )
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(user)
    return browser


def a_visit_with_a_refused_copy(visits: Visits) -> Inspection:
    """Two findings at the market, one at a stall; the copy differs in the opinion."""
    sent = visits.document(fails=("B05", "G03"), stall_fails={visits.stalls[0]["id"]: ("J02",)})
    visits.send(sent)
    with pytest.raises(DomainError):
        visits.send({**sent, "opinion": "Ban quản lý không đồng ý."})
    return Inspection.objects.get(pk=UUID(sent["id"]))


def text_of(browser: Client, address: str) -> str:
    page = browser.get(address)
    assert page.status_code == 200
    return page.content.decode()


def construct_only(form: SeriesForm) -> None:
    """What the form does where nothing was in the way when it looked."""
    form.instance = construct_instance(form, form.instance)


def rows() -> dict[str, Any]:
    return {
        "inspection": Inspection.objects.get(),
        "finding": Finding.objects.get(item="J02"),
        "record": Record.objects.get(),
        "refusedsubmission": RefusedSubmission.objects.get(),
        "recordsequence": RecordSequence.objects.get(),
    }


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER])
def test_only_the_department_enters(visits: Visits, role: Role) -> None:
    browser = signed_in(visits.inspector.username if role == Role.INSPECTOR else "mai.tt", role)

    for page in (*PAGES, "checklistversion"):
        answer = browser.get(f"/admin/inspections/{page}/")
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]


def test_our_part_of_the_catalogue_is_compiled_from_its_source() -> None:
    catalogue = settings.LOCALE_PATHS[0] / "vi" / "LC_MESSAGES" / "django"

    source = polib.pofile(str(catalogue.with_suffix(".po")))
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))

    assert {(e.msgid, e.msgstr, *e.msgstr_plural.values()) for e in source} == {
        (e.msgid, e.msgstr, *e.msgstr_plural.values()) for e in compiled
    }


def test_a_browser_may_say_from_where_a_form_comes(client: Client) -> None:
    # Under no-referrer it says "Origin: null", which no check against forged forms lets pass.
    assert client.get("/admin/login/")["Referrer-Policy"] == "same-origin"


def test_every_page_opens_and_nothing_on_it_can_be_changed(office: Client, visits: Visits) -> None:
    a_visit_with_a_refused_copy(visits)

    for page, row in rows().items():
        address = f"/admin/inspections/{page}/"
        assert office.get(address).status_code == 200
        assert "submit-row" in text_of(office, f"{address}{row.pk}/change/")
        assert "_save" not in text_of(office, f"{address}{row.pk}/change/")
        assert office.post(f"{address}{row.pk}/change/", {}).status_code == 403
        assert office.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        if page != "recordsequence":
            assert office.get(f"{address}add/").status_code == 403


def test_no_list_offers_to_delete(office: Client, visits: Visits) -> None:
    a_visit_with_a_refused_copy(visits)

    for page, row in rows().items():
        body = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
        office.post(f"/admin/inspections/{page}/", body)
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_visit_is_shown_with_what_was_sent(office: Client, visits: Visits) -> None:
    visit = a_visit_with_a_refused_copy(visits)

    page = text_of(office, f"/admin/inspections/inspection/{visit.pk}/change/")

    for said in ("01/BB-SCT", "Không đạt", "theo kế hoạch", "TCVN_AB", "opinion: Ban quản lý"):
        assert said in page
    assert "[[" not in page  # points of a drawn signature


def test_a_visit_has_its_local_day(office: Client, visits: Visits) -> None:
    visits.submit(started_at="2026-11-22T06:40:00+07:00", ended_at="2026-11-22T08:31:02+07:00")

    page = text_of(office, "/admin/inspections/inspection/")

    assert "22/11/2026" in page
    assert "21/11/2026" not in page


@pytest.mark.parametrize("words", ["Bộc Bố", "boc bo", "01/BB-SCT", "BOC-BO"])
def test_visits_and_records_are_found_without_accents(
    office: Client, visits: Visits, words: str
) -> None:
    visits.submit()

    for page in ("inspection", "record"):
        found = office.get(f"/admin/inspections/{page}/", {"q": words})
        assert found.context["cl"].result_count == 1
    assert office.get("/admin/inspections/record/", {"q": "Phủ"}).context["cl"].result_count == 0


def test_a_finding_has_the_words_of_its_checklist(office: Client, visits: Visits) -> None:
    a_visit_with_a_refused_copy(visits)
    finding = Finding.objects.get(item="J02")

    page = text_of(office, f"/admin/inspections/finding/{finding.pk}/change/")

    assert visits.checklist.items["J02"].text.vi in page
    assert "nghiêm trọng" in page


def test_a_refused_body_is_shown_by_what_differs(office: Client, visits: Visits) -> None:
    a_visit_with_a_refused_copy(visits)
    refused = RefusedSubmission.objects.get()

    page = text_of(office, f"/admin/inspections/refusedsubmission/{refused.pk}/change/")

    assert "+opinion: Ban quản lý không đồng ý." in page
    assert "-opinion: " in page
    assert "J02" not in page


def test_a_record_leads_to_its_verification_page(office: Client, visits: Visits) -> None:
    record = visits.submit().record

    page = text_of(office, f"/admin/inspections/record/{record.pk}/change/")

    assert f'href="/verify/{record.token}/"' in page
    assert "01/BB-SCT" in page


def test_lists_cost_the_same_number_of_queries_for_any_number_of_rows(
    office: Client, visits: Visits
) -> None:
    def queries(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            office.get(f"/admin/inspections/{page}/")
        return len(captured)

    a_visit_with_a_refused_copy(visits)
    pages = [page for page in PAGES if page != "recordsequence"]
    one = [queries(page) for page in pages]
    for _ in range(3):
        a_visit_with_a_refused_copy(visits)

    assert [queries(page) for page in pages] == one


class TestSeries:
    def begin(self, office: Client, authority: Authority, **changes: object) -> Any:
        body = {"authority": authority.pk, "year": 2026, "last": 41, **changes}
        return office.post(f"{SERIES}add/", body)

    def test_the_next_record_follows_the_register_on_paper(
        self, office: Client, visits: Visits
    ) -> None:
        year = timezone.localdate().year
        authority = Authority.objects.get(code="SCT-THAI-NGUYEN")

        answer = self.begin(office, authority, year=year)

        assert answer.status_code == 302
        assert visits.submit().record.number == "42/BB-SCT"
        entry = AuditEntry.objects.get(action="series.begun")
        assert (entry.actor, entry.data) == ("so.ct", {"year": year, "last": 41})

    def test_a_series_begins_once(self, office: Client, visits: Visits) -> None:
        authority = Authority.objects.get(code="SCT-THAI-NGUYEN")
        self.begin(office, authority)

        page = self.begin(office, authority, last=7)

        assert "đã tồn tại" in page.content.decode()
        assert RecordSequence.objects.get().last == 41
        assert AuditEntry.objects.filter(action="series.begun").count() == 1

    @pytest.mark.parametrize(
        "wrong", [{"year": 1999}, {"year": 2101}, {"last": -1}, {"last": 1_000_000}, {"year": ""}]
    )
    def test_numbers_that_cannot_be_are_refused(
        self, office: Client, visits: Visits, wrong: dict[str, object]
    ) -> None:
        page = self.begin(office, Authority.objects.get(code="SCT-THAI-NGUYEN"), **wrong)

        assert page.status_code == 200
        assert "errorlist" in page.content.decode()
        assert not RecordSequence.objects.exists()

    def test_who_was_overtaken_reads_it_on_the_page(
        self, office: Client, visits: Visits, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        authority = Authority.objects.get(code="SCT-THAI-NGUYEN")
        self.begin(office, authority)
        monkeypatch.setattr(SeriesForm, "_post_clean", construct_only)

        page = self.begin(office, authority, last=7)

        assert page.status_code == 302
        assert "vừa được người khác thay đổi" in text_of(office, page["Location"])
        assert RecordSequence.objects.get().last == 41
