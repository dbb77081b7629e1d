"""Which files make up the phone app, and the version that they are together."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from inspections.webapp.bundle import in_order, left_over
from inspections.webapp.storage import FOLDER, MAIN, read

STYLES = (f"{FOLDER}app.css",)
ICONS = tuple(f"{FOLDER}icons/{name}" for name in ("icon.svg", "icon-192.png", "icon-512.png"))
SERVICE_WORKER = Path(__file__).with_name("service_worker.js")
SHELL = Path(__file__).parents[1] / "templates" / "inspections" / "app.html"


def url(name: str) -> str:
    return str(staticfiles_storage.url(name))


@cache
def needed_at_once() -> tuple[str, ...]:
    """The main module; and what it imports, where that is not in the same file."""
    if _is_bundled():
        return (MAIN,)
    return tuple(reversed(in_order(MAIN, read)))


@cache
def needed_later() -> tuple[str, ...]:
    """What is imported only when it is used."""
    return tuple(left_over(MAIN, read))


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


def _is_bundled() -> bool:
    return getattr(staticfiles_storage, "bundles_modules", False) and not settings.DEBUG
