"""backend.common.compiled: the same rows as the query set gives, whatever the values."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.common.compiled import Compiled
from markets.models import AdministrativeUnit, Establishment, Stall, valid_on

pytestmark = pytest.mark.django_db

UNITS = Compiled(
    lambda code, day: AdministrativeUnit.objects.filter(valid_on(day), code=code).values(
        "name", "id", "valid_to"
    ),
    code=str,
    day=date,
)
STALLS = Compiled(
    lambda pk, moment: Stall.objects.filter(pk=pk, opened_at__lte=moment).values(
        "opened_at", "id", "establishment_id"
    ),
    pk=UUID,
    moment=datetime,
)


def test_gives_what_the_query_set_gives_for_each_value() -> None:
    old = AdministrativeUnit.objects.create(
        code="01864", level="commune", name="xã Bộc Bố", valid_to=date(2025, 6, 30)
    )
    new = AdministrativeUnit.objects.create(
        code="01864", level="commune", name="xã Bằng Thành", valid_from=date(2025, 7, 1)
    )

    found = {
        day: UNITS.first(code="01864", day=day) for day in (date(2025, 6, 30), date(2025, 7, 1))
    }

    assert found[date(2025, 6, 30)] == ("xã Bộc Bố", old.pk, date(2025, 6, 30))
    assert found[date(2025, 7, 1)] == ("xã Bằng Thành", new.pk, None)
    assert UNITS.first(code="'; --", day=date(2025, 7, 1)) is None


def test_converts_times_and_ids_as_the_models_do() -> None:
    place = Establishment.objects.create(code="CHO-1", kind="market", name_vi="Chợ")
    opened = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    stall = Stall.objects.create(
        id=uuid4(), establishment=place, number="1", commodity="produce", opened_at=opened
    )

    [row] = STALLS(pk=stall.pk, moment=opened)

    assert (row.opened_at, row.id, row.establishment_id) == (opened, stall.pk, place.pk)
    assert list(STALLS(pk=stall.pk, moment=datetime(2025, 1, 1, tzinfo=UTC))) == []


def test_asks_the_database_once_and_each_time() -> None:
    with CaptureQueriesContext(connection) as queries:
        UNITS.first(code="a", day=date(2026, 1, 1))
        UNITS.first(code="b", day=date(2026, 1, 1))

    assert len(queries) == 2
