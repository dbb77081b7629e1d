"""A browser for the journeys, and phones in it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import chromium
from tests.journeys.handset import SCREEN

NewPhone = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[NewPhone]:
    """Profiles that nobody has used; ``options`` are those of a browser context."""
    opened: list[BrowserContext] = []

    def new(**options: str) -> BrowserContext:
        opened.append(browser.new_context(viewport=SCREEN, locale="vi", **options))  # type: ignore[arg-type]
        return opened[-1]

    yield new
    for context in opened:
        context.close()
