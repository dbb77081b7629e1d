"""Which files make up the phone app, and the version that they are together."""

import hashlib
import posixpath
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from inspections.webapp.storage import FOLDER, LAZY_IMPORT, STATIC_IMPORT, imports

MAIN = f"{FOLDER}main.js"
STYLES = (f"{FOLDER}app.css",)
ICONS = tuple(f"{FOLDER}icons/{name}" for name in ("icon.svg", "icon-192.png", "icon-512.png"))
SERVICE_WORKER = Path(__file__).with_name("service_worker.js")
SHELL = Path(__file__).parents[1] / "templates" / "inspections" / "app.html"


def url(name: str) -> str:
    return str(staticfiles_storage.url(name))


@cache
def needed_at_once() -> tuple[str, ...]:
    """The main module and all that it imports, each once, imported ones later."""
    return _reach([MAIN], STATIC_IMPORT)


@cache
def needed_later() -> tuple[str, ...]:
    """What is imported only when it is used, with all that this imports."""
    at_once = needed_at_once()
    found = [
        _beside(name, target) for name in at_once for target in imports(_read(name), LAZY_IMPORT)
    ]
    return tuple(name for name in _reach(found, STATIC_IMPORT) if name not in at_once)


@cache
def all_urls() -> tuple[str, ...]:
    """Everything that the app needs without a network, besides its page."""
    return tuple(url(name) for name in (*needed_at_once(), *needed_later(), *STYLES, *ICONS))


@cache
def version() -> str:
    """Another one as soon as any file of the app is another one."""
    digest = hashlib.sha256("\n".join(all_urls()).encode())
    for source in (SHELL, SERVICE_WORKER):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _reach(names: list[str], pattern: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += [_beside(name, target) for target in imports(_read(name), pattern)]
    return tuple(found)


def _beside(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def _read(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")
