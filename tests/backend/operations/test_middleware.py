"""What browsers and caches may do with our answers."""

import gzip
import io
import json
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory

from backend.operations.middleware import CompressText, Headers

NOTHING = "default-src 'none'; frame-ancestors 'none'"


def answer(response: HttpResponse, path: str = "/api/v1/x/", method: str = "get") -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return response

    return Headers(view)(getattr(RequestFactory(), method)(path))


def test_every_answer_says_what_a_browser_may_do(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response["Content-Security-Policy"] == NOTHING
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Permissions-Policy"]


def test_a_page_may_load_what_is_ours_but_run_nothing_inline() -> None:
    policy = answer(HttpResponse("<p>"))["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_view_keeps_its_own_policy_and_cache() -> None:
    own = JsonResponse({})
    own["Content-Security-Policy"] = "sandbox"
    own["Cache-Control"] = "private, no-cache"
    response = answer(own)
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "private, no-cache"


def test_answers_of_the_api_are_not_stored_and_vary_by_person_and_language() -> None:
    response = answer(JsonResponse({}))
    assert response["Cache-Control"] == "no-store"
    assert set(response["Vary"].split(", ")) == {"Authorization", "Accept-Language"}
    assert "Cache-Control" not in answer(JsonResponse({}), "/verify/x/")


def test_an_unchanged_answer_says_no_more_than_that() -> None:
    unchanged = HttpResponse(
        status=304, headers={"ETag": '"1"', "Vary": "Authorization", "X-Frame-Options": "DENY"}
    )

    response = answer(unchanged)

    assert set(response.headers) == {"ETag", "Vary", "Cache-Control"}


def test_an_answer_without_length_gets_one() -> None:
    assert answer(JsonResponse({"a": 1}))["Content-Length"] == "8"


@pytest.mark.parametrize("whole", [JsonResponse({"a": 1}), FileResponse(io.BytesIO(b"12345678"))])
def test_head_has_the_head_only(whole: Any) -> None:
    response = answer(whole, method="head")
    assert response["Content-Length"] == "8"
    assert response.getvalue() == b""


def compressed(response: HttpResponse) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    whole = CompressText(lambda _request: response)(request)
    assert isinstance(whole, HttpResponse)
    return whole


def test_json_is_compressed_and_its_tag_becomes_weak() -> None:
    own = JsonResponse({"text": "chợ " * 200})
    own["ETag"] = '"3"'
    plain = own.content
    response = compressed(own)
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == plain
    assert json.loads(plain)["text"].startswith("chợ")
    assert response["ETag"] == 'W/"3"'
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "application/zip"])
def test_what_is_compressed_already_is_left_alone(kind: str) -> None:
    response = compressed(HttpResponse(b"x" * 1000, content_type=kind))
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/verify/%00/", 404),
        ("/admin/inspections/inspection/%00/change/", 404),
        ("/api/v1/auth/devices/%00/revoke/", 404),
        ("/admin/accounts/user/?q=%00", 400),
        ("/verify/x/?a=%00", 400),
    ],
)
def test_an_address_with_a_nul_never_reaches_the_database(
    client: Client, address: str, status: int
) -> None:
    response = client.get(address)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
