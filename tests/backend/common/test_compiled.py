"""backend.common.compiled: the same rows as the query set gives, whatever the values."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.common.compiled import Compiled, Question, ask
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


def test_questions_asked_together_have_the_answers_that_each_has_alone() -> None:
    place = Establishment.objects.create(code="CHO-1", kind="market", name_vi="Chợ")
    opened = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    stall = Stall.objects.create(
        id=uuid4(), establishment=place, number="1", commodity="produce", opened_at=opened
    )
    for code, valid_to in (("1", None), ("2", date(2026, 12, 31))):
        AdministrativeUnit.objects.create(
            code=code, level="commune", name=f"xã {code}", valid_to=valid_to
        )
    day = date(2026, 3, 1)
    asked = [
        (UNITS, {"code": "2", "day": day}),
        (STALLS, {"pk": stall.pk, "moment": opened}),
        (UNITS, {"code": "none of them", "day": day}),
        (UNITS, {"code": "1", "day": day}),
    ]

    with CaptureQueriesContext(connection) as queries:
        together = ask(
            Question(asked[:3], lambda *rows: list(rows)),
            Question([], lambda: "nothing to ask for"),
            Question(asked[3:], list),
        )

    alone = [list(compiled(**values)) for compiled, values in asked]
    assert together == [alone[:3], "nothing to ask for", alone[3]]
    assert [len(rows) for rows in alone] == [1, 1, 0, 1]
    assert len(queries) == (1 if connection.vendor == "postgresql" else 4)
