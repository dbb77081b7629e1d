"""The committed description: what the code gives, what is served, and whole."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from tests.api_schema.document import COMMITTED, operations, served

ROLES = {"public", "inspector", "manager", "department"}
# Where phones bring what was done before their session ended.
LAST_DOOR = "/api/v1/sync/quarantine/"
OBJECTS = {"own", "visible", "public", "none"}


def described() -> list[Any]:
    return [
        pytest.param(path, method, operation, id=operation["operationId"])
        for path, method, operation in operations(served())
    ]


def test_is_what_the_code_gives_without_a_warning(tmp_path: Path) -> None:
    target = tmp_path / "openapi.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))

    assert COMMITTED.read_bytes() == target.read_bytes(), (
        "run `make schema` (manage.py spectacular --validate --fail-on-warn "
        "--file api_schema/openapi.yaml) and commit the file"
    )


def test_is_served_byte_for_byte() -> None:
    answer = Client().get("/api/schema/")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/yaml")
    assert answer.content == COMMITTED.read_bytes()


def test_is_served_as_json_to_whoever_asks_for_it() -> None:
    by_header = Client().get("/api/schema/", headers={"Accept": "application/json"})
    by_query = Client().get("/api/schema/?format=json")

    assert json.loads(by_header.content) == yaml.safe_load(COMMITTED.read_bytes())
    assert by_query.content == by_header.content


def test_a_known_copy_is_not_sent_again() -> None:
    etag = Client().get("/api/schema/")["ETag"]

    answer = Client().get("/api/schema/", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_a_refusal_is_a_problem_here_too() -> None:
    answer = Client().get("/api/schema/?lang=vi")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_is_of_openapi_3_1_and_has_no_word_of_3_0() -> None:
    assert served()["openapi"] == "3.1.1"
    assert "nullable" not in COMMITTED.read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "method", "operation"), described())
def test_an_operation_says_what_it_is_for_and_for_whom(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["tags"] == [path.split("/")[3]]
    assert set(operation["x-roles"]) <= ROLES
    assert operation["x-roles"]
    assert operation["x-object"] in OBJECTS
    open_to_all = operation["x-roles"] == ["public"]
    scheme = "formerBearer" if path.startswith(LAST_DOOR) else "bearer"
    assert operation.get("security", [{}]) == ([{}] if open_to_all else [{scheme: []}])


@pytest.mark.parametrize(("path", "method", "operation"), described())
def test_every_refusal_of_an_operation_is_the_one_problem(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            found = resolved(response)
            content = found["content"]["application/problem+json"]["schema"]
            assert content["allOf"][0] == {"$ref": "#/components/schemas/Problem"}
            assert content["allOf"][1]["properties"]["code"]["enum"]
            if int(status) in (429, 503, 507):
                assert "Retry-After" in found["headers"]


def test_every_tag_is_explained() -> None:
    told = {tag["name"] for tag in served()["tags"]}

    assert {tag for _, _, operation in operations(served()) for tag in operation["tags"]} == told


def test_every_component_is_used() -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    components = served()["components"]

    for kind in ("schemas", "responses"):
        for name in components[kind]:
            assert f"'#/components/{kind}/{name}'" in text, name


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = served()
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
