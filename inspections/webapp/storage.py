"""Static files under hashed names; the modules of the phone app as one of them."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from inspections.webapp.bundle import LAZY_IMPORT, STATIC_IMPORT, bundle, left_over

FOLDER = "app/"
MAIN = f"{FOLDER}main.js"
_MODULE = re.compile(rf"{FOLDER}.*\.(?:js|d\.ts)")
_WITH_HASH = '%(head)s"%(url)s"'
_MINIFY = (
    "import sys, minify; text = sys.stdin.buffer.read().decode();"
    "sys.stdout.buffer.write(minify.string('application/javascript', text).encode())"
)


@cache
def read(name: str) -> str:
    """A source file of the app. Raises FileNotFoundError."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")


class ModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """What the app imports lazily is named by its hash, inside the bundle too.

    Django's own patterns would look into every script of the site, and take a word of a text
    for a statement.
    """

    bundles_modules = True
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (f"{FOLDER}*.js", ((STATIC_IMPORT, _WITH_HASH), (LAZY_IMPORT, _WITH_HASH))),
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if MAIN not in paths or dry_run:
            yield from super().post_process(paths, dry_run=dry_run, **options)
            return
        made = {MAIN: bundle(MAIN, read)} | {name: read(name) for name in left_over(MAIN, read)}
        inside = [name for name in paths if _MODULE.fullmatch(name) and name not in made]
        for name in inside:
            self.delete(name)
        rest = {name: found for name, found in paths.items() if name not in inside}
        rest |= {name: (_Made(minified(text)), name) for name, text in made.items()}
        yield from super().post_process(rest, **options)


class _Made:
    """In place of the storage that holds a source file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, _name: str) -> ContentFile[bytes]:
        return ContentFile(self.text.encode())


def minified(script: str) -> str:
    """``script`` with short names and no spaces; as it is where the minifier is not installed.

    It is written in Go, and its runtime would stay in the process that serves.
    """
    if importlib.util.find_spec("minify") is None:
        return script
    command = [sys.executable, "-c", _MINIFY]
    done = subprocess.run(command, input=script.encode(), capture_output=True, check=True)  # noqa: S603 (our own program)
    return done.stdout.decode()
