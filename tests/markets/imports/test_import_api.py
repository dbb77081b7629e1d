"""Importing registers: every bad cell by line and column, all rows or none, rehearsals."""

import unicodedata
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.audit.models import AuditEntry
from markets import queries
from markets.lifecycle.establishments import (
    change_establishment,
    move_establishment,
    rename_establishment,
)
from markets.lifecycle.stalls import retire_stall
from markets.lifecycle.telling import MOST_NAMED
from markets.models import AdministrativeUnit, Establishment, Placement, Stall, StallVersion
from tests.markets.builders import (
    actions,
    api,
    manager_of,
    market,
    person,
    shipped_places,
    stall,
    unit,
)
from tests.markets.imports.files import CSV, XLSX, csv_of, xlsx_of

pytestmark = pytest.mark.django_db
PLACES = "/api/v1/establishments/import/"
UNITS = "/api/v1/administrative-units/import/"
STALLS = "/api/v1/establishments/BOC-BO/stalls/import/"


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


@pytest.fixture
def department():
    return api(person())


def send(client, url, body, content_type=CSV, **query):
    if query:
        url += "?" + "&".join(f"{name}={value}" for name, value in query.items())
    return client.post(url, body, content_type=content_type)


def counts(response):
    assert response.status_code == 200, response.json()
    body = response.json()
    return body["created"], body["updated"], body["unchanged"]


def faults(response):
    assert response.status_code == 422, response.json()
    assert response.json()["code"] == "import_invalid"
    return [
        (error["pointer"], error["code"], error.get("line"), error.get("column"))
        for error in response.json()["errors"]
    ]


def everything():
    """All rows that an import may touch, to show that nothing changed."""
    tables = (Establishment, Placement, AdministrativeUnit, Stall, StallVersion, AuditEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


GOOD_PLACES = csv_of(
    "code,kind,name,unit,address,latitude,longitude,market_day_cycle_days",
    'CHO-1,market,Chợ Một,01864,Tổ 1,"22,5",105.66,5',
    "ST-1,siêu thị,Siêu thị Một,19,,,,",
    "BOC-BO,market,Chợ Bộc Bố,01864,,,,5",
)


def test_rows_are_created_updated_or_left_as_they_are(department):
    assert counts(send(department, PLACES, GOOD_PLACES)) == (2, 0, 1)
    assert counts(send(department, PLACES, GOOD_PLACES)) == (0, 0, 3)

    new = queries.place_on("CHO-1", date(2026, 1, 1))
    assert new.address == "Tổ 1, xã Bằng Thành, tỉnh Thái Nguyên"
    assert market("ST-1").kind == "supermarket"

    renamed = csv_of("code,kind,name", "CHO-1,market,Chợ Hai", "ST-1,supermarket,Siêu thị Một")
    assert counts(send(department, PLACES, renamed)) == (0, 1, 1)
    assert market("CHO-1").former_names.get().name_vi == "Chợ Một"


def test_hours_are_read_as_people_write_them(department):
    body = csv_of("code,kind,name,opens_at,closes_at", "CHO-1,market,Chợ Một,5:30,11:00:00")

    send(department, PLACES, body)

    place = market("CHO-1")
    assert (place.opens_at, place.closes_at) == (time(5, 30), time(11))
    late = csv_of("code,kind,name,opens_at,closes_at", "CHO-1,market,Chợ Một,24:00,11 giờ")
    assert faults(send(department, PLACES, late)) == [
        ("/rows/0/opens_at", "invalid", 2, "opens_at"),
        ("/rows/0/closes_at", "invalid", 2, "closes_at"),
    ]


def test_columns_that_a_file_leaves_out_stay_as_they_are(department):
    send(department, PLACES, GOOD_PLACES)

    send(department, PLACES, csv_of("code,kind,name", "CHO-1,market,Chợ Một"))

    assert (market("CHO-1").address, market("CHO-1").placements.count()) == ("Tổ 1", 1)


def test_an_empty_cell_empties_the_field(department):
    send(department, PLACES, GOOD_PLACES)

    body = csv_of("code,kind,name,address,latitude,longitude", "CHO-1,market,Chợ Một,,,")
    assert counts(send(department, PLACES, body)) == (0, 1, 0)

    assert (market("CHO-1").address, market("CHO-1").latitude) == ("", None)


def test_a_workbook_with_vietnamese_heads_does_the_same(department):
    body = xlsx_of(
        ["Mã", "Loại", "Tên", "Đơn vị hành chính", "Chu kỳ phiên chợ", "Hoạt động từ"],
        ["CHO-1", "chợ", unicodedata.normalize("NFD", "Chợ Một"), "01864", 5, date(2026, 1, 1)],
        ["ST-1", "Siêu thị", "Siêu thị Một", None, None, "31/12/2025"],
    )

    assert counts(send(department, PLACES, body, XLSX)) == (2, 0, 0)
    assert market("CHO-1").name_vi == "Chợ Một"
    assert market("CHO-1").placements.get().valid_from == date(2026, 1, 1)
    assert market("ST-1").opened_on == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("x y,market,Chợ,,,,,", [("code", "invalid")]),
        (",market,Chợ,,,,,", [("code", "required")]),
        ("A,shop,Chợ,,,,,", [("kind", "invalid_choice")]),
        ("A,market,,,,,,", [("name", "required")]),
        (f"A,market,{'x' * 201},,,,,", [("name", "max_length")]),
        ("A,market,Chợ,99999,,,,", [("unit", "unknown_unit")]),
        ("A,market,Chợ,BK-PAC-NAM,,,,", [("unit", "unknown_unit")]),
        ("A,market,Chợ,,91,105,,", [("latitude", "invalid")]),
        ("A,market,Chợ,,22.1234567,105,,", [("latitude", "invalid")]),
        ("A,market,Chợ,,22,,,", [("longitude", "position_incomplete")]),
        ("A,market,Chợ,,,,0,", [("market_day_cycle_days", "invalid")]),
        ("A,market,Chợ,,,,5.5,", [("market_day_cycle_days", "invalid")]),
        ("A,market,Chợ,,,,,31/2/2026", [("opened_on", "invalid")]),
        ("A,market,Chợ,,,,,2026", [("opened_on", "invalid")]),
        ("A,market,Chợ,,,,,9999-12-31", [("opened_on", "day_out_of_range")]),
        ("BOC-BO,supermarket,Chợ,,,,,", [("kind", "kind_is_fixed")]),
        ("GOOD,market,Chợ,,,,,", [("code", "duplicate_row")]),
        ("A,market,Chợ,,,,,,x", [("I", "cell_without_column")]),
        ("a,shop,,,x,,,", [(n, None) for n in ("code", "kind", "name", "latitude")]),
    ],
)
def test_a_bad_row_is_named_by_line_and_column_and_nothing_is_imported(department, row, expected):
    body = csv_of(
        "code,kind,name,unit,latitude,longitude,market_day_cycle_days,opened_on",
        "GOOD,market,Chợ tốt,01864,22,105,5,2026-01-01",
        "",
        row,
    )
    before = everything()

    found = faults(send(department, PLACES, body))

    for (pointer, code, line, column), (name, error) in zip(found, expected, strict=True):
        assert (pointer, line, column) == (f"/rows/1/{name}", 4, name)
        assert error in (None, code)
    assert everything() == before


def test_all_bad_rows_are_named_at_once_in_the_order_of_the_file(department):
    body = csv_of(
        "code,kind,name,unit",
        "A,market,Chợ,99999",
        "B,shop,Chợ,",
        "C,market,Chợ,",
        "BOC-BO,supermarket,Chợ,",
    )

    assert faults(send(department, PLACES, body)) == [
        ("/rows/0/unit", "unknown_unit", 2, "unit"),
        ("/rows/1/kind", "invalid_choice", 3, "kind"),
        ("/rows/3/kind", "kind_is_fixed", 5, "kind"),
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("code,kind,name,colour", [("unknown_column", "colour")]),
        ("code,kind,name,Mã", [("duplicate_column", "Mã")]),
        ("code,name", [("missing_column", "kind")]),
        ("a;b", [(None, "a"), (None, "b"), *((None, n) for n in ("code", "kind", "name"))]),
    ],
)
def test_a_head_is_refused_before_any_row(department, head, expected):
    found = faults(send(department, PLACES, csv_of(head, "A,market,Chợ")))

    assert [(line, column) for _, _, line, column in found] == [(1, name) for _, name in expected]
    assert all(error in (None, code) for (_, code, _, _), (error, _) in zip(found, expected))  # noqa: B905


def test_a_rehearsal_counts_like_the_real_run_and_writes_nothing(department):
    before = everything()

    rehearsed = send(department, PLACES, GOOD_PLACES, dry_run="true")
    assert counts(rehearsed) == (2, 0, 1)
    assert rehearsed.json()["dry_run"] is True
    assert everything() == before

    assert counts(send(department, PLACES, GOOD_PLACES, dry_run="false")) == (2, 0, 1)
    assert everything() != before


@pytest.mark.parametrize(
    ("columns", "row", "column", "code"),
    [
        ("code,kind,name", "PHU-THONG,market,Chợ Hai", "name", "establishment_closed"),
        ("code,kind,name,unit", "PHU-THONG,market,{name},01864", "unit", "establishment_closed"),
        (
            "code,kind,name,opened_on",
            "PHU-THONG,market,{name},2200-12-31",
            "code",
            "period_reversed",
        ),
        ("code,kind,name,unit", "DONG-TAM,market,{name},01864", "unit", "period_overlaps"),
        ("code,kind,name", "DONG-TAM,market,Chợ Hai", "name", "period_overlaps"),
    ],
)
def test_what_does_not_fit_the_register_is_named_by_column_too(
    department, columns, row, column, code
):
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    moved, by = market("DONG-TAM"), None
    rename_establishment(moved, "Chợ Ba", "", since=tomorrow, by=by)
    move_establishment(moved, unit("01969"), since=tomorrow, by=by)
    change_establishment(market("PHU-THONG"), {"closed_on": today}, by=by)
    row = row.format(name=market(row.partition(",")[0]).name_vi)

    response = send(department, PLACES, csv_of(columns, row))

    assert faults(response) == [(f"/rows/0/{column}", code, 2, column)]


def statements_of_an_import(client, body, **query):
    client.get("/api/v1/authorities/")  # the session is looked at, and remembered
    with CaptureQueriesContext(connection) as statements:
        assert send(client, PLACES, body, **query).status_code == 200
    return [statement["sql"] for statement in statements]


def test_a_file_is_told_in_one_entry_after_everything_else(department):
    before = actions()

    statements = statements_of_an_import(department, GOOD_PLACES)

    head = [number for number, sql in enumerate(statements) if "audit_audithead" in sql]
    assert len(head) == 1
    assert not any("markets_" in sql for sql in statements[head[0] :])
    assert actions() == [*before, "establishments.imported"]
    entry = AuditEntry.objects.first()
    assert (entry.actor, entry.subject) == ("department.1", "register:establishments")
    opened = ["establishment:CHO-1", "establishment:ST-1"]
    assert entry.data == {"establishment.opened": {"count": 2, "subjects": opened}}


def test_neither_a_rehearsal_nor_an_unchanged_file_touches_the_trail(department):
    rehearsed = statements_of_an_import(department, GOOD_PLACES, dry_run="true")
    send(department, PLACES, GOOD_PLACES)
    unchanged = statements_of_an_import(department, GOOD_PLACES)

    assert not any("audit_" in sql for sql in rehearsed + unchanged)


def test_an_entry_names_no_more_than_some_hundred_things(department):
    lines = [f"{number},produce" for number in range(MOST_NAMED + 1)]
    send(department, STALLS, csv_of("number,commodity", *lines))

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.subject) == ("stalls.imported", "establishment:BOC-BO")
    assert entry.data["stall.added"]["count"] == MOST_NAMED + 1
    assert len(entry.data["stall.added"]["subjects"]) == MOST_NAMED


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row locks")
def test_the_places_of_a_file_are_locked_in_one_order_before_anything_changes(department):
    send(department, PLACES, GOOD_PLACES)
    changed = csv_of("code,kind,name", "ST-1,supermarket,B", "CHO-1,market,A")

    statements = statements_of_an_import(department, changed)

    places = [sql for sql in statements if "markets_establishment" in sql]
    assert "ORDER BY" in places[0]
    assert places[0].endswith("FOR NO KEY UPDATE")
    assert not any(sql.endswith("FOR UPDATE") for sql in places)


def test_a_rehearsal_names_the_same_faults(department):
    body = csv_of("code,kind,name,unit", "A,market,Chợ,99999")

    assert faults(send(department, PLACES, body, dry_run="true")) == faults(
        send(department, PLACES, body)
    )


@pytest.mark.parametrize(
    "query", ["dry_run=1", "dry_run=", "dryrun=true", "dry_run=true&dry_run=true"]
)
def test_a_misspelt_rehearsal_is_refused_and_not_run(department, query):
    before = everything()

    response = department.post(f"{PLACES}?{query}", GOOD_PLACES, content_type=CSV)

    assert response.status_code == 400
    assert everything() == before


def test_faults_speak_the_language_of_the_request(department):
    def detail(language):
        response = department.post(
            PLACES, b"code,kind,name\nA,shop,x", content_type=CSV, HTTP_ACCEPT_LANGUAGE=language
        )
        return response.json()["errors"][0]["detail"]

    assert detail("vi").startswith("Một trong")
    assert detail("en").startswith("One of")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/csv; charset=utf-16", 415),
        ("text/csv; charset=UTF-8", 200),
        (XLSX, 422),
    ],
)
def test_only_csv_in_utf8_and_workbooks_are_read(department, content_type, status):
    response = send(department, PLACES, GOOD_PLACES, content_type)

    assert response.status_code == status
    expected = "application/json" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == expected


def test_no_file_and_too_large_a_file_are_refused(department, settings):
    assert faults(send(department, PLACES, b""))[0][1] == "file_empty"

    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = send(department, PLACES, b"code,kind,name\n" + b"x" * 100)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("role", ["inspector", "manager"])
def test_only_the_department_imports_places_and_units(role):
    client = api(person(role))

    assert send(client, PLACES, GOOD_PLACES).status_code == 403
    assert send(client, UNITS, b"code,level,name").status_code == 403
    assert send(api(None), PLACES, GOOD_PLACES).status_code == 401
    assert not Establishment.objects.filter(code="CHO-1").exists()


def test_units_end_begin_and_follow_each_other_in_any_order_of_rows(department):
    body = csv_of(
        "code,level,name,parent,valid_from,valid_to,replaced_by",
        "01864,commune,xã Bằng Thành,19,2025-07-01,2026-12-31,01864",
        "01864,xã,phường Bằng Thành,20,2027-01-01,,",
        "20,province,tỉnh Mới,,2027-01-01,,",
    )

    assert counts(send(department, UNITS, body, dry_run="true")) == (2, 1, 0)
    assert counts(send(department, UNITS, body)) == (2, 1, 0)
    assert counts(send(department, UNITS, body)) == (0, 0, 3)

    after = queries.place_on("BOC-BO", date(2027, 1, 1))
    assert after.address == "phường Bằng Thành, tỉnh Mới"
    assert queries.place_on("BOC-BO", date(2026, 12, 31)).units[0].name == "xã Bằng Thành"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("X,ward,x,19,2026-01-01,,,", "level", "invalid_choice"),
        ("X,commune,x,NOPE,2026-01-01,,,", "parent", "unknown_unit"),
        ("X,commune,x,06,2026-01-01,,,", "parent", "unknown_unit"),
        ("X,commune,x,,2026-01-01,,,", "parent", "parent_level_wrong"),
        ("X,commune,x,01969,2026-01-01,,,", "parent", "parent_level_wrong"),
        ("X,commune,x,19,2026-01-01,2025-12-31,,", "valid_to", "period_reversed"),
        ("01864,commune,x,19,2025-07-01,9999-12-31,19,", "valid_to", "day_out_of_range"),
        ("X,commune,x,19,01/01/1899,,,", "valid_from", "day_out_of_range"),
        ("01864,commune,x,19,2026-01-01,,,", "code", "unit_exists"),
        ("01864,province,x,,2025-07-01,,,", "level", "level_is_fixed"),
        ("19,province,tỉnh Thái Nguyên,,2025-07-01,,20,", "replaced_by", "unit_not_ended"),
        ("01969,commune,x,19,2025-07-01,2026-12-31,20,", "replaced_by", "unknown_unit"),
        ("BK-PAC-NAM,district,huyện Pác Nặm,06,,2025-12-31,,", "valid_to", "unit_ended"),
        ("X,commune,x,19,2026-01-01,,,NOPE", "reporting_area", "unknown_reporting_area"),
    ],
)
def test_a_bad_unit_is_named_and_nothing_is_imported(department, row, column, code):
    body = csv_of(
        "code,level,name,parent,valid_from,valid_to,replaced_by,reporting_area",
        "OK,commune,xã Tốt,19,2026-01-01,,,BAC-KAN-FORMER",
        row,
    )
    before = everything()

    assert faults(send(department, UNITS, body)) == [(f"/rows/1/{column}", code, 3, column)]
    assert everything() == before


def test_a_commune_of_former_days_finds_the_parent_of_those_days(department):
    body = csv_of(
        "code,level,name,parent,valid_to",
        "BK-NHAN-MON,commune,xã Nhạn Môn,BK-PAC-NAM,30/06/2025",
    )

    assert counts(send(department, UNITS, body)) == (1, 0, 0)
    assert AdministrativeUnit.objects.get(code="BK-NHAN-MON").parent.parent.code == "06"


GOOD_STALLS = csv_of(
    "number;trader;commodity;zone",
    "01;Mai;thủy sản tươi sống;Khu cá",
    "02;Lan;produce;Khu rau",
    "02;Hoa;produce;Khu cá",
)


def test_stalls_are_known_by_zone_and_number():
    client = api(manager_of("BOC-BO"))

    assert counts(send(client, STALLS, GOOD_STALLS)) == (3, 0, 0)
    assert counts(send(client, STALLS, GOOD_STALLS)) == (0, 0, 3)

    changed = csv_of("number,trader,commodity,zone", "02,Lan,dry_other,Khu rau")
    assert counts(send(client, STALLS, changed)) == (0, 1, 2 - 2)
    row = Stall.objects.get(zone="Khu rau")
    assert (row.commodity, row.versions.count()) == ("dry_other", 2)


def test_stalls_that_the_file_does_not_name_stay(department):
    kept = stall(number="99")

    send(department, STALLS, GOOD_STALLS)

    kept.refresh_from_db()
    assert kept.active


def test_an_id_moves_a_stall_and_brings_one_along(department):
    row, new = stall(number="01"), uuid4()
    body = csv_of("id,number,commodity", f"{row.pk},07,seafood", f"{new},08,produce")

    assert counts(send(department, STALLS, body)) == (1, 1, 0)

    assert Stall.objects.get(pk=row.pk).number == "07"
    assert Stall.objects.get(pk=new).number == "08"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",01,gold", "commodity", "invalid_choice"),
        (",,seafood", "number", "required"),
        (f",{'1' * 21},seafood", "number", "max_length"),
        ("{elsewhere},05,seafood", "id", "stall_exists"),
        ("{retired},05,seafood", "id", "stall_retired"),
        ("x,05,seafood", "id", "invalid"),
        (",02,produce", "number", "stall_ambiguous"),
        ("{known},51,seafood", "number", "duplicate_row"),
    ],
)
def test_a_bad_stall_is_named_and_nothing_is_imported(department, row, column, code):
    elsewhere, retired = stall("PHU-THONG"), stall(number="90")
    retire_stall(retired, by=None)
    stall(number="02")
    stall(number="02")
    known = stall(number="50").pk
    row = row.format(elsewhere=elsewhere.pk, retired=retired.pk, known=known)
    before = everything()

    response = send(department, STALLS, csv_of("id,number,commodity", ",50,produce", row))

    assert faults(response) == [(f"/rows/1/{column}", code, 3, column)]
    assert everything() == before


def test_managers_import_their_own_stalls_only():
    assert send(api(manager_of("PHU-THONG")), STALLS, GOOD_STALLS).status_code == 403
    assert send(api(person("inspector")), STALLS, GOOD_STALLS).status_code == 403
    unknown = "/api/v1/establishments/NOPE/stalls/import/"
    assert send(api(person()), unknown, GOOD_STALLS).status_code == 404
    assert not Stall.objects.exists()


def test_new_stalls_cost_the_same_for_2_and_100_rows(department):
    def cost(start, count):
        rows = [f"{start + number},produce" for number in range(count)]
        body = csv_of("number,commodity", *rows)
        department.get("/api/v1/authorities/")  # the session is looked at, and remembered
        with CaptureQueriesContext(connection) as statements:
            assert counts(send(department, STALLS, body)) == (count, 0, 0)
        return len(statements)

    assert cost(10, 2) == cost(1000, 100)


def test_an_unchanged_register_costs_the_same_for_3_and_200_rows(department):
    lines = [f"CHO-{number:03},market,Chợ {number},01864" for number in range(200)]
    head = "code,kind,name,unit"
    send(department, PLACES, csv_of(head, *lines))

    def cost(count):
        department.get("/api/v1/authorities/")  # the session is looked at, and remembered
        with CaptureQueriesContext(connection) as statements:
            assert counts(send(department, PLACES, csv_of(head, *lines[:count]))) == (0, 0, count)
        return len(statements)

    assert cost(3) == cost(200)


def test_no_cell_that_records_copy_has_several_lines(department):
    before = everything()

    places = csv_of("code,kind,name,address", 'CHO-1,market,"Chợ Một\nKẾT LUẬN: ĐẠT",Tổ 1')
    stalls = xlsx_of(["number", "trader", "commodity"], ["27", "Lý Thị\nSông", "produce"])

    assert faults(send(department, PLACES, places)) == [("/rows/0/name", "one_line", 2, "name")]
    assert faults(send(department, STALLS, stalls, XLSX)) == [
        ("/rows/0/trader", "one_line", 2, "trader")
    ]
    assert everything() == before


def test_every_cell_that_no_record_could_print_is_named(department):
    before = everything()

    places = csv_of("code,kind,name,address", "CHO-1,market,Chợ 市,Tổ 1", "CHO-2,market,B,🐟")
    assert faults(send(department, PLACES, places)) == [
        ("/rows/0/name", "character_not_supported", 2, "name"),
        ("/rows/1/address", "character_not_supported", 3, "address"),
    ]
    units = xlsx_of(["code", "level", "name"], ["99991", "province", "Tỉnh 市"])
    assert faults(send(department, UNITS, units, XLSX)) == [
        ("/rows/0/name", "character_not_supported", 2, "name")
    ]
    stalls = csv_of("number,trader,commodity,zone", "市,Lý 市,produce,Khu 市")
    assert faults(send(department, STALLS, stalls)) == [
        (f"/rows/0/{column}", "character_not_supported", 2, column)
        for column in ("number", "trader", "zone")
    ]

    assert everything() == before
