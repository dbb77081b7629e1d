"""Static files under hashed names; the modules of the phone app as one of them."""

from __future__ import annotations

import importlib.util
import json
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
COMES_MINIFIED = frozenset(
    f"{FOLDER}vendor/{name}.js" for name in ("htm", "preact", "preact-hooks")
)
_MODULE = re.compile(rf"{FOLDER}.*\.(?:js|d\.ts)")
_WITH_HASH = '%(head)s"%(url)s"'
_MINIFY = """
import json, sys, minify
scripts = json.load(sys.stdin)
json.dump({n: minify.string("application/javascript", t) for n, t in scripts.items()}, sys.stdout)
"""


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
        alone = {name: read(name) for name in left_over(MAIN, read)}
        made = {MAIN: "\n".join(minified(bundle(MAIN, read)).values()), **minified(alone)}
        inside = [name for name in paths if _MODULE.fullmatch(name) and name not in made]
        for name in inside:
            self.delete(name)
        rest = {name: found for name, found in paths.items() if name not in inside}
        rest |= {name: (_Made(text), name) for name, text in made.items()}
        yield from super().post_process(rest, **options)


class _Made:
    """In place of the storage that holds a source file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, _name: str) -> ContentFile[bytes]:
        return ContentFile(self.text.encode())


def minified(scripts: dict[str, str]) -> dict[str, str]:
    """``scripts`` with short names and no spaces; as they are where no minifier is installed.

    Most libraries come minified, and doing it twice has broken scripts before. The minifier is
    written in Go, and its runtime would stay in the process that serves.
    """
    if importlib.util.find_spec("minify") is None:
        return scripts
    long = {n: t for n, t in scripts.items() if n not in COMES_MINIFIED}
    command = [sys.executable, "-c", _MINIFY]
    given = json.dumps(long).encode()
    done = subprocess.run(command, input=given, capture_output=True, check=True)  # noqa: S603 (our own program)
    short: dict[str, str] = json.loads(done.stdout)
    return scripts | short
