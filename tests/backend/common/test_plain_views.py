"""Views of Django's own: their refusals are problem documents as well."""

from typing import Any

import pytest
from django.test import Client

from tests.backend.common.test_problems import problem

UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]
own_routes = pytest.mark.urls("tests.backend.common.routes")


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("address", ["/healthz", "/readyz", f"/verify/{'x' * 43}/"])
def test_what_only_shows_takes_no_other_verb(client: Client, method: str, address: str) -> None:
    answer: Any = client.generic(method, address)

    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


@own_routes
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_only_shows_takes_these(client: Client, method: str) -> None:
    assert client.generic(method, "/safe/").status_code == 200


@own_routes
def test_a_missing_csrf_token_outside_of_the_office_pages(client: Client) -> None:
    problem(client.post("/guarded/"), 403, "permission_denied")


@own_routes
def test_a_missing_csrf_token_in_the_office_pages_gets_a_page(client: Client) -> None:
    answer = client.post("/admin/login/", {"username": "so.ct", "password": "x"})

    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("text/html")


@own_routes
@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("database", 503, "unavailable"),
        ("disk", 507, "storage_full"),
        ("bug", 500, "internal_error"),
    ],
)
def test_an_outage_is_told_apart_from_a_fault_of_ours(
    client: Client, kind: str, status: int, code: str
) -> None:
    answer: Any = client.get(f"/breaks/{kind}/")

    problem(answer, status, code)
    assert (int(answer.get("Retry-After", 0)) > 0) == (status != 500)
    assert "10.0.0.1" not in answer.content.decode()
