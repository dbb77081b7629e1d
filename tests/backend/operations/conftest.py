"""A running server that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from tests.live import Live, live_server


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_server(tmp_path_factory.mktemp("server")) as running:
        yield running
