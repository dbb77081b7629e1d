"""GET /api/v1/inspections/{id}/record.pdf: what it costs, and what it does when something lacks"""

from typing import Any

import pytest

from inspections.fieldwork.models import Inspection
from inspections.records import drawing
from inspections.records.rendering import pdf
from tests.inspections.evidence.visits import api_as
from tests.inspections.visits import Visits


def provisional(visits: Visits, inspection: Inspection) -> Any:
    path = f"/api/v1/inspections/{inspection.pk}/record.pdf?provisional=true"
    return api_as(visits.inspector).get(path)


def test_one_provisional_record_is_drawn_at_a_time(visits: Visits) -> None:
    """A large one takes seconds, and the thread that draws it answers nobody else."""
    inspection = visits.submit()

    with drawing._provisional:
        busy = provisional(visits, inspection)

    assert (busy.status_code, busy.json()["code"]) == (429, "throttled")
    assert int(busy["Retry-After"]) > 0
    assert provisional(visits, inspection).status_code == 200


def test_a_drawing_that_fails_does_not_shut_out_the_next(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = visits.submit()

    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(pdf, "render", fails)
        with pytest.raises(MemoryError):
            drawing.draw_provisional(inspection.record, [])

    assert provisional(visits, inspection).status_code == 200
