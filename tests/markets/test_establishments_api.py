"""/api/v1/establishments/: who reads, who writes, and as of which day."""

import unicodedata

import pytest

from markets.models import Establishment
from tests.markets.builders import (
    actions,
    api,
    cost,
    manager_of,
    many_markets,
    market,
    person,
    shipped_places,
)

pytestmark = pytest.mark.django_db
LIST = "/api/v1/establishments/"
BOC_BO = f"{LIST}BOC-BO/"
NEW = {"code": "CHO-MOI", "kind": "market", "name": "Chợ Mới", "unit": "02086"}


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


@pytest.fixture
def department():
    return api(person())


def codes(response):
    assert response.status_code == 200, response.json()
    return [row["code"] for row in response.json()["results"]]


@pytest.mark.parametrize("role", ["inspector", "manager", "department"])
def test_every_role_reads_all_places(role):
    client = api(person(role))

    assert codes(client.get(LIST)) == ["BOC-BO", "DONG-TAM", "PHU-THONG"]
    assert client.get(BOC_BO).status_code == 200


def test_nobody_reads_without_signing_in():
    assert api(None).get(LIST).status_code == 401
    assert api(None).get(BOC_BO).status_code == 401


@pytest.mark.parametrize("role", ["inspector", "manager"])
def test_only_the_department_writes(role):
    client = api(person(role))

    assert client.post(LIST, NEW, format="json").status_code == 403
    assert client.patch(BOC_BO, {"address": "x"}, format="json").status_code == 403
    assert market().address == ""


def test_not_even_the_own_manager_changes_a_place():
    response = api(manager_of("BOC-BO")).patch(BOC_BO, {"address": "x"}, format="json")

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


def test_a_place_is_shown_as_of_a_day(department):
    before = department.get(BOC_BO, {"on": "2025-06-30"}).json()
    since = department.get(BOC_BO, {"on": "2025-07-01"}).json()

    assert [(row["code"], row["level"], row["name"]) for row in before["units"]] == [
        ("01864", "commune", "xã Bộc Bố"),
        ("BK-PAC-NAM", "district", "huyện Pác Nặm"),
        ("06", "province", "tỉnh Bắc Kạn"),
    ]
    assert before["authority"]["code"] == "SCT-BAC-KAN"
    assert since["full_address"] == "xã Bằng Thành, tỉnh Thái Nguyên"
    assert since["authority"]["name"] == "Sở Công Thương tỉnh Thái Nguyên"
    assert since["on"] == "2025-07-01"
    assert [row["valid_to"] for row in since["placements"]] == ["2025-06-30", None]


def test_an_unknown_place_is_not_found(department):
    for code in ("NOPE", "boc-bo", "BOC%00BO", "B" * 41):
        assert department.get(f"{LIST}{code}/").status_code == 404
    assert department.patch(f"{LIST}NOPE/", {}, format="json").status_code == 404


@pytest.mark.parametrize(
    "words", ["boc bo", "Bộc Bố", "BOC-BO", "bố bộc", unicodedata.normalize("NFD", "Bộc Bố")]
)
def test_search_ignores_accents_case_order_and_unicode_form(department, words):
    assert codes(department.get(LIST, {"search": words})) == ["BOC-BO"]


def test_search_needs_every_word(department):
    assert codes(department.get(LIST, {"search": "boc phu"})) == []
    assert codes(department.get(LIST, {"search": "%"})) == []
    assert len(codes(department.get(LIST, {"search": "thị trấn"}))) == 2


def test_kinds_are_a_list_parted_by_commas(department):
    department.post(LIST, {**NEW, "code": "ST-1", "kind": "supermarket"}, format="json")
    department.post(LIST, {**NEW, "code": "TT-1", "kind": "trade_centre"}, format="json")

    assert codes(department.get(LIST, {"kind": "supermarket"})) == ["ST-1"]
    assert codes(department.get(LIST, {"kind": "supermarket,trade_centre"})) == ["ST-1", "TT-1"]


def test_a_unit_includes_its_parts_as_of_the_day(department):
    def within(unit, on):
        return codes(department.get(LIST, {"unit": unit, "on": on}))

    assert within("19", "2025-07-01") == ["BOC-BO", "DONG-TAM", "PHU-THONG"]
    assert within("06", "2025-06-30") == ["BOC-BO", "DONG-TAM", "PHU-THONG"]
    assert within("BK-CHO-MOI", "2025-06-30") == ["DONG-TAM"]
    assert within("06", "2025-07-01") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kinds=market", "unknown_parameter"),
        ("kind=market&kind=supermarket", "unknown_parameter"),
        ("kind=shop", "malformed"),
        ("on=30/6/2025", "malformed"),
        ("on=2025-02-30", "malformed"),
        ("on=٢٠٢٥-٠١-٠١", "malformed"),
        ("search=%00", "malformed"),
        ("ordering=address", "malformed"),
        ("page_size=0", "malformed"),
        ("cursor=x", "cursor_invalid"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(department, query, code):
    response = department.get(f"{LIST}?{query}")

    assert (response.status_code, response.json()["code"]) == (400, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_break_nothing(department, on):
    department.patch(BOC_BO, {"market_day_anchor": "2026-11-01"}, format="json")

    assert len(codes(department.get(LIST, {"on": on}))) == 3
    assert department.get(BOC_BO, {"on": on}).status_code == 200
    assert department.get(f"{BOC_BO}stalls/", {"on": on}).status_code == 200


def test_a_single_place_takes_no_filters_of_the_list(department):
    assert department.get(BOC_BO, {"search": "x"}).status_code == 400
    assert department.patch(f"{BOC_BO}?on=2025-07-01", {}, format="json").status_code == 400


def test_pages_show_every_place_once_in_both_orders(department):
    many_markets(9)
    for ordering, field in (("code", "code"), ("name", "name")):
        seen, url = [], f"{LIST}?page_size=5&ordering={ordering}"
        while url:
            page = department.get(url).json()
            seen += [row[field] for row in page["results"]]
            url = page["next"]
        assert len(seen) == len(set(seen)) == 12


def test_a_list_costs_the_same_for_1_and_200_rows(department):
    many_markets(200)

    assert cost(department, LIST, page_size=1) == cost(department, LIST, page_size=200)


def test_a_new_place_is_entered_with_its_unit(department):
    response = department.post(
        LIST,
        {**NEW, "latitude": "22,5", "longitude": "105.6672", "market_day_cycle_days": 5},
        format="json",
    )

    assert response.status_code == 201
    body = response.json()
    assert (body["latitude"], body["longitude"]) == ("22.500000", "105.667200")
    assert body["full_address"] == "xã Chợ Mới, tỉnh Thái Nguyên"
    assert actions()[-1] == "establishment.opened"


def test_a_taken_code_is_a_conflict(department):
    response = department.post(LIST, {**NEW, "code": "BOC-BO"}, format="json")

    assert (response.status_code, response.json()["code"]) == (409, "establishment_exists")
    assert response.json()["errors"][0]["pointer"] == "/code"


def test_a_unit_of_former_days_is_unknown_to_a_new_place(department):
    response = department.post(LIST, {**NEW, "unit": "BK-PAC-NAM"}, format="json")

    assert (response.status_code, response.json()["code"]) == (422, "unknown_unit")
    assert response.json()["errors"][0]["pointer"] == "/unit"
    assert not Establishment.objects.filter(code="CHO-MOI").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "chợ"),
        ("code", "-A"),
        ("kind", "shop"),
        ("name", ""),
        ("name", "   "),
        ("name", 5),
        ("name", "a\u202eb"),
        ("name", "x" * 201),
        ("latitude", "91"),
        ("code", 5),
        ("code", "cho-1"),
        ("latitude", 22.5),
        ("latitude", "NaN"),
        ("latitude", "1E+1"),
        ("longitude", "-180.5"),
        ("market_day_cycle_days", 0),
        ("market_day_cycle_days", 40000),
        ("market_day_cycle_days", "5"),
        ("market_day_cycle_days", True),
        ("model_market_year", 2**31),
        ("opened_on", "01/07/2025"),
        ("opened_on", "20250701"),
        ("unknown", 1),
        ("valid_from", "2026-01-01"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(department, field, value):
    response = department.post(LIST, {**NEW, field: value}, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert f"/{field}" in [error["pointer"] for error in response.json()["errors"]]
    assert not Establishment.objects.filter(name_vi="Chợ Mới").exists()


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "1", "", "{"])
def test_a_body_that_is_no_object_is_malformed(department, body):
    for send, url in ((department.post, LIST), (department.patch, BOC_BO)):
        response = send(url, body, content_type="application/json")
        if (send, body) == (department.patch, ""):
            continue
        assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_a_new_name_keeps_the_former_one(department):
    response = department.patch(
        BOC_BO, {"name": "Chợ Bằng Thành", "valid_from": "2026-03-01"}, format="json"
    )

    assert response.status_code == 200
    assert response.json()["name"] == "Chợ Bằng Thành"
    assert response.json()["former_names"] == [
        {
            "name": "Chợ Bộc Bố",
            "name_en": "Bộc Bố market",
            "valid_from": None,
            "valid_to": "2026-02-28",
        }
    ]
    assert department.get(BOC_BO, {"on": "2026-02-28"}).json()["name"] == "Chợ Bộc Bố"


def test_a_place_closes_and_opens_again(department):
    closed = department.patch(BOC_BO, {"closed_on": "2026-01-01"}, format="json").json()
    refused = department.patch(BOC_BO, {"name": "Chợ A"}, format="json")
    opened = department.patch(BOC_BO, {"closed_on": None, "name": "Chợ A"}, format="json").json()

    assert closed["closed_on"] == "2026-01-01"
    assert (refused.status_code, refused.json()["code"]) == (409, "establishment_closed")
    assert (opened["closed_on"], opened["name"]) == (None, "Chợ A")


def test_an_empty_change_changes_nothing(department):
    before = actions()

    assert department.patch(BOC_BO, {}, format="json").status_code == 200
    assert actions() == before


def test_code_and_kind_are_fixed(department):
    for field, value in (("code", "X"), ("kind", "supermarket")):
        response = department.patch(BOC_BO, {field: value}, format="json")
        assert response.json()["errors"][0]["code"] == "unknown_field"


def test_other_verbs_are_refused_as_problems(department):
    for verb in (department.put, department.delete):
        response = verb(BOC_BO)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


def test_what_no_record_could_print_is_refused_by_field(department):
    new = department.post(LIST, {**NEW, "name": "Chợ 市", "address": "Tổ 🐟"}, format="json")
    change = department.patch(BOC_BO, {"name": "Chợ 市"}, format="json")

    for response, fields in ((new, ["/name", "/address"]), (change, ["/name"])):
        assert response.status_code == 422
        assert response.json()["code"] == "character_not_supported"
        assert [error["pointer"] for error in response.json()["errors"]] == fields
    assert "市 (U+5E02)" in change.json()["errors"][0]["detail"]
    assert market().name_vi == "Chợ Bộc Bố"
    assert not Establishment.objects.filter(code="CHO-MOI").exists()


def test_an_old_name_that_no_record_can_print_is_read_and_hinders_no_other_change(department):
    Establishment.objects.filter(code="BOC-BO").update(name_vi="Chợ 市")

    assert department.get(BOC_BO).json()["name"] == "Chợ 市"
    assert department.patch(BOC_BO, {"address": "Tổ 1"}, format="json").status_code == 200
    assert department.patch(BOC_BO, {"name": "Chợ Bộc Bố"}, format="json").status_code == 200
    assert market().name_vi == "Chợ Bộc Bố"


def test_a_market_tells_its_days_and_hours(department):
    known = {
        "market_day_cycle_days": 5, "market_day_anchor": "2026-11-01",
        "opens_at": "05:30", "closes_at": "11:00",
    }  # fmt: skip
    assert department.patch(BOC_BO, known, format="json").status_code == 200

    answer = department.get(f"{BOC_BO}market-days/?from=2026-12-30&to=2027-01-06").json()

    days = ["2026-12-31", "2027-01-05"]
    hours = {"opens_at": "05:30", "closes_at": "11:00"}
    assert answer == {"code": "BOC-BO", "market_days": days, **hours}
    detail = department.get(BOC_BO).json()
    assert {name: detail[name] for name in hours} == hours


def test_nothing_is_told_of_a_cycle_that_nobody_knows(department):
    answer = department.get(f"{LIST}PHU-THONG/market-days/").json()

    assert (answer["market_days"], answer["opens_at"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=x", 400),
        ("on=2026-01-01", 400),
        ("from=2026-01-02&to=2026-01-01", 422),
        ("from=2026-01-01&to=2027-02-01", 422),
    ],
)
def test_days_that_cannot_be_listed_are_refused(department, query, status):
    assert department.get(f"{BOC_BO}market-days/?{query}").status_code == status


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        ({"opens_at": "5:30", "closes_at": "11:00"}, 400),
        ({"opens_at": "25:00", "closes_at": "11:00"}, 400),
        ({"opens_at": 530, "closes_at": "11:00"}, 400),
        ({"opens_at": "05:30"}, 422),
        ({"opens_at": "11:00", "closes_at": "11:00"}, 422),
    ],
)
def test_hours_that_cannot_be_are_refused(department, hours, status):
    answer = department.patch(BOC_BO, hours, format="json")

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0] | {"detail": ""} == {
            "pointer": "/closes_at", "code": "hours_reversed", "detail": "",
        }  # fmt: skip
