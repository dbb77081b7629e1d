"""Files by content: written once under their own SHA-256, durable before anybody is told.

``store("evidence")`` keeps photos, ``store("records")`` signed files. Where, ``STORAGES`` says:
a folder of this machine or an S3-compatible bucket (docs/adr/0012-files-by-content.md).
"""

import errno
import functools
import hashlib
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from django.core.files.storage import FileSystemStorage, storages
from django.utils.module_loading import import_string

from inspections.evidence.errors import FileDamaged, StorageUnavailable

SAFE_AGE_S = 24 * 3600  # nobody sends one file for a day: what is older was left by a crash
SWEEP_EVERY_S = 3600
RETRY_AFTER_S = 10
DAMAGED_RETRY_AFTER_S = 3600  # somebody has to bring the file back first
_DISK_ERRORS = frozenset({errno.EIO, errno.EROFS, errno.ENODEV, errno.ESTALE})

logger = logging.getLogger(__name__)
_swept_at: dict[Path, float] = {}


class Place(Protocol):
    """Where files lie. Equal keys have equal contents, so keeping one again is harmless."""

    @property
    def scratch(self) -> Path:
        """A folder of this machine for files that are still arriving."""
        ...

    def keep(self, source: Path, key: str) -> None:
        """Take over the finished and synced ``source``; durable under ``key`` on return."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes under ``key``, None where there is nothing."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Raises FileNotFoundError."""
        ...


class Incoming:
    """A file that is arriving: counted and hashed while written, gone unless kept."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._hash = hashlib.sha256()
        self.size = 0
        self.path = _swept(place.scratch) / f"{uuid.uuid4()}.part"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def flush(self) -> None:
        """Let readers of ``path`` see all that was written so far."""
        self._file.flush()

    def keep(self, key: str = "") -> str:
        """Make the content durable, under its own address unless ``key`` says another."""
        self._file.flush()
        # A failed fsync is never tried again: the kernel may have dropped the pages, and a
        # second call would report success for what is not there.
        os.fsync(self._file.fileno())
        self._place.keep(self.path, key or address(self.sha256))
        return self.sha256

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class Store:
    """Contents by digest in one place. Raises StorageUnavailable where the place fails."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """``with store.receive() as incoming: incoming.write(...); incoming.keep()``."""
        with outages():
            incoming = Incoming(self._place)
            try:
                yield incoming
            finally:
                incoming.discard()

    def put(self, data: bytes) -> str:
        """Make ``data`` durable and return its digest; the same data again changes nothing."""
        with self.receive() as incoming:
            incoming.write(data)
            return incoming.keep()

    def scratch(self) -> Path:
        """The folder of what is still arriving; what is not written to for a day goes."""
        with outages():
            return _swept(self._place.scratch)

    def exists(self, sha256: str) -> bool:
        return self.size(sha256) is not None

    def size(self, sha256: str) -> int | None:
        """Bytes of the content, None where there is none."""
        with outages():
            return self._place.size(address(sha256))

    def open(self, sha256: str, size_bytes: int) -> BinaryIO:
        """The content for reading. Raises FileDamaged where it is gone or of another length."""
        found = self.size(sha256)
        if found != size_bytes:
            logger.error("file %s has %s bytes instead of %s", sha256, found, size_bytes)
            raise FileDamaged(headers={"Retry-After": str(DAMAGED_RETRY_AFTER_S)})
        with outages():
            return self._place.open(address(sha256))

    def read(self, sha256: str, size_bytes: int) -> bytes:
        """The whole content; see ``open``."""
        with self.open(sha256, size_bytes) as file, outages():
            return file.read()

    def put_derived(self, kind: str, sha256: str, data: bytes) -> None:
        """Keep what was made of the content ``sha256``; it can be made again at any time."""
        with self.receive() as incoming:
            incoming.write(data)
            incoming.keep(f"{kind}/{address(sha256)}")

    def read_derived(self, kind: str, sha256: str) -> bytes | None:
        """What ``put_derived`` kept, None where that has not happened yet."""
        with outages():
            try:
                with self._place.open(f"{kind}/{address(sha256)}") as file:
                    return file.read()
            except FileNotFoundError:
                return None


class Folder:
    """A place on a local disk, whole after a power cut at any moment."""

    def __init__(self, location: str | os.PathLike[str]) -> None:
        self.root = Path(location)

    @property
    def scratch(self) -> Path:
        return self.root / "incoming"

    def keep(self, source: Path, key: str) -> None:
        target = self.root / key
        _make_folder(target.parent, within=self.root)
        source.replace(target)
        _sync_folder(target.parent)

    def size(self, key: str) -> int | None:
        try:
            return (self.root / key).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, key: str) -> BinaryIO:
        return (self.root / key).open("rb")


def store(alias: str) -> Store:
    """The store that ``STORAGES[alias]`` configures."""
    configured = storages[alias]
    if isinstance(configured, FileSystemStorage):
        return Store(Folder(configured.location))
    # boto3 is slow to import and seldom needed.
    return Store(import_string("inspections.evidence.s3.Bucket")(configured))


def address(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def sweep(folder: Path, age_s: float = SAFE_AGE_S) -> None:
    """Remove what killed processes and lost phones left behind: files not written to for
    ``age_s``.
    """
    for path in [*folder.glob("*.part"), *folder.glob("*.upload")]:
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > age_s:
                path.unlink()


def _swept(folder: Path) -> Path:
    """The folder itself, made where it is not there yet and swept now and then."""
    _make_folder(folder)
    now = time.monotonic()
    if now - _swept_at.get(folder, float("-inf")) > SWEEP_EVERY_S:
        _swept_at[folder] = now
        sweep(folder)
    return folder


@functools.lru_cache(maxsize=2**17)
def _make_folder(folder: Path, within: Path | None = None) -> None:
    """Make ``folder`` so that it outlives a power cut.

    Once per process even where it exists: whoever made it may not have synced its parent yet.
    """
    if within is not None and folder != within:
        _make_folder(folder.parent, within)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def outages() -> Iterator[None]:
    """A disk that fails is an outage, not a fault of the request."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK_ERRORS:
            raise
        logger.critical("the file store failed", exc_info=error)
        raise StorageUnavailable(headers={"Retry-After": str(RETRY_AFTER_S)}) from error
