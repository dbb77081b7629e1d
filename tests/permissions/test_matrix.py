"""The table of ``table`` against the application and against the API description."""

import re
from collections import defaultdict
from typing import Any

import pytest

from tests.api_schema.document import operations, served
from tests.cast import Cast
from tests.permissions.scene import Scene
from tests.permissions.table import ROWS, Row

pytestmark = pytest.mark.django_db

ROLE_OF = {
    "inspector": "inspector",
    "inspector2": "inspector",
    "manager.bocbo": "manager",
    "manager.phuthong": "manager",
    "department": "department",
}
# The caller makes the id, so one that is not there yet is a new one.
TAKES_ANY_ID = (
    "PUT inspections/",
    "POST inspections/{draft}/submit/",
    "POST inspections/{visit}/submit/",
)
CELLS = [(row, who) for row in ROWS for who in row.expected]


def named(cells: list[tuple[Row, str]]) -> list[Any]:
    return [pytest.param(row, who, id=f"{row.name} as {who or 'nobody'}") for row, who in cells]


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def ask(scene: Scene, row: Row, who: str, names: dict[str, str]) -> Any:
    body = scene.body(row.method, row.route, row.body, who)
    call = getattr(scene.cast.api(who), row.method.lower())
    return call(row.address.format_map(names), **body)


@pytest.mark.parametrize(("row", "who"), named(CELLS))
def test_answers_as_the_table_says(scene: Scene, row: Row, who: str) -> None:
    answer = ask(scene, row, who, scene.names)

    assert answer.status_code == row.expected[who], answer.content[:500]
    if answer.status_code >= 400 and row.method != "HEAD":
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize(
    ("row", "who"),
    named(
        [
            (row, who)
            for row, who in CELLS
            if row.expected[who] == 404 and not row.name.startswith(TAKES_ANY_ID)
        ]
    ),
)
def test_an_object_that_one_may_not_know_of_looks_like_none_at_all(
    scene: Scene, row: Row, who: str
) -> None:
    foreign = ask(scene, row, who, scene.names)
    absent = ask(scene, row, who, scene.nothings)

    assert (absent.status_code, shown(absent)) == (404, shown(foreign))


def shown(answer: Any) -> Any:
    if not answer.content:
        return answer.headers.keys()
    return {k: v for k, v in answer.json().items() if k != "request_id"}


def by_operation() -> dict[tuple[str, str], list[Row]]:
    """Rows under the method and the address with all placeholders alike."""
    found = defaultdict(list)
    for row in ROWS:
        found[row.method, re.sub(r"\{[^}]*\}", "{}", row.address)].append(row)
    return found


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    [pytest.param(*found, id=found[2]["operationId"]) for found in operations(served())],
)
def test_the_api_description_tells_the_same(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    rows = by_operation()[method, re.sub(r"\{[^}]*\}", "{}", path)]

    assert rows, f"{method} {path} has no row in tests/permissions/table.py"
    allowed = {ROLE_OF[who] for row in rows for who in ROLE_OF if row.expected[who] < 400}
    if any(row.is_open for row in rows):
        allowed = {"public"}
    assert allowed == set(operation["x-roles"])
    assert {row.scope for row in rows} == {operation["x-object"]}
