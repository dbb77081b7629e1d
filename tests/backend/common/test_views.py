"""Strict query strings; answers made before the commit."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import User
from tests.backend.common import routes

pytestmark = [pytest.mark.urls("tests.backend.common.routes"), pytest.mark.django_db]


@pytest.fixture
def client() -> APIClient:
    return APIClient(raise_request_exception=False)


class TestQueries:
    @pytest.mark.parametrize("query", ["usrname=x", "dry_run=1", "page_size=5&page_size=6", "=x"])
    def test_an_unknown_or_repeated_parameter_is_refused(
        self, client: APIClient, query: str
    ) -> None:
        answer = client.get(f"/people/?{query}")

        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")

    @pytest.mark.parametrize("wanted", ["xml", "json", "csv"])
    def test_a_format_is_a_parameter_as_any_other(self, client: APIClient, wanted: str) -> None:
        answer = client.get(f"/people/?format={wanted}")

        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")

    def test_a_route_that_takes_formats_takes_its_own(self, client: APIClient) -> None:
        answer = client.get("/formats/?format=xml")

        assert client.get("/formats/?format=json").status_code == 200
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert "json" in answer.json()["detail"]

    def test_a_parameter_of_the_route_is_taken(self, client: APIClient) -> None:
        body = {"name": "a", "inner": []}

        assert client.post("/takes/?dry_run=true", body, format="json").status_code == 200
        assert client.post("/takes/?page_size=5", body, format="json").status_code == 400

    @pytest.mark.parametrize("text", ["%00", "%ed%a0%80", "%e2%80%ae", "%ff", "%07"])
    def test_characters_that_no_text_may_hold(self, client: APIClient, text: str) -> None:
        answer = client.get(f"/people/?cursor=a{text}")

        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


class TestWrites:
    def test_the_change_and_the_answer_go_together(self, client: APIClient) -> None:
        assert client.post("/creates/", {}, format="json").status_code == 200
        assert User.objects.filter(username="new.one").exists()

    @pytest.mark.parametrize("answer", [object(), "\ud800", {"a": {"b": float("nan")}}])
    def test_an_answer_that_cannot_be_rendered_undoes_the_change(
        self, client: APIClient, monkeypatch: pytest.MonkeyPatch, answer: Any
    ) -> None:
        monkeypatch.setattr(routes.Creates, "answer", answer)

        refused = client.post("/creates/", {}, format="json")

        assert refused.status_code == 500
        assert refused["Content-Type"] == "application/problem+json"
        assert not User.objects.filter(username="new.one").exists()

    @pytest.mark.django_db(transaction=True)
    def test_the_body_is_parsed_before_the_transaction(
        self, client: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(routes.Watching, "inside", [])

        answer = client.post("/writes/", {"a": 1}, format="json")

        assert answer.json() == {"data": {"a": 1}, "inside": True}
        assert routes.Watching.inside == [False]

    @pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
    def test_a_route_is_reached_without_a_body(self, client: APIClient, media_type: str) -> None:
        answer = client.post("/writes/", "", content_type=media_type)

        assert answer.json()["data"] == {}
        assert client.delete("/writes/", "x", content_type="text/plain").status_code == 204

    @pytest.mark.parametrize(
        ("body", "media_type", "status", "code"),
        [
            ("{", "application/json", 400, "malformed"),
            ("a=1", "text/plain", 415, "unsupported_media_type"),
            ('"' + "x" * 200 + '"', "application/json", 413, "too_large"),
        ],
    )
    def test_what_is_wrong_with_a_body_is_told_as_everywhere(
        self, client: APIClient, settings: Any, body: str, media_type: str, status: int, code: str
    ) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

        answer = client.post("/writes/", body, content_type=media_type)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer["Content-Type"] == "application/problem+json"
