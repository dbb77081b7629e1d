"""Every refusal is a problem document."""

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.urls("tests.backend.common.routes")


@pytest.fixture
def client() -> APIClient:
    return APIClient(raise_request_exception=False)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "request_id"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(code)
    assert body["title"]
    assert uuid.UUID(body["request_id"])
    assert answer["X-Request-Id"] == body["request_id"]
    return body


def test_of_a_rule(client: APIClient) -> None:
    answer = client.get("/raises/domain/")

    body = problem(answer, 409, "market_is_closed")
    assert (body["title"], body["detail"]) == ("Chợ đã đóng cửa", "Từ hôm qua")
    assert body["errors"] == [{"pointer": "/a", "code": "late", "detail": "muộn"}]
    assert body["since"] == "2026-11-21"
    assert answer["X-Closed"] == "yes"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "The market is closed"),
        ("en-GB,vi;q=0.9", "The market is closed"),
        ("vi,en;q=0.9", "Chợ đã đóng cửa"),
        ("", "Chợ đã đóng cửa"),
        ("fr", "Chợ đã đóng cửa"),
        ("x" * 5_000, "Chợ đã đóng cửa"),
    ],
)
def test_in_the_language_that_is_asked_for_first(
    client: APIClient, language: str, title: str
) -> None:
    answer = client.get("/raises/domain/", headers={"Accept-Language": language})

    assert answer.json()["title"] == title


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("denied", 403, "permission_denied"),
        ("throttled", 429, "throttled"),
        ("database", 503, "unavailable"),
        ("disk", 507, "storage_full"),
        ("bug", 500, "internal_error"),
    ],
)
def test_of_everything_else_and_tells_nothing_of_the_inside(
    client: APIClient, kind: str, status: int, code: str
) -> None:
    answer = client.get(f"/raises/{kind}/")

    problem(answer, status, code)
    for secret in ("SELECT", "10.0.0.1", "ZeroDivision", "Traceback"):
        assert secret not in answer.content.decode()


@pytest.mark.parametrize("kind", ["throttled", "database", "disk"])
def test_says_when_to_come_back(client: APIClient, kind: str) -> None:
    assert int(client.get(f"/raises/{kind}/")["Retry-After"]) > 0


@pytest.mark.parametrize("address", ["/nowhere/", "/people", "/raises/domain"])
def test_an_unknown_address_or_a_missing_slash(client: APIClient, address: str) -> None:
    problem(client.get(address), 404, "not_found")
    problem(client.post(address, {}, format="json"), 404, "not_found")


def test_another_method(client: APIClient) -> None:
    answer = client.put("/takes/", {}, format="json")

    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer["Allow"]


def test_another_content_type(client: APIClient) -> None:
    problem(client.post("/takes/", "a=1", content_type="text/plain"), 415, "unsupported_media_type")
    latin = "application/json; charset=latin-1"
    problem(client.post("/takes/", "{}", content_type=latin), 415, "unsupported_media_type")


def test_another_accept(client: APIClient) -> None:
    problem(client.get("/people/", headers={"Accept": "text/xml"}), 406, "not_acceptable")


def test_a_body_that_is_too_large(client: APIClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = client.post("/takes/", {"name": "x" * 200}, format="json")

    problem(answer, 413, "too_large")


def test_a_body_that_is_no_json(client: APIClient) -> None:
    body = problem(client.post("/takes/", "{", content_type="application/json"), 400, "malformed")

    assert [error["code"] for error in body["errors"]] == ["json_invalid"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/name", "/inner"}),
        ([], {""}),
        ("text", {""}),
        ({"name": "a", "inner": [], "x/y~z": 1}, {"/x~1y~0z"}),
        ({"name": "abcdef", "inner": []}, {"/name"}),
        ({"name": 5, "inner": []}, {"/name"}),
        ({"name": "  ", "inner": []}, {"/name"}),
        ({"name": "a", "inner": [{"tags": ["ok"]}, {"tags": ["ok", "long"]}]},
         {"/inner/1/tags/1"}),
        ({"name": "a", "inner": [{"tags": [], "more": 1}]}, {"/inner/0/more"}),
        ({"name": "a", "inner": {}}, {"/inner"}),
    ],
)  # fmt: skip
def test_fields_are_named_by_pointer(client: APIClient, body: Any, pointers: set[str]) -> None:
    answer = client.post("/takes/", body, format="json")

    errors = problem(answer, 400, "malformed")["errors"]
    assert {error["pointer"] for error in errors} == pointers
    assert all(error["code"] and error["detail"] for error in errors)


def test_a_crowd_of_unknown_fields_is_named_by_the_first_twenty(client: APIClient) -> None:
    answer = client.post("/takes/", dict.fromkeys(map(str, range(2_000)), 1), format="json")

    errors = problem(answer, 400, "malformed")["errors"]
    assert [error["pointer"] for error in errors] == [*(f"/{n}" for n in range(20)), ""]
    assert {error["code"] for error in errors} == {"unknown_field"}
    assert "1980" in errors[-1]["detail"]


@pytest.mark.parametrize(("faults", "told", "more"), [(1_000, 1_000, None), (1_234, 1_000, 234)])
def test_no_document_holds_more_than_two_hundred_errors(
    client: APIClient, faults: int, told: int, more: int | None
) -> None:
    body = {"name": "a", "inner": [{"tags": ["long"] * faults}]}

    of_shape = client.post("/takes/", body, format="json")
    of_a_rule = client.get(f"/raises/domain/{faults}/")

    for answer, status in ((of_shape, 400), (of_a_rule, 409)):
        assert answer.status_code == status
        assert len(answer.json()["errors"]) == told
        assert answer.json().get("more_errors") == more


@pytest.mark.parametrize(("size", "status"), [(100, 200), (101, 413)])
def test_a_view_may_take_smaller_bodies_only(client: APIClient, size: int, status: int) -> None:
    answer = client.post("/small/", f'"{"x" * (size - 2)}"', content_type="application/json")

    assert answer.status_code == status
    if status == 413:
        problem(answer, 413, "too_large")


@pytest.mark.parametrize("body", ["null", "1", '"a"', "true", "[{}]"])
def test_a_body_that_is_no_object(client: APIClient, body: str) -> None:
    answer = client.post("/takes/", body, content_type="application/json")

    assert [error["pointer"] for error in problem(answer, 400, "malformed")["errors"]] == [""]


def test_the_callers_request_id_is_kept_when_it_is_one(client: APIClient) -> None:
    own = str(uuid.uuid4())

    assert client.get("/people", headers={"X-Request-Id": own}).json()["request_id"] == own
    forged = client.get("/people", headers={"X-Request-Id": "a\tb"}).json()["request_id"]
    assert uuid.UUID(forged)
