"""Checklists in the office pages: drafted as text, published, approved, retired."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from inspections.checklists import lifecycle
from inspections.checklists.forms import as_yaml
from inspections.management.commands.load_checklists import LIBRARY
from inspections.models import ChecklistVersion
from tests.inspections.checklists.xlsform import books
from tests.inspections.checklists.xlsform.books import xlsx

ADDRESS = "/admin/inspections/checklistversion/"
SMALL = Path(__file__).with_name("checklists") / "small.yaml"
DECISION = {"approved_number": "15/QĐ-SCT", "approved_on": "05/11/2026"}


@pytest.fixture
def office(db: None) -> Client:
    officer = User.objects.create_user("so.ct", full_name="Nguyễn Minh Đức", role=Role.DEPARTMENT)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(officer)
    return browser


def small(**replaced: str) -> str:
    text = SMALL.read_text(encoding="utf-8")
    for before, after in replaced.items():
        assert f"{before}: " in text
        lines = [
            f"{line.partition(before)[0]}{before}: {after}" if f"{before}: " in line else line
            for line in text.splitlines()
        ]
        text = "\n".join(lines)
    return text


def a_draft() -> ChecklistVersion:
    return lifecycle.import_draft(small(), by=None)


def a_published_version() -> ChecklistVersion:
    return lifecycle.publish(a_draft().pk, by=None)


def act(office: Client, action: str, *versions: ChecklistVersion) -> str:
    body = {"action": action, "_selected_action": [str(version.pk) for version in versions]}
    page = office.post(ADDRESS, body, follow=True)
    assert page.status_code == 200
    return str(page.content.decode())


def save(office: Client, version: ChecklistVersion, **fields: str) -> Any:
    return office.post(f"{ADDRESS}{version.pk}/change/", fields)


def by_the_officer() -> list[str]:
    entries = AuditEntry.objects.filter(actor="so.ct").order_by("sequence")
    return list(entries.values_list("action", flat=True))


class TestDraft:
    def test_a_text_becomes_a_draft(self, office: Client) -> None:
        answer = office.post(f"{ADDRESS}add/", {"text": small()}, follow=True)

        draft = ChecklistVersion.objects.get()
        assert draft.status == "draft"
        assert draft.content == lifecycle.read(small())
        assert f"{draft.name}</a>” được thêm vào thành công" in answer.content.decode()
        assert by_the_officer() == ["checklist.imported"]

    def test_a_browsers_line_ends_change_nothing(self, office: Client) -> None:
        office.post(f"{ADDRESS}add/", {"text": small().replace("\n", "\r\n")})

        assert ChecklistVersion.objects.get().content == lifecycle.read(small())

    def test_every_mistake_is_named_by_its_line(self, office: Client) -> None:
        text = small(photo="sometimes")
        wrong = [n for n, line in enumerate(text.splitlines(), 1) if "photo: sometimes" in line]

        page = office.post(f"{ADDRESS}add/", {"text": text}).content.decode()

        assert len(wrong) > 1
        for line in wrong:
            assert f"Dòng {line}, cột " in page
        assert not ChecklistVersion.objects.exists()

    @pytest.mark.parametrize("text", ["", "[", "code: A\ncode: B\n", "- 1\n", "a: &x 1\nb: *x\n"])
    def test_what_is_no_checklist_is_said_on_the_page(self, office: Client, text: str) -> None:
        page = office.post(f"{ADDRESS}add/", {"text": text})

        assert page.status_code == 200
        assert "errorlist" in page.content.decode()
        assert not ChecklistVersion.objects.exists()

    def test_a_workbook_goes_before_the_text(self, office: Client) -> None:
        file = SimpleUploadedFile("phieu.xlsx", xlsx(books.small()))

        answer = office.post(f"{ADDRESS}add/", {"text": small(), "file": file})

        assert answer.status_code == 302
        assert ChecklistVersion.objects.get().content == lifecycle.read(xlsx(books.small()))
        assert by_the_officer() == ["checklist.imported"]

    def test_every_mistake_in_a_workbook_is_named_by_its_cell(self, office: Client) -> None:
        book = books.small()
        books.put(book, "survey", 3, "severity", "awful")
        file = SimpleUploadedFile("phieu.xlsx", xlsx(book))

        page = office.post(f"{ADDRESS}add/", {"text": "", "file": file}).content.decode()

        assert "Trang survey, dòng 3, cột E: Chỉ nhận" in page
        assert not ChecklistVersion.objects.exists()

    def test_a_file_beyond_the_limit_is_not_read(self, office: Client, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
        file = SimpleUploadedFile("phieu.xlsx", b"x" * 2001)

        page = office.post(f"{ADDRESS}add/", {"text": "", "file": file}).content.decode()

        assert "Tệp quá lớn." in page

    def test_a_version_is_taken_home_as_a_workbook(self, office: Client) -> None:
        version = a_published_version()
        body = {"action": "download", "_selected_action": [str(version.pk)]}

        answer = office.post(ADDRESS, body)

        assert answer["Content-Disposition"] == 'attachment; filename="TEST-1.xlsx"'
        assert lifecycle.read(answer.content) == version.content

    def test_one_workbook_holds_one_version(self, office: Client) -> None:
        lifecycle.import_draft(small(version="2"), by=None)

        page = act(office, "download", a_draft(), ChecklistVersion.objects.get(version=2))

        assert "Hãy chọn đúng một phiếu." in page

    def test_a_draft_is_edited_as_the_text_that_it_is(self, office: Client) -> None:
        draft = a_draft()

        page = office.get(f"{ADDRESS}{draft.pk}/change/")
        text = page.context["adminform"].form.initial["text"]
        answer = save(office, draft, text=text.replace("photo: never", "photo: on_fail", 1))

        assert answer.status_code == 302
        content = ChecklistVersion.objects.get().content
        assert content != draft.content
        assert lifecycle.read(as_yaml(draft)) == draft.content
        assert by_the_officer() == ["checklist.imported"]

    def test_a_draft_keeps_its_name(self, office: Client) -> None:
        draft = a_draft()

        page = save(office, draft, text=small(version="7"))

        assert "mã và phiên bản giữ nguyên" in page.content.decode()
        assert ChecklistVersion.objects.get().version == draft.version

    def test_a_new_text_overwrites_no_draft_unseen(self, office: Client) -> None:
        draft = a_draft()

        page = office.post(f"{ADDRESS}add/", {"text": small(photo="never")})

        assert "Đã có bản thảo" in page.content.decode()
        assert ChecklistVersion.objects.get().content == draft.content

    def test_a_published_version_is_not_written_again(self, office: Client) -> None:
        version = a_published_version()

        page = office.post(f"{ADDRESS}add/", {"text": small()})

        assert "hãy tăng số phiên bản" in page.content.decode()
        assert ChecklistVersion.objects.get().sha256 == version.sha256

    def test_who_was_overtaken_reads_it_on_the_page(
        self, office: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft, import_draft = a_draft(), lifecycle.import_draft

        def overtaken(text: str, *, by: User) -> ChecklistVersion:
            lifecycle.publish(draft.pk, by=None)
            return import_draft(text, by=by)

        monkeypatch.setattr(lifecycle, "import_draft", overtaken)

        answer = save(office, draft, text=small())

        assert answer.status_code == 302
        page = office.get(answer["Location"]).content.decode()
        assert "Phiên bản đã ban hành không thể thay đổi." in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_checklist_reads_the_same_after_it_was_shown(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    version = lifecycle.import_draft(text, by=None)

    assert lifecycle.read(as_yaml(version)) == version.content


class TestPublished:
    def test_publishing_freezes(self, office: Client) -> None:
        draft = a_draft()

        page = act(office, "publish", draft)

        draft.refresh_from_db()
        assert f"{draft.name} đã ban hành." in page
        assert (draft.status, len(draft.sha256)) == ("published", 64)
        assert by_the_officer() == ["checklist.published"]

    def test_its_content_is_shown_and_not_editable(self, office: Client) -> None:
        version = a_published_version()

        page = office.get(f"{ADDRESS}{version.pk}/change/").content.decode()
        save(office, version, text=small(photo="never"), **DECISION)

        assert "<pre>code: " in page
        assert "<textarea" not in page
        version.refresh_from_db()
        assert version.content == lifecycle.read(small())

    def test_it_is_not_published_twice(self, office: Client) -> None:
        version = a_published_version()

        page = act(office, "publish", version)

        assert f"{version.name}: Trạng thái hiện tại không cho phép." in page
        assert by_the_officer() == []

    def test_retiring_ends_the_offer(self, office: Client) -> None:
        version = a_published_version()

        act(office, "retire", version)

        version.refresh_from_db()
        assert (version.status, version.retired_at is None) == ("retired", False)
        assert by_the_officer() == ["checklist.retired"]

    def test_of_several_the_page_tells_of_each(self, office: Client) -> None:
        published = a_published_version()
        draft = lifecycle.import_draft(small(version="2"), by=None)

        page = act(office, "retire", published, draft)

        assert f"{published.name} đã ngừng dùng." in page
        assert f"{draft.name}: Trạng thái hiện tại không cho phép." in page

    def test_a_draft_that_was_spoilt_since_is_named_with_its_faults(self, office: Client) -> None:
        draft = a_draft()
        ChecklistVersion.objects.update(content={**draft.content, "item_count": 99})

        page = act(office, "publish", draft)

        assert "Phiếu kiểm tra có lỗi. Có " in page

    @pytest.mark.parametrize("status", ["draft", "published", "retired"])
    def test_nothing_is_deleted(self, office: Client, status: str) -> None:
        version = a_draft() if status == "draft" else a_published_version()
        if status == "retired":
            lifecycle.retire(version.pk, by=None)

        answer = office.post(f"{ADDRESS}{version.pk}/delete/", {"post": "yes"})
        act(office, "delete_selected", version)

        assert answer.status_code == 403
        assert ChecklistVersion.objects.filter(pk=version.pk).exists()


class TestApproval:
    def test_the_decision_is_noted_with_a_day_as_people_write_it(self, office: Client) -> None:
        version = a_published_version()

        answer = save(office, version, **DECISION)

        assert answer.status_code == 302
        version.refresh_from_db()
        assert (version.approved_number, str(version.approved_on)) == ("15/QĐ-SCT", "2026-11-05")
        assert by_the_officer() == ["checklist.approved"]
        assert "15/QĐ-SCT (05/11/2026)" in office.get(ADDRESS).content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"approved_number": "", "approved_on": ""},
            {"approved_on": ""},
            {"approved_number": "  "},
            {"approved_on": "2026"},
            {"approved_on": "11/30/2026"},
            {"approved_number": "15/QĐ 漢"},
            {"approved_number": "x" * 61},
        ],
    )
    def test_half_a_decision_or_a_wrong_one_is_refused(
        self, office: Client, wrong: dict[str, str]
    ) -> None:
        version = a_published_version()

        page = save(office, version, **{**DECISION, **wrong})

        assert page.status_code == 200
        assert "errorlist" in page.content.decode()
        version.refresh_from_db()
        assert version.approved_on is None

    def test_without_a_decision_the_list_says_trial(self, office: Client) -> None:
        a_published_version()

        assert "bản thử" in office.get(ADDRESS).content.decode()

    def test_a_draft_cannot_be_approved(self, office: Client) -> None:
        draft = a_draft()

        save(office, draft, text=small(), **DECISION)

        draft.refresh_from_db()
        assert draft.approved_number == ""
