"""Visits to chợ Bộc Bố for every stage that needs one."""

import pytest

from tests.inspections.visits import Visits, a_province


@pytest.fixture
def visits(db: None) -> Visits:
    return a_province()
