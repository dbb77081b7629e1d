"""Units, authorities and appointments over HTTP."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from markets.lifecycle import units
from tests.markets.builders import api, cost, manager_of, person, shipped_places, unit

pytestmark = pytest.mark.django_db
UNITS = "/api/v1/administrative-units/"
AUTHORITIES = "/api/v1/authorities/"
APPOINTMENTS = "/api/v1/appointments/"


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


def rows(response):
    assert response.status_code == 200, response.json()
    return response.json()["results"]


@pytest.mark.parametrize("role", ["inspector", "manager", "department"])
@pytest.mark.parametrize("url", [UNITS, AUTHORITIES, APPOINTMENTS])
def test_every_role_reads(url, role):
    assert api(person(role)).get(url).status_code == 200
    assert api(None).get(url).status_code == 401


def test_a_reused_code_is_two_units_told_apart_by_their_days():
    client = api(person("inspector"))

    found = rows(client.get(UNITS, {"search": "01864"}))
    found.sort(key=lambda row: row["valid_from"] or "")
    assert [(row["name"], row["valid_from"], row["valid_to"]) for row in found] == [
        ("xã Bộc Bố", None, "2025-06-30"),
        ("xã Bằng Thành", "2025-07-01", None),
    ]
    assert found[0]["replaced_by"] == {
        "code": "01864",
        "valid_from": "2025-07-01",
        "name": "xã Bằng Thành",
    }
    assert found[1]["parent"]["code"] == "19"
    assert found[1]["reporting_area"] == "BAC-KAN-FORMER"


def test_units_are_narrowed_by_day_level_parent_and_words():
    client = api(person("inspector"))

    def names(**query):
        return [row["name"] for row in rows(client.get(UNITS, query))]

    assert len(names()) == 11
    assert names(on="2025-06-30", level="district", search="bach") == ["huyện Bạch Thông"]
    assert names(on="2025-07-01", level="district") == []
    assert names(parent="BK-CHO-MOI") == ["thị trấn Đồng Tâm"]
    assert names(on="2025-07-01", ordering="name") == sorted(
        names(on="2025-07-01"), key=names(on="2025-07-01", ordering="name").index
    )


@pytest.mark.parametrize("query", ["on=today", "level=city", "name=x", "on=2025-7-1"])
def test_a_query_that_cannot_be_read_is_refused(query):
    assert api(person()).get(f"{UNITS}?{query}").status_code == 400


def test_the_authority_of_a_day():
    client = api(person("manager"))

    def codes(on):
        return [row["code"] for row in rows(client.get(AUTHORITIES, {"on": on}))]

    assert codes("2025-06-30") == ["SCT-BAC-KAN"]
    assert codes("2025-07-01") == ["SCT-THAI-NGUYEN"]
    former = rows(client.get(AUTHORITIES))[0]
    assert (former["successor"], former["unit"]["code"]) == ("SCT-THAI-NGUYEN", "06")


def test_units_cost_the_same_for_1_and_200_rows():
    for number in range(200):
        units.create_unit(
            f"X{number:03}", "commune", f"xã {number}", parent=unit("19"), reporting_area_id=None,
            by=None,
        )  # fmt: skip
    client = api(person())

    assert cost(client, UNITS, page_size=1) == cost(client, UNITS, page_size=200)


def test_a_manager_sees_the_own_current_appointments_and_the_department_all():
    yesterday = timezone.localdate() - timedelta(days=1)
    present, former = manager_of("BOC-BO"), manager_of("PHU-THONG", valid_to=yesterday)

    assert rows(api(former).get(APPOINTMENTS)) == []
    own = rows(api(present).get(APPOINTMENTS))
    assert [(row["username"], row["establishment"]) for row in own] == [
        ("manager.boc-bo", "BOC-BO")
    ]
    department = api(person())
    assert len(rows(department.get(APPOINTMENTS))) == 2
    assert len(rows(department.get(APPOINTMENTS, {"on": timezone.localdate().isoformat()}))) == 1
    assert len(rows(department.get(APPOINTMENTS, {"establishment": "PHU-THONG"}))) == 1
    assert len(rows(department.get(APPOINTMENTS, {"username": "manager.boc-bo"}))) == 1
    for part_or_other_case in ("boc", "Manager.boc-bo", "manager.bộc-bo"):
        assert rows(department.get(APPOINTMENTS, {"username": part_or_other_case})) == []


def test_appointments_begin_on_the_day_that_they_say():
    tomorrow = timezone.localdate() + timedelta(days=1)
    user = manager_of("BOC-BO", valid_from=tomorrow, valid_to=date(2100, 1, 1))

    assert rows(api(user).get(APPOINTMENTS)) == []
