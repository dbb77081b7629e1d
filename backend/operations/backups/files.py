"""Files of a backup: written whole and durable, or not at all; never readable by others."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

CHUNK = 1024 * 1024


class Damaged(ValueError):
    """A file whose content is not what its digest says."""


def chunks(file: BinaryIO) -> Iterable[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_durably(path: Path, content: bytes | Iterable[bytes], *, expected: str = "") -> str:
    """Give ``path`` this content in one step and return its digest.

    Raises Damaged, and leaves nothing, when the digest is not the ``expected`` one.
    """
    digest = hashlib.sha256()
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in [content] if isinstance(content, bytes) else content:
                file.write(chunk)
                digest.update(chunk)
            file.flush()
            os.fsync(file.fileno())
        if expected and digest.hexdigest() != expected:
            raise Damaged(f"{expected} has another content")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
