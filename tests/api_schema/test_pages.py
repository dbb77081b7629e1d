"""The pages that show the API: complete without any other server, under a strict policy."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Page, sync_playwright

from tests.api_schema.document import operations, served

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the test prints what matters."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Threaded, Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize(
    ("address", "operation"),
    [("/api/docs/", ".opblock"), ("/api/docs/redoc/", '[id^="tag/"][id*="operation/"]')],
)
def test_shows_every_operation_without_an_error(
    site: str, page: Page, address: str, operation: str
) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    answer = page.goto(site + address)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    page.wait_for_selector(operation, timeout=60_000)

    shown = page.eval_on_selector_all(operation, "nodes => nodes.map(node => node.id)")
    assert len(set(shown)) == len(list(operations(served())))
    # Redoc merges the branches of a oneOf and warns where one is null; it shows them all the same.
    harmless = ("log:", "info:", "warning: Incompatible types in allOf")
    assert [text for text in complaints if not text.startswith(harmless)] == []
    assert [url for url in asked if not url.startswith((site, "data:"))] == []

    assert "default-src 'self'" in policy
    assert "script-src" not in policy  # so that the default stands for scripts
