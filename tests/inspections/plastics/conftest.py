"""A supermarket with its manager, and the checklist that asks for the figures."""

import pytest

from tests.inspections.plastics.builders import Store, a_store


@pytest.fixture
def store(db: None) -> Store:
    return a_store()
