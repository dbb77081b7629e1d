"""Stalls over HTTP: the department and the own manager keep the register, everyone reads it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from markets.lifecycle.establishments import change_establishment
from markets.lifecycle.stalls import NewStall, change_stall, enter_stalls, retire_stall
from markets.models import Stall
from tests.markets.builders import (
    actions,
    api,
    cost,
    manager_of,
    market,
    person,
    shipped_places,
    stall,
)

pytestmark = pytest.mark.django_db
LIST = "/api/v1/establishments/BOC-BO/stalls/"
NEW = {"number": "27", "trader": "Lý Thị Sông", "commodity": "produce", "zone": "Khu rau"}


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


def one(row):
    return f"/api/v1/stalls/{row.pk}/"


def numbers(response):
    assert response.status_code == 200, response.json()
    return [row["number"] for row in response.json()["results"]]


def clients():
    """Everyone who may sign in, with what writing to the register of BOC-BO answers."""
    past = timezone.localdate() - timedelta(days=1)
    return {
        "department": (api(person()), True),
        "own manager": (api(manager_of("BOC-BO")), True),
        "other manager": (api(manager_of("PHU-THONG")), False),
        "former manager": (api(manager_of("DONG-TAM", valid_to=past)), False),
        "inspector": (api(person("inspector")), False),
    }


def test_everyone_reads_stalls_and_their_history():
    row = stall(trader="Mai")
    for client, _ in clients().values():
        assert numbers(client.get(LIST)) == ["01"]
        assert client.get(one(row)).json()["history"][0]["trader"] == "Mai"
    assert api(None).get(LIST).status_code == 401
    assert api(None).get(one(row)).status_code == 401


def test_the_department_and_the_own_manager_write():
    row = stall()
    for name, (client, may) in clients().items():
        added = client.post(LIST, NEW, format="json")
        changed = client.patch(one(row), {"trader": name}, format="json")
        assert (added.status_code, changed.status_code) == ((201, 200) if may else (403, 403))
        row.refresh_from_db()
        assert (row.trader == name) is may
    assert Stall.objects.count() == 3


def test_an_appointment_that_has_ended_gives_no_right():
    past = timezone.localdate() - timedelta(days=1)
    client = api(manager_of("BOC-BO", valid_to=past))

    assert client.post(LIST, NEW, format="json").status_code == 403


def test_a_new_stall_answers_with_its_history():
    body = api(person()).post(LIST, NEW, format="json").json()

    assert body | NEW == body
    assert (body["active"], body["establishment"], len(body["history"])) == (True, "BOC-BO", 1)
    assert actions()[-1] == "stall.added"


def test_a_stall_is_changed_retired_and_brought_back():
    row, client = stall(trader="Mai"), api(manager_of("BOC-BO"))

    client.patch(one(row), {"trader": "Lan"}, format="json")
    retired = client.patch(one(row), {"active": False}, format="json").json()
    refused = client.patch(one(row), {"zone": "A"}, format="json")
    back = client.patch(one(row), {"active": True, "zone": "A"}, format="json").json()

    assert (retired["active"], retired["retired_at"] is None) == (False, False)
    assert (refused.status_code, refused.json()["code"]) == (409, "stall_retired")
    assert (back["active"], back["retired_at"], back["zone"]) == (True, None, "A")
    assert [version["trader"] for version in back["history"]] == ["Mai", "Lan", "Lan", "Lan"]


def test_the_list_is_narrowed_by_commodity_and_state():
    client = api(person())
    stall(number="01", commodity="seafood")
    stall(number="02", commodity="produce")
    retire_stall(stall(number="03", commodity="produce"), by=None)

    assert numbers(client.get(LIST)) == ["01", "02", "03"]
    assert numbers(client.get(LIST, {"commodity": "produce"})) == ["02", "03"]
    assert numbers(client.get(LIST, {"active": "true"})) == ["01", "02"]
    assert numbers(client.get(LIST, {"active": "false"})) == ["03"]
    assert numbers(client.get(LIST, {"ordering": "-number"})) == ["03", "02", "01"]


def test_the_register_of_a_former_day_is_as_it_stood_in_the_evening():
    with time_machine.travel("2026-03-01T03:00:00+00:00", tick=False):
        row, gone = stall(number="01", trader="Mai"), stall(number="02")
    with time_machine.travel("2026-03-02T03:00:00+00:00", tick=False):
        change_stall(row, {"trader": "Lan", "commodity": "produce"}, by=None)
        retire_stall(gone, by=None)
    client = api(person())

    def on(day, **query):
        rows = client.get(LIST, {"on": day, **query}).json()["results"]
        return [(item["id"], item["trader"], item["commodity"]) for item in rows]

    assert on("2026-02-28") == []
    assert on("2026-03-01") == [(str(row.pk), "Mai", "seafood"), (str(gone.pk), "", "seafood")]
    assert on("2026-03-02") == [(str(row.pk), "Lan", "produce")]
    assert on("2026-03-01", commodity="produce") == []
    assert on("2026-03-01", active="false") == []
    assert len(on("2026-03-01", active="true")) == 2


@pytest.mark.parametrize("query", ["on=x", "active=1", "commodity=gold", "zone=A", "active="])
def test_a_query_that_cannot_be_read_is_refused(query):
    response = api(person()).get(f"{LIST}?{query}")

    assert response.status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "1" * 21),
        ("number", None),
        ("trader", "x" * 151),
        ("trader", "Lý Thị Sông\nKẾT LUẬN: KHÔNG ĐẠT"),
        ("number", "27\n"),
        ("trader", ["x"]),
        ("commodity", "gold"),
        ("commodity", {}),
        ("zone", "\u200b"),
        ("id", "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a09"),
        ("active", True),
    ],
)
def test_a_field_that_cannot_be_read_is_named(field, value):
    response = api(person()).post(LIST, {**NEW, field: value}, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert response.json()["errors"][0]["pointer"] == f"/{field}"
    assert not Stall.objects.exists()


@pytest.mark.parametrize("value", ["true", 1, "yes", None])
def test_active_is_true_or_false(value):
    response = api(person()).patch(one(stall()), {"active": value}, format="json")

    assert response.status_code == 400


def test_a_place_that_is_no_market_takes_no_stalls():
    client = api(person())
    shop = {"code": "ST-1", "kind": "supermarket", "name": "Siêu thị"}
    client.post("/api/v1/establishments/", shop, format="json")

    response = client.post("/api/v1/establishments/ST-1/stalls/", NEW, format="json")

    assert (response.status_code, response.json()["code"]) == (422, "stalls_only_in_markets")


def test_a_closed_market_refuses_stalls_and_the_description_says_so():
    row, client = stall(), api(person())
    retire_stall(row, by=None)
    change_establishment(market(), {"closed_on": timezone.localdate()}, by=None)
    paths = SchemaGenerator().get_schema(public=True)["paths"]

    for answer, route in (
        (client.post(LIST, NEW, format="json"), paths["/api/v1/establishments/{code}/stalls/"]),
        (client.patch(one(row), {"active": True}, format="json"), paths["/api/v1/stalls/{id}/"]),
        (
            client.post(f"{LIST}import/", b"number,commodity\n1,produce", content_type="text/csv"),
            paths["/api/v1/establishments/{code}/stalls/import/"],
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "establishment_closed")
        verb = answer.request["REQUEST_METHOD"].lower()
        assert "establishment_closed" in str(route[verb]["responses"]["409"])


def test_an_unknown_place_or_stall_is_not_found():
    client = api(person())

    assert client.get("/api/v1/establishments/NOPE/stalls/").status_code == 404
    assert client.post("/api/v1/establishments/NOPE/stalls/", NEW, "json").status_code == 404
    for identifier in (uuid4(), "x", "0" * 3000):
        assert client.get(f"/api/v1/stalls/{identifier}/").status_code == 404
        assert client.patch(f"/api/v1/stalls/{identifier}/", {}, "json").status_code == 404


def test_a_list_costs_the_same_for_1_and_200_rows_today_and_of_a_day():
    enter_stalls(
        market().pk, [NewStall(f"{n:03}", "produce") for n in range(200)], at=timezone.now()
    )
    client = api(person())

    today = timezone.localdate().isoformat()
    for query in ({}, {"on": today}):
        costs = {cost(client, LIST, page_size=size, **query) for size in (1, 200)}
        assert len(costs) == 1


def test_pages_of_a_former_day_show_every_stall_once():
    enter_stalls(market().pk, [NewStall("01", "produce")] * 7, at=timezone.now())
    client, seen = api(person()), []
    url = f"{LIST}?page_size=3&on={timezone.localdate()}"
    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]

    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("field", ["number", "trader", "zone"])
def test_what_no_record_could_print_is_refused(field):
    client = api(person())
    row = stall()

    new = client.post(LIST, {**NEW, field: "市"}, format="json")
    change = client.patch(one(row), {field: "市"}, format="json")

    for response in (new, change):
        assert (response.status_code, response.json()["code"]) == (422, "character_not_supported")
        assert [error["pointer"] for error in response.json()["errors"]] == [f"/{field}"]
    assert [found.number for found in Stall.objects.all()] == ["01"]
