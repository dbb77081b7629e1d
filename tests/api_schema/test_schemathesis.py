"""Everything that the API description allows, and much that it does not, as each role.

All checks of Schemathesis. Quick and the same each time by default: each role walks the operations
that are its own. ``FUZZ_EXAMPLES=100`` (``make fuzz``) walks all of them and looks longer.
"""

import gc
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from backend.accounts import sessions
from backend.wsgi import application
from tests import cast as world
from tests.api_schema.document import operations, served
from tests.cast import Cast
from tests.permissions.scene import Scene

pytestmark = pytest.mark.django_db

LONGER = int(os.environ.get("FUZZ_EXAMPLES", "0"))
# A rule that is broken (422) and a version that is another (412, 428) are no faults of the form.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "428", "429", "503"]
REFUSED = [
    "400",
    "401",
    "403",
    "404",
    "405",
    "406",
    "409",
    "412",
    "413",
    "415",
    "422",
    "428",
    "429",
]
CONFIG: dict[str, Any] = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
    "generation": {"deterministic": not LONGER, "max-examples": LONGER or 3, "database": "none"},
}
answered: dict[str, Counter[int]] = defaultdict(Counter)


class Stage:
    """Each operation begins with the same rows: what another one did is undone."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.operation = ""
        self.savepoint = transaction.savepoint()

    def send(self, case: schemathesis.Case, who: str) -> None:
        if case.operation.label != self.operation:
            self.operation = case.operation.label
            transaction.savepoint_rollback(self.savepoint)
            self.savepoint = transaction.savepoint()
            sessions.forget()
        self._feed(case, who)
        headers = {
            "Authorization": f"Bearer {self.scene.cast.tokens[who]}",
            "Accept-Encoding": "identity",  # the client would not unpack the answer
        }
        response = case.call_and_validate(headers=headers)
        if case.method == case.operation.method.upper():
            answered[case.operation.label][response.status_code] += 1

    def _feed(self, case: schemathesis.Case, who: str) -> None:
        """Put an object that is there in the place of one that was made up."""
        assert case.meta
        parts = case.meta.components
        is_good = {place: part.mode.is_positive for place, part in parts.items()}
        if is_good.get(ParameterLocation.PATH):
            for name in case.path_parameters:
                case.path_parameters[name] = self._known(case.operation.path, name, who)
            # A document names itself, and its address has to agree.
            body = case.body if is_good.get(ParameterLocation.BODY) else None
            if isinstance(body, dict) and "id" in body:
                case.path_parameters["id"] = body["id"]
        if is_good.get(ParameterLocation.HEADER) and "If-Match" in case.headers:
            case.headers["If-Match"] = "*"

    def _known(self, path: str, parameter: str, who: str) -> str:
        if parameter == "device_id":
            return str(self.scene.cast.device(who).pk)
        for ending, name in KNOWN.get(parameter, {}).items():
            if path.endswith(ending):
                return self.scene.names[name]
        raise LookupError(f"which {parameter} shall {path} be asked for?")


# By parameter and end of the address: the object of the scene that is asked for.
KNOWN = {
    "id": {
        "stalls/{id}/": "stall",
        "inspections/{id}/": "draft",
        "record.pdf": "issued",
        "": "visit",
    },
    "code": {"": "place"},
    "name": {"publish/": "new_checklist", "": "checklist"},
    "other": {"": "checklist"},
    "sha256": {"": "named_photo"},
    "token": {"": "token"},
}


# Autouse, because what a test of Schemathesis asks for by name is made within its transaction.
@pytest.fixture(scope="module", autouse=True)
def scene(cast: Cast) -> Iterator[Scene]:
    made = Scene(cast)
    # A request ends by closing a connection whose transaction is open, as that of a test is.
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield made
    gc.collect()  # answers that nobody has closed yet
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def stage(scene: Scene, db: None) -> Stage:
    return Stage(scene)


@pytest.fixture
def api() -> Any:
    schema = schemathesis.openapi.from_dict(
        deepcopy(served()), config=SchemathesisConfig.from_dict(CONFIG)
    )
    schema.app, schema.location = application, "/api/schema/"
    return schema


def operations_of(role: str) -> Any:
    """What it may read, and change where it is the first that may; all of it in a longer run."""

    def is_walked(context: Any) -> bool:
        roles = context.operation.definition.raw["x-roles"]
        walks = role in roles if context.operation.method == "get" else role == roles[0]
        return LONGER > 0 or walks or (roles == ["public"] and role == "inspector")

    return schemathesis.pytest.from_fixture("api").include(is_walked).parametrize()


@operations_of("inspector")
def test_an_inspector_finds_no_broken_promise(case: schemathesis.Case, stage: Stage) -> None:
    stage.send(case, world.INSPECTOR)


@operations_of("manager")
def test_a_manager_finds_no_broken_promise(case: schemathesis.Case, stage: Stage) -> None:
    stage.send(case, world.MANAGER)


@operations_of("department")
def test_the_department_finds_no_broken_promise(case: schemathesis.Case, stage: Stage) -> None:
    stage.send(case, world.DEPARTMENT)


# A photo under its own digest, a file of an office and a token that is alive are not made up.
BEYOND_CHANCE = {
    "auth_token_refresh", "evidence_send", "administrative_units_import", "checklists_import",
    "establishments_import", "establishment_stalls_import",
}  # fmt: skip


def test_every_operation_was_reached_and_has_once_gone_well() -> None:
    """What was only ever refused before it began would prove little."""
    if not answered:
        pytest.skip("the walks were not chosen, so there is nothing to look back on")
    well = {label for label, statuses in answered.items() if statuses.keys() & {200, 201, 204}}
    labels = {f"{method} {path}": op["operationId"] for path, method, op in operations(served())}

    assert answered.keys() == labels.keys()
    assert {labels[label] for label in labels.keys() - well} <= BEYOND_CHANCE
