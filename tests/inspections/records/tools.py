"""Independent tools that read what we draw and sign; .ci/run installs them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

PACKAGES = {
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdfimages": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdfdetach": "poppler-utils",
    "qpdf": "qpdf",
    "certutil": "libnss3-tools",
    "zbarimg": "zbar-tools",
}


def run(tool: str, *arguments: object) -> str:
    """What the tool prints, with errors; a missing tool fails the test instead of skipping it."""
    if shutil.which(tool) is None:
        pytest.fail(f"{tool} is missing: install {PACKAGES[tool]}, as .ci/run does")
    done = subprocess.run(
        [tool, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


def on_pdf(tool: str, content: bytes, *arguments: object, after: tuple[object, ...] = ()) -> str:
    """Run the tool on a file with this content; ``after`` stands behind the file's name."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "record.pdf"
        path.write_bytes(content)
        return run(tool, *arguments, path, *after)


def text(content: bytes, *arguments: object) -> str:
    return on_pdf("pdftotext", content, *arguments, after=("-",))


def pages(content: bytes) -> list[str]:
    return text(content, "-layout").split("\f")[:-1]


def words(shown: str) -> str:
    """Text as one line: where a line breaks is not what a test is about."""
    return " ".join(shown.split())


def pdfsig(content: bytes, root: Path, directory: Path) -> str:
    """What pdfsig says of the signatures when it trusts ``root``, a PEM file."""
    store = directory / "nss"
    if not store.exists():
        store.mkdir()
        run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
        run("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", root)
    return on_pdf("pdfsig", content, "-nssdir", f"sql:{store}")
