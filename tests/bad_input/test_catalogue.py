"""Everything in the catalogue is answered as it says: never a failure, never a page, no echo."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api_schema.document import operations, served
from tests.bad_input.catalogue import CASES, Case, document
from tests.cast import API, DEPARTMENT, INSPECTOR, MANAGER, PASSWORD, Cast, an_id

pytestmark = pytest.mark.django_db

INSIDE = ("Traceback", "site-packages", "SELECT ", "django.", "psycopg", "sqlite", PASSWORD)


class Scene:
    """A draft and a submission of the inspector."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        draft, visit = cast.draft(), cast.submitted()
        self.known = {draft["id"]: draft, visit["id"]: visit}
        self.names = {"draft": draft["id"], "visit": visit["id"]}

    def send(self, case: Case) -> Any:
        names = {**self.names, "new": an_id()}
        route = case.route.format_map(names) if "{" in case.route else case.route
        body = document(case, names, self.known)
        client: Any = self.cast.api(case.who)
        return client.generic(
            case.method,
            route if route.startswith("/") else API + route,
            body or b"",
            content_type=case.media_type if body is not None else "",
            headers=case.headers,
        )


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def test_the_names_of_the_cases_tell_them_apart() -> None:
    names = [case.name for case in CASES]

    assert len(set(names)) == len(names) > 300


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_is_answered_as_the_catalogue_says(scene: Scene, case: Case) -> None:
    answer = scene.send(case)

    assert answer.status_code == case.status, answer.content[:1000]
    text = answer.content.decode()
    assert not [word for word in INSIDE if word in text]
    if case.status >= 400:
        check_problem(answer, case)
    if case.status == 405:
        assert "GET" in answer["Allow"]


def check_problem(answer: Any, case: Case) -> None:
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == case.status
    assert problem["code"] == case.code
    assert problem["title"]
    assert problem["request_id"] == answer["X-Request-Id"]
    faults = problem.get("errors", [])
    assert all(fault.keys() >= {"pointer", "code", "detail"} for fault in faults)
    if case.fault:
        assert case.fault in {fault["code"] for fault in faults}


def lists() -> Iterator[tuple[str, str]]:
    """Every list, as everyone who may read it."""
    people = {
        "inspector": INSPECTOR, "manager": MANAGER, "department": DEPARTMENT, "public": "",
    }  # fmt: skip
    for path, _, operation in operations(served()):
        if any(parameter["name"] == "ordering" for parameter in operation.get("parameters", ())):
            for role in operation["x-roles"]:
                yield people[role], path.format(code="BOC-BO")


def test_every_list_and_object_can_be_read_after_all_of_it(scene: Scene) -> None:
    for case in CASES:
        scene.send(case)

    for who, path in lists():
        address: str | None = f"{path}?page_size=7"
        while address:
            page = scene.cast.ask(who, "GET", address.removeprefix("http://testserver"))
            assert page.status_code == 200, (address, page.content[:500])
            address = page.json()["next"]
            for row in page.json()["results"] if path.endswith("/inspections/") else ():
                for part in ("", "result/", "record/"):
                    read = scene.cast.ask(who, "GET", f"inspections/{row['id']}/{part}")
                    assert read.status_code in (200, 404), read.content[:500]


def test_composed_and_decomposed_spellings_are_one(scene: Scene) -> None:
    found = [
        scene.cast.ask(INSPECTOR, "GET", f"establishments/?search={spelling}").json()["results"]
        for spelling in ("Bộc Bố", "Bo\u0323\u0302c Bo\u0302\u0301", "boc bo", "BOC-BO")
    ]

    assert [row["code"] for row in found[0]] == ["BOC-BO"]
    assert found == [found[0]] * 4


def test_the_three_refusals_of_a_sign_in_are_one(scene: Scene) -> None:
    bodies = [
        {"username": "nobody", "password": "sai-mật-khẩu"},
        {"username": "inspector", "password": "sai-mật-khẩu"},
        {"username": "disabled", "password": PASSWORD},
    ]

    answers = [scene.cast.ask("", "POST", "auth/token/", body) for body in bodies]

    shown = [
        (a.status_code, {k: v for k, v in a.json().items() if k != "request_id"}) for a in answers
    ]
    assert shown == [shown[0]] * 3
    assert shown[0][0] == 401


def test_answers_are_nobody_elses_to_keep_or_to_read(scene: Scene) -> None:
    answer = scene.cast.ask(INSPECTOR, "GET", "auth/me/", Origin="https://evil.example")

    assert answer["Cache-Control"] == "no-store"
    assert {"Authorization", "Accept-Language"} <= set(answer["Vary"].split(", "))
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_titles_are_in_the_language_that_is_asked_for(scene: Scene) -> None:
    titles = {
        language: scene.cast.ask(
            INSPECTOR, "GET", "no/such/route/", **{"Accept-Language": language}
        ).json()["title"]
        for language in ("", "vi", "en", "en-GB,vi;q=0.5", "fr", "x" * 5000)
    }

    assert {titles[""], titles["vi"], titles["fr"], titles["x" * 5000]} == {"Không tìm thấy"}
    assert {titles["en"], titles["en-GB,vi;q=0.5"]} == {"Not found"}


@pytest.mark.parametrize("route", ["auth/me/", "inspections/", "evidence/missing/", "checklists/"])
def test_options_tell_the_verbs_and_nothing_else(scene: Scene, route: str) -> None:
    answer = scene.cast.ask(INSPECTOR, "OPTIONS", route)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "OPTIONS" in answer["Allow"]


@pytest.mark.parametrize("route", ["auth/me/", "inspections/", "establishments/BOC-BO/"])
def test_head_is_get_without_a_body(scene: Scene, route: str) -> None:
    got, headed = (scene.cast.ask(INSPECTOR, method, route) for method in ("GET", "HEAD"))

    assert (headed.status_code, headed.content) == (200, b"")
    assert headed["Content-Type"] == got["Content-Type"]
