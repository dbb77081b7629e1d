"""The examples of the API description, carried out in their order: they tell one story."""

from collections.abc import Iterator
from typing import Any

import pytest

from api_schema import examples
from tests.api_schema.document import operations, served
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# What is another each time: moments, ids, digests over them, and what depends on the day.
VOLATILE = {
    "access", "refresh", "request_id", "received_at", "at", "year", "clock_skew_s", "version",
    "verify_url", "payload_sha256", "id", "on", "next_market_day", "history", "opened_at",
}  # fmt: skip


def steady(value: Any, name: str = "") -> Any:
    """``value`` with its kind in place of what is another each time."""
    if name in VOLATILE and not isinstance(value, dict):
        return type(value).__name__
    if isinstance(value, dict):
        return {key: steady(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return value


def places() -> dict[str, tuple[str, str]]:
    return {op["operationId"]: (method, path) for path, method, op in operations(served())}


def test_the_examples_happen_as_they_are_told(cast: Cast) -> None:
    for example in examples.load():
        method, path = places()[example.operation]
        answer = cast.ask(
            example.sender or "", method, path.format_map(example.path), example.request,
            **{"Accept-Language": "vi"},
        )  # fmt: skip

        assert answer.status_code == example.status, (example.name, answer.content)
        assert steady(answer.json()) == steady(example.response), example.name


def shown() -> Iterator[tuple[str, str]]:
    """Operation and name of every example of an answer in the description."""
    for _, _, operation in operations(served()):
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                for name in content.get("examples", ()):
                    yield operation["operationId"], name


def test_the_description_shows_them_all() -> None:
    assert set(shown()) == {(example.operation, example.name) for example in examples.load()}
