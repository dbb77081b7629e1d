"""The routes under /api/v1/checklists/."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.accounts.current import Person
from backend.accounts.models import User
from backend.audit.models import AuditEntry
from backend.common import canonical
from backend.common.workbooks import MEDIA_TYPE
from inspections.checklists import authoring, lifecycle
from inspections.checklists.models import ChecklistVersion
from inspections.checklists.xlsform.writing import workbook
from inspections.management.commands.load_checklists import LIBRARY
from tests.inspections.checklists.xlsform.books import put, small, xlsx

pytestmark = pytest.mark.django_db

MARKET = (LIBRARY / "market_food_safety.yaml").read_text(encoding="utf-8")
NEXT = MARKET.replace("\nversion: 1\n", "\nversion: 2\n")
ROLES = ["inspector", "manager", "department"]
LIST = "/api/v1/checklists/"
ONE = "/api/v1/checklists/MARKET-FS@1/"
DRAFT = "/api/v1/checklists/MARKET-FS@2/"


def api_as(role: str) -> APIClient:
    user, _ = User.objects.get_or_create(username=role, full_name=role, role=role)
    client = APIClient()
    client.force_authenticate(Person(user.pk, role, role, uuid.uuid4()))  # type: ignore[arg-type] # views take a Person
    return client


def published() -> ChecklistVersion:
    lifecycle.ship(MARKET)
    return ChecklistVersion.objects.get(code="MARKET-FS", version=1)


def a_draft() -> ChecklistVersion:
    return lifecycle.import_draft(NEXT, by=None)


def send_file(text: str | bytes, role: str = "department", **extra: Any) -> Any:
    kind = extra.pop("content_type", "application/yaml")
    return api_as(role).post(f"{LIST}import/", text, content_type=kind, **extra)


def names(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row["name"] for row in response.json()["results"]]


@pytest.mark.parametrize("role", ROLES)
def test_all_list_what_was_published_and_the_department_its_drafts(role: str) -> None:
    row = published()
    a_draft()
    drafts = ["MARKET-FS@2"] if role == "department" else []

    assert names(api_as(role).get(LIST)) == [*drafts, "MARKET-FS@1"]

    lifecycle.retire(row.pk, by=None)
    retired = ["MARKET-FS@1"] if role == "department" else []

    assert names(api_as(role).get(LIST)) == [*drafts, *retired]


def test_a_row_says_all_but_the_content() -> None:
    row = published()

    (listed,) = api_as("inspector").get(LIST).json()["results"]

    assert listed.pop("published_at")
    assert listed == {
        "name": "MARKET-FS@1",
        "code": "MARKET-FS",
        "version": 1,
        "status": "published",
        "title": {
            "vi": "Phiếu kiểm tra mô hình chợ bảo đảm an toàn thực phẩm",
            "en": "Model food-safe market checklist",
        },
        "sha256": row.sha256,
        "approved_by": None,
        "retired_at": None,
    }


def test_the_list_narrows_by_code_and_status_and_turns_pages() -> None:
    lifecycle.ship((LIBRARY / "supermarket_plastic.yaml").read_text(encoding="utf-8"))
    published()
    a_draft()
    api = api_as("department")

    assert names(api.get(LIST, {"code": "MARKET-FS"})) == ["MARKET-FS@2", "MARKET-FS@1"]
    assert names(api.get(LIST, {"status": "draft"})) == ["MARKET-FS@2"]
    first = api.get(LIST, {"page_size": 2})
    assert names(first) == ["MARKET-FS@2", "MARKET-FS@1"]
    assert names(api.get(first.json()["next"])) == ["SUPERMARKET-PLASTIC@1"]


@pytest.mark.parametrize(
    "query", [{"status": "lost"}, {"codes": "MARKET-FS"}, {"ordering": "content"}, {"code": "\0"}]
)
def test_a_list_does_not_guess(query: dict[str, str]) -> None:
    assert api_as("inspector").get(LIST, query).status_code == 400


def test_the_list_costs_one_query_for_any_number_of_versions() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            names(api_as("department").get(LIST, {"page_size": 200}))
        return len(captured)

    User.objects.create(username="department", full_name="department", role="department")
    published()
    one = queries()
    ChecklistVersion.objects.bulk_create(
        ChecklistVersion(code="X", version=n, title_vi="Thử", content={}) for n in range(1, 101)
    )

    assert queries() == one


@pytest.mark.parametrize("role", ROLES)
def test_all_read_a_published_version_whole(role: str) -> None:
    row = published()

    response = api_as(role).get(ONE)

    body = response.json()
    assert response.status_code == 200
    assert body["content"] == authoring.parse_yaml(MARKET)
    assert canonical.sha256(body["content"]) == body["sha256"] == row.sha256
    assert response["ETag"] == f'"{row.sha256}"'


def test_a_version_that_the_phone_has_is_not_sent_again() -> None:
    tag = f'"{published().sha256}"'

    with CaptureQueriesContext(connection) as captured:
        response = api_as("inspector").get(ONE, HTTP_IF_NONE_MATCH=f"W/{tag}")

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == tag
    assert not any("content" in query["sql"] for query in captured.captured_queries)


def test_what_comes_later_to_a_version_is_seen_by_the_phone() -> None:
    row = published()
    api = api_as("inspector")
    tags = [api.get(ONE)["ETag"]]

    lifecycle.approve(row.pk, number="12/QĐ-SCT", on=date(2026, 11, 2), by=None)
    approved = api.get(ONE, HTTP_IF_NONE_MATCH=tags[-1])
    tags.append(approved["ETag"])
    lifecycle.retire(row.pk, by=None)
    retired = api.get(ONE, HTTP_IF_NONE_MATCH=tags[-1])
    tags.append(retired["ETag"])

    assert approved.json()["approved_by"] == {"number": "12/QĐ-SCT", "date": "2026-11-02"}
    assert retired.json()["status"] == "retired"
    assert len(set(tags)) == 3
    assert api.get(ONE, HTTP_IF_NONE_MATCH=tags[-1]).status_code == 304


def test_a_draft_is_read_by_the_department_and_its_tag_follows_the_content() -> None:
    a_draft()
    api = api_as("department")

    first = api.get(DRAFT)
    again = api.get(DRAFT)
    lifecycle.import_draft(NEXT.replace("Model food-safe", "Model"), by=None)
    changed = api.get(DRAFT)

    assert first.json()["sha256"] == ""
    assert first["ETag"] == again["ETag"] != changed["ETag"]
    assert api_as("inspector").get(DRAFT).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["MARKET-FS", "MARKET-FS@9", "MARKET-FS@", "@1", "MARKET-FS@1@1", "market-fs@1", "%00@1"],
)
def test_unknown_names_are_not_found(name: str) -> None:
    published()

    response = api_as("department").get(f"/api/v1/checklists/{name}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_without_signing_in_nothing_is_shown() -> None:
    published()

    for response in (
        APIClient().get(LIST),
        APIClient().get(ONE),
        APIClient().post(f"{ONE}retire/"),
    ):
        assert response.status_code == 401


@pytest.mark.parametrize("kind", ["application/yaml", "text/yaml", "text/yaml; charset=utf-8"])
def test_a_file_becomes_a_draft(kind: str) -> None:
    response = send_file(NEXT, content_type=kind)

    body = response.json()
    assert response.status_code == 201
    assert (body["name"], body["status"], body["sha256"]) == ("MARKET-FS@2", "draft", "")
    assert body["content"] == authoring.parse_yaml(NEXT)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.actor) == (
        "checklist.imported",
        "checklist:MARKET-FS@2",
        "department",
    )


def test_a_workbook_becomes_the_draft_that_its_yaml_becomes() -> None:
    content = authoring.parse_yaml(NEXT)

    response = send_file(workbook(content), content_type=MEDIA_TYPE)

    assert response.status_code == 201
    assert response.json()["name"] == "MARKET-FS@2"
    assert response.json()["content"] == content
    assert AuditEntry.objects.get().data == {"sha256": canonical.sha256(content)}


def test_every_fault_of_a_workbook_is_named_by_sheet_row_and_column() -> None:
    book = small()
    put(book, "survey", 3, "severity", "awful")
    put(book, "settings", 2, "version", 0)

    vi = send_file(xlsx(book), content_type=MEDIA_TYPE)
    en = send_file(xlsx(book), content_type=MEDIA_TYPE, headers={"Accept-Language": "en"})

    assert (vi.status_code, vi.json()["code"]) == (422, "checklist_invalid")
    places = [("survey", 3, "E"), ("settings", 2, "D")]
    for response in (vi, en):
        errors = response.json()["errors"]
        assert [(e["sheet"], e["line"], e["column"]) for e in errors] == places
    assert vi.json()["errors"][0]["pointer"] == "/sections/0/items/0/severity"
    assert vi.json()["errors"][0]["detail"].startswith("Trang survey, dòng 3, cột E: Chỉ nhận")
    assert en.json()["errors"][0]["detail"].startswith("Sheet survey, row 3, column E: One of")
    assert not ChecklistVersion.objects.exists()


def test_every_fault_of_a_file_is_named_by_line_and_column() -> None:
    broken = NEXT.replace("item_count: 70", "item_count: 71", 1).replace(
        "- market\n", "- mall\n", 1
    )
    lines = broken.splitlines()

    response = send_file(broken)

    assert (response.status_code, response.json()["code"]) == (422, "checklist_invalid")
    assert [
        (error["pointer"], error["line"], error["column"]) for error in response.json()["errors"]
    ] == [
        ("/kinds/0", lines.index("- mall") + 1, "3"),
        ("/item_count", lines.index("item_count: 71") + 1, "13"),
    ]
    assert not ChecklistVersion.objects.exists()


@pytest.mark.parametrize(
    ("text", "kind", "status", "code"),
    [
        ("a: [", "application/yaml", 422, "checklist_invalid"),
        ("", "application/yaml", 422, "checklist_invalid"),
        ("!!python/object:os.system {}", "application/yaml", 422, "checklist_invalid"),
        (b"code: \xff", "application/yaml", 400, "malformed"),
        (MARKET, "application/json", 415, "unsupported_media_type"),
        (MARKET, "application/yaml; charset=utf-16", 415, "unsupported_media_type"),
        ("#" * 500_001, "application/yaml", 422, "checklist_invalid"),
        (b"", MEDIA_TYPE, 422, "checklist_invalid"),
        (b"PK\x03\x04", MEDIA_TYPE, 422, "checklist_invalid"),
        (MARKET, MEDIA_TYPE, 422, "checklist_invalid"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_checklist_is_refused(
    text: str | bytes, kind: str, status: int, code: str
) -> None:
    response = send_file(text, content_type=kind)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert not AuditEntry.objects.exists()


def test_an_absurdly_large_file_is_too_large(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = send_file(MARKET)

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_published_version_cannot_be_imported_again() -> None:
    published()

    response = send_file(MARKET)

    assert (response.status_code, response.json()["code"]) == (409, "checklist_is_published")


def test_the_department_publishes_and_retires() -> None:
    a_draft()
    api = api_as("department")

    frozen = api.post(f"{DRAFT}publish/")
    twice = api.post(f"{DRAFT}publish/")
    retired = api.post(f"{DRAFT}retire/")

    assert (frozen.status_code, frozen.json()["status"]) == (200, "published")
    assert frozen.json()["sha256"] == canonical.sha256(authoring.parse_yaml(NEXT))
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_move")
    assert twice.json()["legal_moves"] == ["retire"]
    assert (retired.status_code, retired.json()["status"]) == (200, "retired")
    actions = AuditEntry.objects.order_by("sequence").values_list("action", "actor")
    assert list(actions) == [
        ("checklist.imported", ""),
        ("checklist.published", "department"),
        ("checklist.retired", "department"),
    ]


@pytest.mark.parametrize("role", ["inspector", "manager"])
def test_others_may_not_and_do_not_learn_of_drafts(role: str) -> None:
    published()
    a_draft()
    api = api_as(role)

    assert send_file(NEXT, role).status_code == 403
    for verb in ("publish", "retire"):
        assert api.post(f"{DRAFT}{verb}/").status_code == 404
        assert api.post(f"{ONE}{verb}/").status_code == 403
    assert api.get(f"{ONE}diff/MARKET-FS@2/").status_code == 403
    assert api.get(f"{DRAFT}diff/MARKET-FS@1/").status_code == 404
    assert set(ChecklistVersion.objects.values_list("status", flat=True)) == {"published", "draft"}


def test_differences_name_items_fields_and_values() -> None:
    published()
    further = "threshold: 500\n      param: min_pollution_distance_m"
    lifecycle.import_draft(NEXT.replace(further, further.replace("500", "600.0")), by=None)

    response = api_as("department").get(f"{ONE}diff/MARKET-FS@2/")

    assert response.status_code == 200
    body = response.json()
    assert body.pop("effect")["inspections"] == 0
    assert body == {
        "before": "MARKET-FS@1",
        "after": "MARKET-FS@2",
        "added": [],
        "removed": [],
        "changed": [
            {
                "item": "B02",
                "changes": [{"field": "answer.threshold", "before": "500", "after": "600"}],
            }
        ],
        "other": [],
    }
