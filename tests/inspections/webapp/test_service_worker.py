"""The app opens without a network, and a new version of it waits until nothing is open."""

import threading
import time
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, Page, expect

from inspections.webapp import assets

PATIENCE_S = 20
UPDATE = "/static/app/logic/update.js"


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the test prints what matters."""


class Site:
    """A server that can be stopped and started again at the same address."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        handler = StaticFilesHandler(WSGIHandler())
        self._server = make_server("127.0.0.1", self.port, handler, Threaded, Silent)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.stop()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The app, opened once and kept by its worker."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{site.url}/app/")
    until(lambda: opened.evaluate("Boolean(navigator.serviceWorker.controller)"))
    yield opened
    context.close()


def until(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def version(page: Page) -> str:
    said: str = page.evaluate("document.querySelector('meta[name=version]').content")
    return said


def await_version(page: Page, name: str) -> None:
    """After a reload, in the middle of which nothing can be asked."""
    page.locator(f'meta[name=version][content="{name}"]').wait_for(state="attached")


def shells(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return names


def publish(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(assets, "version", lambda: name)


def look_for_news(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.getRegistration('/app/').then((r) => r.update())")
    waiting = "navigator.serviceWorker.getRegistration('/app/').then((r) => Boolean(r.waiting))"
    until(lambda: page.evaluate(waiting))


def test_the_app_opens_while_the_server_is_down(page: Page, site: Site) -> None:
    known = version(page)
    site.stop()

    page.reload()
    until(lambda: page.locator("#app main, #app form, #app h1").count())

    assert version(page) == known
    site.start()


def test_the_first_visit_is_not_interrupted_by_its_own_worker(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/app/")
    page.evaluate("window.mark = 1")

    until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    time.sleep(0.5)

    assert page.evaluate("window.mark") == 1
    page.close()


def test_a_new_version_waits_while_a_draft_is_open_and_then_takes_over_whole(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = version(page)
    page.evaluate(f"import('{UPDATE}').then((m) => {{ window.release = m.keepOpen(); }})")
    publish(monkeypatch, "0002")
    look_for_news(page)

    activated = page.evaluate(f"import('{UPDATE}').then((m) => m.activate())")
    page.reload()
    assert (activated, version(page)) == (False, old)
    assert sorted(shells(page)) == sorted([f"shell-{old}", "shell-0002"])

    # The reload let the draft go.
    assert page.evaluate(f"import('{UPDATE}').then((m) => m.activate())") is True
    await_version(page, "0002")
    assert shells(page) == ["shell-0002"]


def test_a_new_version_is_offered_and_taken_with_a_tap(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.evaluate(f"import('{UPDATE}').then((m) => {{ window.release = m.keepOpen(); }})")
    publish(monkeypatch, "0006")
    look_for_news(page)
    offer = page.get_by_role("status").filter(has=page.get_by_role("button", name="Cập nhật"))
    expect(offer).to_contain_text("Có bản mới của ứng dụng.")

    offer.get_by_role("button").click()
    expect(offer).to_contain_text("Bản mới chờ đến khi rời bài kiểm tra đang mở.")
    page.evaluate("window.release()")
    offer.get_by_role("button").click()

    await_version(page, "0006")
    expect(offer).to_have_count(0)


def test_a_draft_in_one_tab_holds_the_version_of_all(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = page.context.new_page()
    other.goto(f"{site.url}/app/")
    other.evaluate(f"import('{UPDATE}').then((m) => {{ window.release = m.keepOpen(); }})")
    publish(monkeypatch, "0003")
    look_for_news(page)

    assert page.evaluate(f"import('{UPDATE}').then((m) => m.activate())") is False
    other.evaluate("window.release()")
    assert page.evaluate(f"import('{UPDATE}').then((m) => m.activate())") is True
    await_version(page, "0003")
    await_version(other, "0003")


def test_a_worker_and_a_page_of_two_versions_are_never_kept_together(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server was replaced between the two requests of an installation."""
    old = version(page)
    told = iter(["0004", "0004"])  # the worker's tag and its script
    monkeypatch.setattr(assets, "version", lambda: next(told, "0005"))

    page.evaluate(
        "navigator.serviceWorker.getRegistration('/app/').then((r) => r.update()).catch(() => {})"
    )
    time.sleep(1)

    assert page.evaluate("navigator.serviceWorker.getRegistration('/app/')"
                         ".then((r) => Boolean(r.waiting))") is False  # fmt: skip
    page.reload()
    assert version(page) == old


def test_what_the_app_asks_of_the_api_is_never_kept(page: Page, site: Site) -> None:
    page.evaluate("fetch('/api/v1/auth/me/').catch(() => {})")
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname))))"
    )

    paths = {path for paths in kept for path in paths}
    assert all(path == "/app/" or path.startswith("/static/") for path in paths)
    assert "/app/" in paths
