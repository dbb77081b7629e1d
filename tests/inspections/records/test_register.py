"""records.register and manage.py print_register: the numbers of a year, whole and as given"""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.records import register
from inspections.records.models import Record, RecordSequence
from markets.models import Establishment
from tests.inspections.visits import Visits

YEAR = timezone.localdate().year


def printed(*arguments: str) -> list[list[str]]:
    out = StringIO()
    call_command("print_register", *arguments, stdout=out)
    return list(csv.reader(StringIO(out.getvalue())))


def test_the_numbers_stand_in_order_with_state_and_verdict(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "BATCH", 2)
    inspections = [visits.submit() for _ in range(5)]

    head, *rows = printed()

    assert head[0] == "Số"
    assert [row[0] for row in rows] == [f"0{n}/BB-SCT" for n in range(1, 6)]
    assert {(row[3], row[4], row[5]) for row in rows} == {
        ("Chợ Bộc Bố", inspections[0].get_verdict_display(), "chưa phát hành")
    }
    assert printed("--authority", "SCT-THAI-NGUYEN") == [head, *rows]
    assert printed("--authority", "SCT-KHAC") == [head]
    assert printed(str(YEAR - 1)) == [head]


def test_a_place_is_named_as_its_record_names_it(visits: Visits) -> None:
    visits.submit()
    Establishment.objects.update(name_vi="Chợ mang tên mới")

    [line] = register.lines(YEAR)

    assert line.establishment == "Chợ Bộc Bố"


def test_no_large_column_is_read(visits: Visits) -> None:
    """A payload of 200 KB for each line of a year would take minutes and gigabytes."""
    visits.submit()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(register.lines(YEAR))

    selected = [query["sql"].partition(" FROM ")[0] for query in asked]
    for column in ('record"."payload",', 'inspection"."document"', 'inspection"."result"'):
        assert not [sql for sql in selected if column in sql]


def test_no_cell_is_taken_for_a_formula(visits: Visits) -> None:
    visits.submit()
    record = Record.objects.get()
    name = "=HYPERLINK(1,2)"
    Record.objects.update(payload=record.payload.replace("Chợ Bộc Bố", name))

    assert printed()[1][3] == "'" + name


def test_a_missing_number_is_told_wherever_it_stood(visits: Visits) -> None:
    rows = [visits.submit().record for _ in range(4)]
    assert register.gaps(YEAR) == []

    for row in (rows[1], rows[3]):
        row.delete()

    assert register.gaps(YEAR) == ["SCT-THAI-NGUYEN 2", "SCT-THAI-NGUYEN 4"]
    with pytest.raises(CommandError, match="SCT-THAI-NGUYEN 2, SCT-THAI-NGUYEN 4"):
        printed()


def test_numbers_that_stand_on_paper_are_no_gap(visits: Visits) -> None:
    RecordSequence.objects.create(
        authority=visits.submit().record.authority, year=YEAR + 1, last=117
    )

    assert register.gaps(YEAR + 1) == []
