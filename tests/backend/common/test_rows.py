"""backend.common.rows.insert: the rows that ``save`` would write, in one statement."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.common import rows
from markets.models import AdministrativeUnit, Establishment, Stall

pytestmark = pytest.mark.django_db


def test_writes_any_number_of_rows_with_one_statement() -> None:
    units = [
        AdministrativeUnit(
            code=f"{n:05}", level="commune", name=f"xã {n}", valid_to=date(2026, 1, 1)
        )
        for n in range(300)
    ]

    with CaptureQueriesContext(connection) as queries:
        rows.insert(units)

    assert len(queries) == 1
    stored = AdministrativeUnit.objects.get(code="00007")
    assert (stored.name, stored.valid_to, stored.parent_id) == ("xã 7", date(2026, 1, 1), None)
    assert AdministrativeUnit.objects.count() == 300


def test_writes_what_save_writes() -> None:
    place = Establishment.objects.create(code="CHO-1", kind="market", name_vi="Chợ")
    given = {
        "establishment": place,
        "commodity": "produce",
        "trader": "Lý Thị Sông",
        "opened_at": datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
    }
    Stall.objects.create(id=uuid4(), number="1", **given)
    inserted = Stall(id=uuid4(), number="2", **given)

    rows.insert([inserted])

    one, other = (Stall.objects.values().get(number=number) for number in ("1", "2"))
    same = {"id", "number"}
    assert {k: v for k, v in one.items() if k not in same} == {
        k: v for k, v in other.items() if k not in same
    }
    assert other["id"] == inserted.pk


def test_groups_of_several_models_are_written_or_refused_as_a_whole() -> None:
    place = Establishment.objects.create(code="CHO-1", kind="market", name_vi="Chợ")
    units = [AdministrativeUnit(code=f"{n}", level="commune", name=f"xã {n}") for n in range(2)]
    stall = Stall(id=uuid4(), number="1", establishment=place, opened_at=datetime.now(UTC))

    with CaptureQueriesContext(connection) as queries:
        rows.insert(units, [], [stall])

    assert len(queries) == (1 if connection.vendor == "postgresql" else 2)
    assert AdministrativeUnit.objects.count() == 2
    assert Stall.objects.get().pk == stall.pk

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([AdministrativeUnit(code="2", level="commune", name="xã 2")], [stall])
    assert AdministrativeUnit.objects.count() == 2


def test_nothing_to_write_asks_the_database_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        rows.insert([], [])

    assert len(queries) == 0


def test_a_row_that_is_there_already_is_an_integrity_error() -> None:
    unit = AdministrativeUnit.objects.create(code="1", level="commune", name="xã")

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([AdministrativeUnit(code="1", level="commune", name=unit.name)])


def test_nothing_to_insert_is_no_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        rows.insert([])

    assert len(queries) == 0
