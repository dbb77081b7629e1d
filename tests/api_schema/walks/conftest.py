"""A scene with one object of each kind, and the API as it is served."""

import gc
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from schemathesis.config import SchemathesisConfig

from backend.wsgi import application
from tests.api_schema.document import served
from tests.api_schema.walks.stage import CONFIG, Stage, answered
from tests.cast import Cast
from tests.permissions.scene import Scene


# Autouse, because what a test of Schemathesis asks for by name is made within its transaction.
@pytest.fixture(scope="module", autouse=True)
def scene(cast: Cast) -> Iterator[Scene]:
    made = Scene(cast)
    answered.clear()
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
