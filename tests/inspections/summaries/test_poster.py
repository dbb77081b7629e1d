"""GET establishments/{code}/poster.pdf"""

from tests.inspections.evidence.visits import api_as
from tests.inspections.records.tools import pages
from tests.inspections.summaries.places import five_items, visited, with_this
from tests.inspections.visits import Visits

ROUTE = "/api/v1/establishments/BOC-BO/poster.pdf"


def test_shows_the_last_visit_until_another_one_counts(visits: Visits) -> None:
    market = with_this(visits, five_items())
    visited(market, "2026-09-01", "E1")
    api = api_as(market.manager)

    first = api.get(ROUTE)
    [page] = pages(first.content)
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert "KHÔNG ĐẠT" in page
    assert "01/09/2026" in page
    assert api.get(ROUTE, headers={"If-None-Match": first["ETag"]}).status_code == 304

    visited(market, "2026-11-20")
    second = api.get(ROUTE, headers={"If-None-Match": first["ETag"]})

    [page] = pages(second.content)
    assert "ĐẠT CHUẨN" in page
    assert "20/11/2026" in page


def test_there_is_none_before_the_first_visit(visits: Visits) -> None:
    assert api_as(visits.manager).get(ROUTE).status_code == 404
