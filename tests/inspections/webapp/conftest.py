"""The modules of the phone app in a real browser, without any server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.inspections.webapp.lab import Lab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def lab(browser: Browser) -> Iterator[Lab]:
    """A phone that nobody has used yet."""
    context = browser.new_context()
    yield Lab(context)
    context.close()


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Lab]:
    """For modules that keep nothing: one page for all tests of a file."""
    context = browser.new_context()
    yield Lab(context)
    context.close()
