"""Workbooks in the shape of an XLSForm: what is read, and every fault with its place."""

from typing import Any

import pytest

from backend.common.workbooks import WorkbookRefused
from inspections.checklists.authoring import ChecklistUnreadable, parse_yaml
from inspections.checklists.definition import parse
from inspections.checklists.xlsform.reading import read_workbook
from tests.inspections.checklists.xlsform.books import HEAD, item, line, put, small, xlsx
from tests.inspections.fieldwork.builders import LIBRARY
from tests.markets.imports.files import with_part

MARKET = parse_yaml((LIBRARY / "market_food_safety.yaml").read_text(encoding="utf-8"))


def faults(body: bytes) -> list[tuple[str, str | None, int | None, str | None]]:
    with pytest.raises(ChecklistUnreadable) as refused:
        read_workbook(body)
    errors = refused.value.errors
    for error in errors:
        place = f"{error.sheet}, dòng {error.line}, cột {error.column}: "
        assert error.detail.vi.startswith(f"Trang {place}")
        assert error.detail.en.startswith(
            f"Sheet {place.replace('dòng', 'row').replace('cột', 'column')}"
        )
    return [(error.code, error.sheet, error.line, error.column) for error in errors]


def at(code: str, sheet: str, cell: str) -> tuple[str, str, int, str]:
    letters = cell.rstrip("0123456789")
    return code, sheet, int(cell[len(letters) :]), letters


def changed(sheet: str, row: int, heading: str, value: Any) -> bytes:
    book = small()
    put(book, sheet, row, heading, value)
    return xlsx(book)


def test_three_sheets_are_a_checklist():
    content = read_workbook(xlsx(small()))

    checklist = parse(content)
    assert (checklist.name, checklist.kinds) == ("TEST@1", ("market", "trade_centre"))
    assert content["title"] == {"vi": "Phiếu thử", "en": "Test"}
    assert [section["code"] for section in content["sections"]] == ["A", "B"]
    items = {item["code"]: item for section in content["sections"] for item in section["items"]}
    assert items["A01"] == {
        "code": "A01",
        "text": {"vi": "Tiêu chí A01", "en": "Item A01"},
        "severity": "major",
        "photo": "never",
        "na_allowed": True,
        "answer": {"type": "pass_fail"},
        "refs": [],
        "points": 2,
        "level": "B",
    }
    assert items["A02"]["points"] == 5
    assert {code: each["answer"] for code, each in items.items() if code != "A01"} == {
        "A02": {"type": "number", "unit": "m", "op": ">=", "threshold": "0.6", "minimum": "0"},
        "A03": {
            "type": "ratio", "unit": "percent", "op": "==", "threshold": "80",
            "numerator_of": "stalls",
        },
        "A04": {"type": "document", "expires": True},
        "B01": {
            "type": "choice",
            "options": ["none", "charged", "free"],
            "pass_options": ["none", "charged"],
        },
        "B02": {"type": "pass_fail"},
    }  # fmt: skip
    assert items["A04"]["mandatory_from"] == "2026-01-01"
    assert checklist.sections[1].commodity == "seafood"
    assert content["commodities"] == {"seafood": "thủy sản tươi sống"}


def test_severities_and_rule_sets_are_the_usual_ones_where_the_workbook_has_none():
    content = read_workbook(xlsx(small()))

    assert content["severities"] == MARKET["severities"]
    assert content["rule_sets"] == MARKET["rule_sets"]


def test_a_reference_has_its_status():
    book = small()
    put(book, "survey", 3, "refs.1.text", "TCVN 11856:2017, 4.1")
    put(book, "survey", 3, "refs.1.status", "verified")

    (reference,) = read_workbook(xlsx(book))["sections"][0]["items"][0]["refs"]

    assert reference == {"text": "TCVN 11856:2017, 4.1", "status": "verified"}


@pytest.mark.parametrize(
    ("sheet", "row", "heading", "value", "expected"),
    [
        ("survey", 4, "threshold", "nhiều", at("wrong_type", "survey", "J4")),
        ("survey", 4, "threshold", None, at("missing_key", "survey", "J4")),
        ("survey", 4, "threshold", "=1+1", at("formula_not_allowed", "survey", "J4")),
        ("survey", 3, "threshold", 5, at("unknown_key", "survey", "J3")),
        ("survey", 3, "severity", "awful", at("unknown_value", "survey", "E3")),
        ("survey", 3, "severity", None, at("missing_key", "survey", "E3")),
        ("survey", 3, "label::English (en)", None, at("missing_key", "survey", "D3")),
        ("survey", 3, "label::Tiếng Việt (vi)", "a\nb", at("control_character", "survey", "C3")),
        ("survey", 3, "na_allowed", "maybe", at("wrong_type", "survey", "G3")),
        ("survey", 3, "points", 2.5, at("out_of_range", "survey", "S3")),
        ("survey", 3, "refs.1.text", "Luật", at("missing_key", "survey", "P3")),
        ("survey", 3, "scope", "stall", at("unknown_key", "survey", "N3")),
        ("survey", 2, "severity", "major", at("unknown_key", "survey", "E2")),
        ("survey", 2, "name", None, at("missing_key", "survey", "B2")),
        ("survey", 4, "name", "A01", at("duplicate_code", "survey", "B4")),
        ("survey", 3, "type", "text", at("unknown_value", "survey", "A3")),
        ("survey", 3, "type", None, at("unknown_value", "survey", "A3")),
        ("survey", 3, "type", "select_one other", at("unknown_list", "survey", "A3")),
        ("survey", 9, "pass_options", "gift", at("unknown_option", "survey", "M9")),
        ("survey", 9, "pass_options", None, at("missing_key", "survey", "M9")),
        ("survey", 8, "commodity", "meat", at("unknown_commodity", "survey", "O8")),
        ("choices", 5, "name", "none", at("duplicate_code", "choices", "B5")),
        ("choices", 5, "name", None, at("missing_key", "choices", "B5")),
        ("settings", 2, "version", "one", at("out_of_range", "settings", "D2")),
        ("settings", 2, "version", None, at("missing_key", "settings", "D2")),
        ("settings", 2, "rule_set", "OTHER", at("unknown_rule_set", "settings", "E2")),
        ("settings", 2, "kinds", "market shop", at("unknown_value", "settings", "F2")),
        ("settings", 2, "form_id", "test", at("wrong_type", "settings", "C2")),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_sheet_row_and_column(sheet, row, heading, value, expected):
    assert faults(changed(sheet, row, heading, value)) == [expected]


def test_all_faults_are_named_at_once_in_the_order_of_the_file():
    book = small()
    put(book, "survey", 3, "severity", "awful")
    put(book, "survey", 9, "type", "select_one suply")
    put(book, "settings", 2, "version", 0)
    book["survey"].append(("", "", "", "", "", "", "", *[""] * 12, "alone"))

    assert faults(xlsx(book)) == [
        at("unknown_value", "survey", "E3"),
        at("unknown_list", "survey", "A9"),
        at("misplaced_row", "survey", "A12"),
        at("cell_without_column", "survey", "T12"),
        at("unused_list", "choices", "A3"),
        at("out_of_range", "settings", "D2"),
    ]


def test_a_percentage_that_only_looks_like_one_is_refused():
    book = small()
    put(book, "survey", 5, "threshold", 0.8)

    assert faults(xlsx(book, J5="0%")) == [at("percent_format", "survey", "J5")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([item("pass_fail", "A01")], ["A2"]),
        ([line("end_group")], ["A2"]),
        ([line("begin_group", "A", "a", "a"), item("pass_fail", "A01")], ["A3"]),
    ],
    ids=["item outside", "end without begin", "no end"],
)
def test_groups_begin_and_end(rows, expected):
    book = {**small(), "survey": [HEAD, *rows]}
    del book["choices"]

    found = faults(xlsx(book))

    assert [place for place in found if place[0] == "misplaced_row"] == [
        at("misplaced_row", "survey", cell) for cell in expected
    ]


def test_a_group_in_a_group_is_refused():
    book = small()
    book["survey"].insert(3, line("begin_group", "C", "c", "c"))

    assert at("misplaced_row", "survey", "A4") in faults(xlsx(book))


@pytest.mark.parametrize(
    ("sheet", "heading", "expected"),
    [
        ("survey", "relevant", "unknown_key"),
        ("survey", "answer.type", "unknown_key"),
        ("survey", "items.1.code", "unknown_key"),
        ("survey", "name", "duplicate_key"),
        ("choices", "pass", "unknown_key"),
        ("settings", "sections", "unknown_key"),
        ("settings", "compliance.levels.1.code", "unknown_key"),
    ],
)
def test_a_column_that_nobody_knows_is_named_once(sheet, heading, expected):
    book = small()
    width = len(book[sheet][0])
    book[sheet] = [[*row, "x"] for row in book[sheet]]
    book[sheet][0] = [*book[sheet][0][:width], heading]

    found = faults(xlsx(book))

    assert [(code, line) for code, _, line, _ in found] == [(expected, 1)]


@pytest.mark.parametrize("name", ["survey", "settings"])
def test_a_sheet_that_must_be_there_is_missed(name):
    book = small()
    del book[name]

    assert at("missing_sheet", name, "A1") in faults(xlsx(book))


def test_a_sheet_that_nobody_knows_is_refused_unless_it_is_empty():
    book = small()
    book["Sheet1"] = []
    assert read_workbook(xlsx(book))

    book["Sheet1"] = [("ghi chú",)]
    assert faults(xlsx(book)) == [at("unknown_sheet", "Sheet1", "A1")]


def test_the_settings_are_one_row():
    book = small()
    book["settings"].append(book["settings"][1])

    assert faults(xlsx(book)) == [at("one_row", "settings", "A3")]


def test_a_commodity_needs_its_name():
    found = faults(changed("choices", 2, "label::vi", None))

    assert at("wrong_type", "choices", "C2") in found


def test_a_list_of_pass_and_fail_may_be_spelled_out():
    book = small()
    book["choices"] += [("pass_fail", "pass", "đạt"), ("pass_fail", "fail", "không")]
    assert read_workbook(xlsx(book)) == read_workbook(xlsx(small()))

    book["choices"].append(("pass_fail", "perhaps", "có lẽ"))
    assert faults(xlsx(book)) == [at("unknown_value", "choices", "B8")]


def test_lists_of_the_content_have_sheets_of_their_own():
    book = small()
    book["measures"] = [
        ("code", "vi", "en", "unit", "kind", "formula"),
        ("PM01", "Túi", "Bags", "bag/month", "input"),
        ("PM02", "Tỷ lệ", "Share", "percent", "derived", "100 * PM01 / PM01"),
    ]
    book["measure_rules"] = [("text",), ("a missing month is missing",)]
    book["stall_modes"] = [
        ("code", "vi", "en", "status", "sample_size.2.take", "sample_size.1.max_stalls"),
        ("sample", "mẫu", "sample", "proposal", 30, 20),
    ]

    content = read_workbook(xlsx(book))

    assert [measure["kind"] for measure in content["measures"]] == ["input", "derived"]
    assert content["measure_rules"] == ["a missing month is missing"]
    assert content["stall_modes"][0]["sample_size"] == [{"max_stalls": 20}, {"take": 30}]

    book["measures"][1] = ("PM01", "Túi", "Bags", "bag/month", "other")
    assert faults(xlsx(book)) == [at("unknown_value", "measures", "E2")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_unreadable"),
        (b"code: TEST", "file_unreadable"),
        (xlsx(small())[:-60], "file_unreadable"),
        (with_part(xlsx(small()), "xl/bomb.xml", b"0" * 40 * 1024 * 1024), "file_too_large"),
        (with_part(xlsx(small()), "xl/x.xml", b"<a>" + b"<x/>" * 40_000), "file_too_large"),
    ],
    ids=["nothing", "yaml", "cut off", "unpacks to too much", "formats without end"],
)
def test_what_is_no_workbook_or_too_large_is_refused(body, code):
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(body)

    assert refused.value.code == code


def test_far_cells_are_refused():
    book = small()
    book["survey"].append([None] * 250 + ["x"])

    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(xlsx(book))

    assert (refused.value.code, refused.value.line) == ("too_many_columns", 12)
