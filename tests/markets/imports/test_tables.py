"""CSV and XLSX files as rows of texts, and what is refused before any rule looks at them."""

import tracemalloc
from datetime import date, datetime
from time import process_time

import pytest

from backend.common.workbooks import column_letters
from markets.errors import ImportInvalid
from markets.imports.tables import Line, read_csv, read_xlsx
from tests.markets.imports.files import csv_of, with_part, xlsx_of


def refusals(read, body):
    with pytest.raises(ImportInvalid) as refused:
        read(body)
    return [(error.code, error.line, error.column) for error in refused.value.errors]


@pytest.mark.parametrize(
    "body",
    [
        "code,name\nA,Chợ\n".encode(),
        "code;name\r\nA;Chợ\r\n".encode(),
        "\ufeffcode,name\nA,Chợ".encode(),
        'code;name\n"A";"Chợ"'.encode(),
        "code,name\nA,Chợ".encode(),
    ],
)
def test_csv_comes_with_either_mark_between_cells_and_with_or_without_a_byte_order_mark(body):
    assert read_csv(body) == [Line(1, ("code", "name")), Line(2, ("A", "Chợ"))]


def test_lines_are_counted_as_the_file_shows_them():
    body = csv_of("code,name", "", 'A,"Chợ', 'Bộc Bố"', "B,x")

    assert [line.number for line in read_csv(body)] == [1, 3, 5]


def test_a_comma_may_stand_in_a_cell():
    assert read_csv(b'a,b\n"1,5",x')[1].cells == ("1,5", "x")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", ("file_empty", None, None)),
        (b"\n\n,,\n", ("file_empty", None, None)),
        ("tên,mã".encode("utf-16"), ("encoding", None, None)),
        ("code\nQuán".encode("latin-1"), ("encoding", None, None)),
        (b'code\n"open', ("file_unreadable", 2, None)),
        (b'code\n"a"b', ("file_unreadable", 2, None)),
        (b"code,name\nA,\x00", ("text_forbidden_char", 2, "B")),
        ("code,name\nA,x\u202ey".encode(), ("text_forbidden_char", 2, "B")),
        (b"code,name\nA," + b"x" * 1001, ("too_long", 2, "B")),
        (b"code,name\n=1+1,x", ("formula_not_allowed", 2, "A")),
        (b"code,name\nA,@SUM(A1)", ("formula_not_allowed", 2, "B")),
        (b"code,name\nA,+cmd|x", ("formula_not_allowed", 2, "B")),
        (b"code,name\nA,-1+1", ("formula_not_allowed", 2, "B")),
        (b"," * 40 + b"x", ("too_many_columns", 1, None)),
        (b"code\n" + b"A\n" * 2001, ("too_many_rows", None, None)),
    ],
)
def test_a_csv_file_that_is_no_plain_table_is_refused(body, expected):
    assert refusals(read_csv, body) == [expected]


def test_every_bad_cell_is_named():
    body = csv_of("code,name", "=x,@x", "A,x", "B,+x")

    assert refusals(read_csv, body) == [
        ("formula_not_allowed", 2, "A"),
        ("formula_not_allowed", 2, "B"),
        ("formula_not_allowed", 4, "B"),
    ]


@pytest.mark.parametrize("number", ["-105.5", "+5", "-1,5", "-"])
def test_a_signed_number_is_no_formula(number):
    assert read_csv(f'code,name\nA,"{number}"'.encode())[1].cells[1] == number


def test_two_thousand_rows_are_taken():
    assert len(read_csv(b"code\n" + b"A\n" * 2000)) == 2001


def test_xlsx_cells_become_what_a_csv_file_would_say():
    body = xlsx_of(
        ["code", "name"],
        ["A", 5],
        [5.0, 2.5],
        [True, None],
        [date(2026, 11, 22), datetime(2026, 11, 22, 7, 30)],  # noqa: DTZ001
        ["Chợ ", "  "],
    )

    assert [line.cells for line in read_xlsx(body)] == [
        ("code", "name"),
        ("A", "5"),
        ("5", "2.5"),
        ("true",),
        ("2026-11-22", "2026-11-22"),
        ("Chợ",),
    ]


def test_xlsx_texts_come_out_composed():
    assert read_xlsx(xlsx_of(["a"], ["Cho\u031b\u0323"]))[1].cells == ("Chợ",)


def test_empty_xlsx_lines_are_left_out_but_counted():
    assert [line.number for line in read_xlsx(xlsx_of(["a"], [], [], ["b"]))] == [1, 4]


def test_a_formula_in_a_workbook_is_refused():
    assert refusals(read_xlsx, xlsx_of(["a", "b"], ["x", "=HYPERLINK(1)"])) == [
        ("formula_not_allowed", 2, "B")
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"PK\x03\x04", b"code,name\nA,x", xlsx_of(["a"])[:-40]],
    ids=["nothing", "a beginning", "another format", "cut off"],
)
def test_a_file_that_is_no_workbook_is_refused(body):
    assert refusals(read_xlsx, body) == [("file_unreadable", None, None)]


def test_a_workbook_without_its_parts_is_refused():
    body = with_part(xlsx_of(["a"]), "xl/workbook.xml", b"<not-a-workbook/>")

    assert refusals(read_xlsx, body) == [("file_unreadable", None, None)]


def test_entities_are_not_resolved():
    sheet = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    body = with_part(xlsx_of(["a"]), "xl/worksheets/sheet1.xml", sheet)

    assert refusals(read_xlsx, body) == [("file_unreadable", None, None)]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = with_part(xlsx_of(["a"]), "xl/bomb.xml", b"0" * 40 * 1024 * 1024)
    assert len(bomb) < 100_000

    tracemalloc.start()
    assert refusals(read_xlsx, bomb) == [("file_too_large", None, None)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1024 * 1024


def sheet_of(rows: str) -> bytes:
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{start}<sheetData>{rows}</sheetData></worksheet>".encode()


@pytest.mark.parametrize(
    "rows",
    [
        f"<row>{'<c/>' * 190}</row>" * 9899,
        f"<row>{'<c/>' * 5_000_000}</row>",
        "<x/>" * 5_000_000,
        "".join(f'<row r="{n}"><c r="GR{n}"/></row>' for n in range(1, 9000)),
        f"</sheetData><mergeCells>{'<mergeCell/>' * 500_000}</mergeCells><sheetData>",
    ],
    ids=["many rows", "one row", "no rows", "far columns", "merged cells"],
)
def test_empty_cells_without_end_are_refused_before_they_cost_anything(rows):
    body = with_part(xlsx_of(["a"]), "xl/worksheets/sheet1.xml", sheet_of(rows))
    assert len(body) < 150_000

    began = process_time()
    assert refusals(read_xlsx, body) == [("file_too_large", None, None)]
    assert process_time() - began < 3


def test_a_sheet_is_not_looked_through_once_for_each_of_its_many_names():
    names = b'<workbook xmlns:r="r">' + b'<sheet name="x" r:id="rId1"/>' * 100 + b"</workbook>"
    many = with_part(xlsx_of(["a"]), "xl/workbook.xml", names)
    body = with_part(many, "xl/worksheets/sheet1.xml", sheet_of("<row><c/></row>" * 20_000))

    assert refusals(read_xlsx, body) == [("file_too_large", None, None)]


def test_a_full_sheet_of_two_thousand_rows_is_taken():
    cell = '<c t="inlineStr"><is><t>x</t></is></c>'
    sheet = sheet_of(f"<row>{cell * 40}</row>" * 2001)

    assert len(read_xlsx(with_part(xlsx_of(["a"]), "xl/worksheets/sheet1.xml", sheet))) == 2001


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("A10001", ("too_many_rows", None, None)),
        ("A1048576", ("too_many_rows", None, None)),
        ("XFD2", ("too_many_columns", 2, None)),
        ("AP2", ("too_many_columns", 2, None)),
    ],
)
def test_a_cell_far_away_is_refused_and_not_dropped(cell, expected):
    row = cell.strip("ADFPX")
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
        f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    body = with_part(xlsx_of(["a"]), "xl/worksheets/sheet1.xml", sheet.encode())

    assert refusals(read_xlsx, body) == [expected]


def test_what_a_sheet_says_of_its_size_is_not_believed():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
        b'<row r="3"><c r="B3" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )

    lines = read_xlsx(with_part(xlsx_of(["a"]), "xl/worksheets/sheet1.xml", sheet))

    assert lines == [Line(1, ("code",)), Line(3, ("", "x"))]


@pytest.mark.parametrize(
    ("position", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (40, "AN"), (702, "ZZ"), (703, "AAA")],
)
def test_columns_have_the_letters_of_a_spreadsheet(position, letters):
    assert column_letters(position) == letters
