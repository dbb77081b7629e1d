"""GET summaries/food-safety/: every figure of two markets in autumn 2026, by hand

August     10  Bộc Bố     E1        fail   62.50  5 of 8 points
September  10  Bộc Bố               pass  100.00  E1 is gone: 31 days, late
October     5  Bộc Bố     E2 E4     fail   62.50
October    20  Phủ Thông  E3        pass   75.00  6 of 8; accepted on the 28th, in time
November   10  Bộc Bố     E2 again  pass   75.00  E4 is gone: 36 days, late

Asked on 5 December: E2 of November was due on the 25th.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.common.spreadsheets import harmless
from inspections.fieldwork import lifecycle as fieldwork
from inspections.followup import verification
from markets.models import Appointment, Establishment
from tests.inspections.evidence.visits import api_as
from tests.inspections.summaries.places import answered, five_items, visited, with_this
from tests.inspections.visits import Visits, person

ROUTE = "/api/v1/summaries/food-safety/"
AUTUMN = {"from": "2026-09-01", "to": "2026-11-30"}


@pytest.fixture(autouse=True)
def _asked_on() -> Iterator[None]:
    with time_machine.travel("2026-12-05T02:00:00Z"):
        yield


@pytest.fixture
def market(visits: Visits) -> Visits:
    made = with_this(visits, five_items())
    made.stalls.clear()
    Establishment.objects.update(market_day_cycle_days=None, market_day_anchor=None)
    other = Establishment.objects.get(code="PHU-THONG")
    Appointment.objects.create(
        person_id=made.manager.id, establishment=other, valid_from="2026-01-01"
    )
    return made


def autumn(market: Visits) -> None:
    visited(market, "2026-08-10", "E1")
    visited(market, "2026-09-10")
    visited(market, "2026-10-05", "E2", "E4")
    other = visited(market, "2026-10-20", "E3", establishment="PHU-THONG")
    visited(market, "2026-11-10", "E2")
    with time_machine.travel(datetime.fromisoformat("2026-10-28T10:00:00+07:00")):
        finding = answered(market, other, "E3")
        verification.accept(finding.pk, by=market.inspector)


@pytest.fixture
def department(visits: Visits) -> Person:
    return person("duc.nm", Role.DEPARTMENT)


def ask(who: Person, **parameters: str) -> Any:
    answer = api_as(who).get(ROUTE, parameters)
    assert answer.status_code == 200, answer.content
    return answer


def told(cells: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Value, numerator and denominator by code."""
    return {c["code"]: (c["value"], c["numerator"], c["denominator"]) for c in cells}


TOTAL = {
    "FS01": ("4", "4", None),
    "FS02": ("2", "2", None),
    "FS03": ("75.00", "3", 4),
    "FS04": ("0.00", "0", 4),
    "FS05": ("25.00", "1", 4),
    "FS06": ("78.13", "312.50", 4),
    "FS07": ("75.00", None, 4),
    "FS08": ("4", "4", None),
    "FS09": ("25.00", "1", 4),
    "FS10": ("0.00", "0", 4),
    "FS11": ("2", "2", None),  # E3, E4
    "FS12": ("33.33", "1", 3),  # E3; E4 was late, E2 is overdue
    "FS13": ("1", "1", None),
    "FS14": ("22.00", "44", 2),  # 8 and 36 days
    "FS15": ("22.00", None, 2),
}


def test_every_figure_by_hand(market: Visits, department: Person) -> None:
    autumn(market)

    found = ask(department, **AUTUMN).json()

    assert told(found["total"]) == TOTAL
    assert found["before"] == {"from": "2026-06-01", "to": "2026-08-31"}
    assert {cell["code"]: cell["before"] for cell in found["total"]} == {
        "FS01": "1", "FS02": "1", "FS03": "0.00", "FS04": "0.00", "FS05": "100.00",
        "FS06": "62.50", "FS07": "62.50", "FS08": "1", "FS09": "0.00", "FS10": "0.00",
        "FS11": "1", "FS12": "0.00", "FS13": "0", "FS14": "31.00", "FS15": "31.00",
    }  # fmt: skip
    assert (found["as_of"], found["area"], found["groups"]) == ("2026-12-05", None, [])
    assert [figure["code"] for figure in found["figures"]] == list(TOTAL)
    assert found["figures"][11]["denominator"]["en"] == "findings put right, or overdue"
    assert [(r["item"], r["visits"], r["of"], r["share"]) for r in found["most_failed"]] == [
        ("E2", 2, 4, "50.00"),
        ("E3", 1, 4, "25.00"),
        ("E4", 1, 4, "25.00"),
    ]


@pytest.mark.parametrize(
    ("group_by", "keys", "made"),
    [
        ("establishment", ["BOC-BO", "PHU-THONG"], ["3", "1"]),
        ("unit", ["01969", "01864"], ["1", "3"]),
        ("month", ["2026-09", "2026-10", "2026-11"], ["1", "2", "1"]),
        ("quarter", ["2026-Q3", "2026-Q4"], ["1", "3"]),
        ("year", ["2026"], ["4"]),
    ],
)
def test_groups_add_up_to_the_whole(
    market: Visits, department: Person, group_by: str, keys: list[str], made: list[str]
) -> None:
    autumn(market)

    found = ask(department, **AUTUMN, group_by=group_by).json()

    assert told(found["total"]) == TOTAL
    by_key = {group["key"]: told(group["figures"]) for group in found["groups"]}
    assert sorted(by_key) == sorted(keys)
    assert [by_key[key]["FS01"][0] for key in keys] == made
    assert sum(int(figures["FS08"][0]) for figures in by_key.values()) == 4


@pytest.mark.parametrize(
    ("group_by", "opened"),
    [("item", {"TEST/E2": "2", "TEST/E3": "1", "TEST/E4": "1"}), ("section", {"TEST/P": "4"})],
)
def test_items_and_sections_have_figures_of_findings_alone(
    market: Visits, department: Person, group_by: str, opened: dict[str, str]
) -> None:
    autumn(market)

    found = ask(department, **AUTUMN, group_by=group_by).json()

    groups = {group["key"]: told(group["figures"]) for group in found["groups"]}
    assert {key: figures["FS08"][0] for key, figures in groups.items()} == opened
    assert "FS01" not in groups[next(iter(opened))]
    assert told(found["total"]) == TOTAL


def test_an_area_is_as_it_was_on_the_last_day(market: Visits, department: Person) -> None:
    autumn(market)
    with time_machine.travel("2025-06-20T02:00:00Z"):
        visited(market, "2025-06-10", "E1")

    now = ask(department, **AUTUMN, area="01969").json()
    then = ask(department, **{"from": "2025-06-01", "to": "2025-06-30"}, area="BK-PAC-NAM").json()

    assert told(now["total"])["FS01"][0] == "1"
    assert told(now["total"])["FS03"] == ("100.00", "1", 1)
    assert told(then["total"])["FS01"][0] == "1"
    assert then["area"]["name"] == "huyện Pác Nặm"
    gone = api_as(department).get(ROUTE, {**AUTUMN, "area": "BK-PAC-NAM"})
    assert (gone.status_code, gone.json()["code"]) == (422, "unknown_unit")


def test_what_does_not_count_is_in_no_figure(market: Visits, department: Person) -> None:
    autumn(market)
    voided = visited(market, "2026-11-20", "E1")
    fieldwork.void(voided, reason="Ghi nhầm cơ sở", by=market.inspector)
    with time_machine.travel("2026-11-21T05:00:00Z"):
        check = market.document(
            kind="self_check", fails=["E1"], grounds=None, signatures=[],
            started_at="2026-11-21T06:40:00+07:00", ended_at="2026-11-21T08:00:00+07:00",
            team=[{"role": "head", "username": market.manager.username}], location=None,
        )  # fmt: skip
        market.send(check, market.manager)

    assert told(ask(department, **AUTUMN).json()["total"]) == TOTAL


def test_of_no_visit_there_are_counts_and_nothing_else(market: Visits, department: Person) -> None:
    found = told(ask(department).json()["total"])

    assert found["FS01"] == ("0", "0", None)
    assert found["FS03"] == (None, "0", 0)
    assert found["FS06"] == (None, "0.00", 0)


def test_the_csv_says_the_same(market: Visits, department: Person) -> None:
    autumn(market)

    answer = ask(department, **AUTUMN, group_by="month", format="csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[7] == "Giá trị"
    assert {line[5]: line[7] for line in lines if not line[3]} == {
        code: value for code, (value, _, _) in TOTAL.items()
    }
    assert len(lines) == 15 * 4


def test_the_workbook_says_the_same(market: Visits, department: Person) -> None:
    autumn(market)

    content = ask(department, **AUTUMN, group_by="month", format="xlsx").content

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    cells = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[5]: f"{row[7]:.2f}" for row in cells if not row[3]} == {
        code: f"{float(value):.2f}" for code, (value, _, _) in TOTAL.items()
    }
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:L{len(cells) + 1}"
    method = {row[0]: row[2] for row in book["Phương pháp"].iter_rows(values_only=True)}
    assert method["FS13"] == "tồn tại còn mở đã quá hạn"
    charts: Any = book["Tỷ lệ đạt chuẩn"]
    assert len(charts._charts) == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_is_run_by_a_spreadsheet(market: Visits, department: Person, text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("Chợ Bộc Bố") == "Chợ Bộc Bố"
    Establishment.objects.filter(code="BOC-BO").update(name_vi=text)
    visited(market, "2026-09-10")

    content = ask(department, **AUTUMN, group_by="establishment", format="xlsx").content

    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    name = sheet["E17"]
    assert name.data_type == "s"
    assert str(name.value).endswith(text.strip())


@pytest.mark.parametrize(
    "parameters",
    [
        {"from": "2026-9-1"},
        {"group_by": "stall"},
        {"group_by": ""},
        {"format": "ods"},
        {"unit": "01969"},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused(
    market: Visits, department: Person, parameters: dict[str, str]
) -> None:
    assert api_as(department).get(ROUTE, parameters).status_code == 400


def test_a_period_ends_after_it_begins(market: Visits, department: Person) -> None:
    answer = api_as(department).get(ROUTE, {"from": "2026-09-02", "to": "2026-09-01"})

    assert (answer.status_code, answer.json()["code"]) == (422, "period_reversed")
    assert ask(department, to="2025-03-01").json()["from"] == "2025-01-01"


def test_takes_as_many_statements_for_many_visits_as_for_few(
    market: Visits, department: Person
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            ask(department, **AUTUMN, group_by="establishment")
        return len(statements)

    visited(market, "2026-08-01", "E1")
    visited(market, "2026-09-01", "E1")
    ask(department, **AUTUMN)  # what a checklist asks is read once per process
    few = cost()
    autumn(market)

    assert cost() == few
