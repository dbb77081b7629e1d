"""GET bag-returns/, GET and PUT bag-returns/{code}/{YYYY-MM}/"""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from tests.inspections.evidence.visits import api_as
from tests.inspections.plastics.builders import Store
from tests.inspections.visits import person

BAGS = "/api/v1/bag-returns/"
OCTOBER = f"{BAGS}SIEU-THI/2026-10/"


def put(who: Person, address: str = OCTOBER, **changes: Any) -> Any:
    body = {"id": str(uuid.uuid4()), "measures": {"PM01": "1200"}, "source": "declared", **changes}
    return api_as(who).put(address, body, format="json")


def get(who: Person, address: str) -> Any:
    response = api_as(who).get(address)
    assert response.status_code == 200, response.content
    return response.json()


def test_a_return_is_given_corrected_and_read_with_its_history(store: Store) -> None:
    pk = str(uuid.uuid4())
    first = put(store.manager, id=pk, measures={"PM01": "1200,50"})
    again = put(store.manager, id=pk, measures={"PM01": "1200.5"})
    second = put(store.manager, note="Đếm lại", measures={"PM01": "1100"})

    assert [answer.status_code for answer in (first, again, second)] == [201, 200, 200]
    assert first.json() == again.json()
    at = first.json()["at"]
    assert first.json() == {
        "id": pk,
        "establishment": "SIEU-THI",
        "month": "2026-10",
        "measures": {"PM01": "1200.5"},
        "source": "declared",
        "note": "",
        "by": "ha.lt",
        "at": at,
        "replaced_at": None,
        "confirmed_by": None,
        "confirmed_at": None,
    }
    history = [{**first.json(), "replaced_at": second.json()["at"]}]
    told = get(store.department, OCTOBER)
    unknown = dict.fromkeys(("PM11", "PM12", "PM13", "PM14"))
    assert told == {**second.json(), "derived": unknown, "warnings": [], "history": history}
    assert [row["id"] for row in get(store.department, BAGS)["results"]] == [second.json()["id"]]


def test_history_begins_with_the_newest(store: Store) -> None:
    sent = [put(store.manager, measures={"PM01": str(n)}).json()["id"] for n in range(4)]

    found = get(store.manager, OCTOBER)

    assert [found["id"], *(row["id"] for row in found["history"])] == sent[::-1]


def test_another_body_under_the_same_id_is_refused(store: Store) -> None:
    pk = str(uuid.uuid4())
    put(store.manager, id=pk)

    refused = put(store.manager, id=pk, measures={"PM01": "1"})

    assert (refused.status_code, refused.json()["code"]) == (409, "id_taken")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"id": "x"}, "/id", "invalid"),
        ({"id": 7}, "/id", "invalid"),
        ({"measures": []}, "/measures", "not_a_dict"),
        ({"measures": {"PM01": 1200}}, "/measures/PM01", "invalid"),
        ({"measures": {"PM01": "1.200,5"}}, "/measures/PM01", "invalid"),
        ({"measures": {"PM01": None}}, "/measures/PM01", "null"),
        ({"measures": {"PM01": "9" * 13}}, "/measures/PM01", "max_whole_digits"),
        ({"source": "guessed"}, "/source", "invalid_choice"),
        ({"note": "x" * 1001}, "/note", "max_length"),
        ({"month": "2026-10"}, "/month", "unknown_field"),
    ],
)
def test_a_malformed_return_is_refused_by_pointer(
    store: Store, body: dict[str, Any], pointer: str, code: str
) -> None:
    refused = put(store.manager, **body)

    assert refused.status_code == 400
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]


def test_wrong_figures_are_named(store: Store) -> None:
    refused = put(store.manager, measures={"PM12": "50", "PM01": "-1"})

    assert (refused.status_code, refused.json()["code"]) == (422, "measures_invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == [
        "/measures/PM01", "/measures/PM12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "2026-1", "26-10", "1999-12", "2026-10-01"]
)
def test_what_is_no_month_is_not_found(store: Store, month: str) -> None:
    assert put(store.manager, f"{BAGS}SIEU-THI/{month}/").status_code == 404
    assert api_as(store.manager).get(f"{BAGS}SIEU-THI/{month}/").status_code == 404


def test_a_month_that_lies_ahead_is_a_mistake(store: Store) -> None:
    refused = put(store.manager, f"{BAGS}SIEU-THI/2099-12/")

    assert (refused.status_code, refused.json()["code"]) == (422, "month_not_begun")


def test_returns_are_narrowed_by_place_and_month(store: Store) -> None:
    for month in (8, 9, 10):
        store.declare(month=date(2026, month, 1))

    def months(query: str) -> list[str]:
        rows = get(store.department, f"{BAGS}?{query}")["results"]
        return [row["month"] for row in rows]

    assert months("") == ["2026-10", "2026-09", "2026-08"]
    assert months("ordering=month&from=2026-09") == ["2026-09", "2026-10"]
    assert months("to=2026-09&from=2026-09") == ["2026-09"]
    assert months("establishment=SIEU-THI&to=2026-08") == ["2026-08"]
    assert months("establishment=BOC-BO") == []


@pytest.mark.parametrize(
    "query", ["from=2026-13", "from=2026", "to=", "from=2026-10-01", "month=1"]
)
def test_a_filter_that_is_no_month_is_refused(store: Store, query: str) -> None:
    assert api_as(store.department).get(f"{BAGS}?{query}").status_code == 400


def test_managers_see_the_own_places_and_inspectors_all(store: Store) -> None:
    store.declare()
    stranger = person("khac", Role.MANAGER)
    inspector = person("lan.ht", Role.INSPECTOR)

    seen = {
        who.username: len(get(who, BAGS)["results"])
        for who in (store.manager, stranger, inspector, store.department)
    }

    assert seen == {"ha.lt": 1, "khac": 0, "lan.ht": 1, "duc.nm": 1}
    assert api_as(inspector).get(OCTOBER).status_code == 200
    assert api_as(stranger).get(OCTOBER).status_code == 404


def test_lists_and_histories_cost_the_same_number_of_queries_for_any_number_of_returns(
    store: Store,
) -> None:
    def queries() -> list[int]:
        counts = []
        for address in (BAGS, OCTOBER):
            with CaptureQueriesContext(connection) as captured:
                get(store.department, address)
            counts.append(len(captured))
        return counts

    store.declare()
    one = queries()
    for month in range(1, 10):
        store.declare(month=date(2026, month, 1))
        store.declare(note=str(month))

    assert queries() == one == [1, 3]


def confirm(who: Person, pk: str, address: str = OCTOBER) -> Any:
    return api_as(who).post(f"{address}confirm/", {"id": pk}, format="json")


def test_the_department_confirms_what_it_has_looked_at(store: Store) -> None:
    first = put(store.manager).json()["id"]

    confirmed = confirm(store.department, first).json()
    assert (confirmed["id"], confirmed["confirmed_by"]) == (first, "duc.nm")
    assert confirm(store.department, first).json() == confirmed
    assert [row["id"] for row in get(store.department, f"{BAGS}?confirmed=true")["results"]] == [
        first
    ]
    assert confirm(store.manager, first).status_code == 403
    assert confirm(store.department, str(uuid.uuid4())).status_code == 404
    assert confirm(store.department, first, f"{BAGS}SIEU-THI/2026-09/").status_code == 404


def test_what_came_meanwhile_is_not_confirmed(store: Store) -> None:
    first = put(store.manager).json()["id"]
    second = put(store.manager, measures={"PM01": "1300"}).json()["id"]

    refused = confirm(store.department, first)

    assert (refused.status_code, refused.json()["code"]) == (409, "return_replaced")
    assert [row["id"] for row in get(store.department, f"{BAGS}?confirmed=false")["results"]] == [
        second
    ]


def test_what_follows_from_the_figures_and_what_to_look_at_twice(store: Store) -> None:
    put(store.manager, f"{BAGS}SIEU-THI/2026-09/", measures={"PM01": "40000", "PM05": "5000"})
    figures = {"PM01": "7000", "PM03": "2000", "PM04": "1000", "PM05": "600", "PM06": "700"}
    put(store.manager, measures=figures)

    told = get(store.department, OCTOBER)

    # 100 * 7000 / 600, 100 * 3000 / 10000, 100 * 700 / 600; there is no baseline yet.
    assert told["derived"] == {"PM11": "1166.67", "PM12": "30.00", "PM13": None, "PM14": "116.67"}
    assert [(each["code"], each["measure"]) for each in told["warnings"]] == [
        ("part_above_whole", "PM06"),
        ("many_bags", "PM01"),
        ("jump", "PM01"),
        ("jump", "PM05"),
    ]
    assert "tháng trước" in told["warnings"][-1]["detail"]
