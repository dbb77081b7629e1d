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
