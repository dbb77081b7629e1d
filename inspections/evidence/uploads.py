"""A photo that comes in pieces: kept for its sender until it is whole, then received as any other.

The pieces lie one behind the other in a file beside those that are arriving. So they outlive the
server, and go after a day without a new one. See docs/adr/0031-uploads-in-pieces.md.
"""

import fcntl
import functools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from backend.common.errors import Malformed
from inspections.evidence import lifecycle
from inspections.evidence.errors import (
    DigestMismatch,
    NotAnImage,
    OffsetMismatch,
    TooLarge,
    UploadBusy,
)
from inspections.evidence.lifecycle import STORE, Sender
from inspections.evidence.models import Evidence
from inspections.evidence.storage import outages, store

# Of one person. Each is at most as large as a photo, so this bounds the bytes as well.
MOST_UNFINISHED = 10
_CHUNK = 64 * 1024


def offset(sha256: str, sender: Sender) -> int:
    """How many bytes have come from ``sender``. Raises UploadBusy."""
    try:
        with _opened(_path(sha256, sender)) as file:
            return _size(file)
    except FileNotFoundError:
        return 0


def append(chunks: Iterable[bytes], sha256: str, sender: Sender, *, at: int) -> int:
    """Add what follows the first ``at`` bytes; gives how many are here, on the disk, by now.

    What came before ``chunks`` broke off is kept. Raises OffsetMismatch, UploadBusy, TooLarge.
    """
    path = _path(sha256, sender)
    if at == 0:
        _make_room_for(path, sender)
    with _expected(path, at) as file:
        size = at
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.EVIDENCE_LIMIT:
                    path.unlink(missing_ok=True)
                    raise lifecycle.too_many_bytes()
                file.write(chunk)
        finally:
            file.flush()
            os.fsync(file.fileno())
        return size


def finish(sha256: str, sender: Sender, *, at: int) -> tuple[Evidence, bool]:
    """Receive the photo, whose ``at`` bytes are all here; see ``lifecycle.receive``.

    What is refused is thrown away. After an outage the pieces are still here.
    """
    path = _path(sha256, sender)
    with _expected(path, at) as file:
        file.seek(0)
        pieces = iter(functools.partial(file.read, _CHUNK), b"")
        try:
            received = lifecycle.receive(pieces, sha256, sender)
        except (Malformed, DigestMismatch, NotAnImage, TooLarge):
            path.unlink(missing_ok=True)
            raise
        path.unlink(missing_ok=True)
        return received


@contextmanager
def _expected(path: Path, at: int) -> Iterator[BinaryIO]:
    """The pieces, which must be ``at`` bytes so far; made where none have come yet."""
    try:
        with _opened(path, new=at == 0) as file:
            if (here := _size(file)) != at:
                raise OffsetMismatch(here, at)
            yield file
    except FileNotFoundError:
        raise OffsetMismatch(0, at) from None


@contextmanager
def _opened(path: Path, *, new: bool = False) -> Iterator[BinaryIO]:
    """The pieces, for one caller at a time in whatever process: the lock is the file's own, so
    that nothing is left of it when a process is killed. Raises FileNotFoundError, UploadBusy.
    """
    with outages():
        flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if new else 0)
        with os.fdopen(os.open(path, flags, 0o600), "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy from None
            # Finished or swept by somebody else between the opening and the lock.
            if os.fstat(file.fileno()).st_nlink == 0:
                raise UploadBusy
            yield file


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _path(sha256: str, sender: Sender) -> Path:
    return store(STORE).scratch() / f"{sender.id}-{sha256}.upload"


def _make_room_for(path: Path, sender: Sender) -> None:
    """Let the oldest go where somebody begins too many: no phone is ever stuck with leavings."""
    written_at = {}
    for other in path.parent.glob(f"{sender.id}-*.upload"):
        with suppress(FileNotFoundError):
            written_at[other] = other.stat().st_mtime
    written_at.pop(path, None)
    newest_first = sorted(written_at, key=lambda other: written_at[other], reverse=True)
    for other in newest_first[MOST_UNFINISHED - 1 :]:
        other.unlink(missing_ok=True)
