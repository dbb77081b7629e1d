"""A page with the app's logic as phones get it, and an API that answers as a test says."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request, Route

from backend.env import BASE_DIR
from inspections.webapp.bundle import bundle
from inspections.webapp.storage import FOLDER, MAIN, minified, read

# Secure, so that it has locks, digests and a database; nothing of it leaves the machine.
ORIGIN = "https://phone.test"
FILES = BASE_DIR / "inspections" / "webapp" / "static"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

PAGE = '<!doctype html><title>phone</title><script type="module" src="/logic.js"></script>'

Handler = Callable[[Request], "Reply"]


@functools.cache
def logic() -> str:
    """Every module of the logic, put together and shortened as ``collectstatic`` does it."""
    names = sorted(path.stem for path in (FILES / FOLDER / "logic").glob("*.js"))
    taken = "".join(f'import * as m{n} from "./logic/{name}.js";\n' for n, name in enumerate(names))
    told = ", ".join(f'"{name}": m{n}' for n, name in enumerate(names))
    main = f"{taken}globalThis.modules = {{ {told} }};\n"
    parts = bundle(MAIN, lambda name: main if name == MAIN else read(name))
    return "\n".join(minified(parts).values())


@dataclass(frozen=True)
class Reply:
    """``lost``: the server did what was asked, and the answer got lost; ``is_ours``: False where
    somebody between phone and server gave it.
    """

    status: int = 200
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    is_ours: bool = True


class Lab:
    """``asked``: what the app asked of the API, as (method, path below /api/v1/)."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[tuple[str, str]] = []
        self._handlers: dict[tuple[str, str], Handler] = {}
        context.route("**/*", self._answer)
        self.page = self.open()

    def open(self) -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.goto(f"{ORIGIN}/app/")
        return page

    def on(self, method: str, path: str, handler: Handler) -> None:
        """What ``method`` of ``path`` answers from now on; a path with a final * is a prefix."""
        self._handlers[method, path] = handler

    def call(self, module: str, name: str, *args: Any, page: Page | None = None) -> Any:
        """``name`` of ``logic/module.js`` with ``args``, and what it gave in the end."""
        script = "return logic(arg.module)[arg.name](...arg.args);"
        return self.run(script, {"module": module, "name": name, "args": args}, page)

    def run(self, script: str, arg: Any = None, page: Page | None = None) -> Any:
        """What a function body returns; ``logic(name)`` in it gives a module.

        As JSON both ways: large values travel a hundred times faster than one by one.
        """
        answered = (page or self.page).evaluate(
            "async ([script, arg]) => {"
            " const logic = (name) => globalThis.modules[name];"
            " const Body = (async () => {}).constructor;"
            " const body = new Body('logic', 'arg', script);"
            " return JSON.stringify((await body(logic, JSON.parse(arg))) ?? null); }",
            [script, json.dumps(arg)],
        )
        return json.loads(answered)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/api/v1/"):
            self._answer_api(route, path.removeprefix("/api/v1/"))
        elif path.startswith("/static/"):
            file = FILES / path.removeprefix("/static/")
            kind = KINDS.get(file.suffix, "application/octet-stream")
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path == "/logic.js":
            route.fulfill(body=logic(), content_type=KINDS[".js"])
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    def _answer_api(self, route: Route, path: str) -> None:
        method = route.request.method
        self.asked.append((method, path))
        handler = self._handlers.get((method, path)) or next(
            (
                found
                for (verb, prefix), found in self._handlers.items()
                if verb == method and prefix.endswith("*") and path.startswith(prefix[:-1])
            ),
            None,
        )
        if handler is None:
            route.abort()
            return
        reply = handler(route.request)
        if reply.lost:
            route.abort()
            return
        kind = "application/json" if reply.status < 400 else "application/problem+json"
        body = "" if reply.value is None else json.dumps(reply.value)
        headers = {"Content-Type": kind, "X-Request-Id": "1", **reply.headers}
        if not reply.is_ours:
            del headers["X-Request-Id"]
        route.fulfill(status=reply.status, body=body, headers=headers)


def library(name: str) -> Path:
    return BASE_DIR / "inspections" / "checklists" / "library" / f"{name}.yaml"
