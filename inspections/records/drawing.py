"""From a frozen record to a file: read the photos, draw, sign, store.

reportlab and pyHanko are imported on first use: they cost seconds that a start must not wait.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings

from inspections.evidence.models import Evidence
from inspections.evidence.storage import store as file_store
from inspections.records import pki
from inspections.records.errors import DrawingBusy
from inspections.records.models import Addendum, Record

if TYPE_CHECKING:
    from inspections.records.signing import SignedFile, Signer

ATTACHMENT = "inspection.json"
RETRY_AFTER_S = 5

logger = logging.getLogger(__name__)
_provisional = Lock()


def draw_signed(record: Record, signed_at: datetime) -> "SignedFile":
    """The record as it will be stored: drawn from its payload and note alone, then signed."""
    return signer().sign(
        _draw(record, record.issue_note, provisional=False),
        payload=record.payload.encode(),
        file_name=ATTACHMENT,
        signed_at=signed_at,
    )


def draw_addendum(payload: Mapping[str, Any], content: bytes, signed_at: datetime) -> "SignedFile":
    """An addendum, drawn from ``payload`` alone; ``content`` is the same in canonical JSON."""
    from inspections.records.rendering.addendum import render

    return signer().sign(
        render(payload, test=signs_as_test()),
        payload=content,
        file_name=ATTACHMENT,
        signed_at=signed_at,
    )


def draw_provisional(record: Record, missing: Iterable[str]) -> bytes:
    """A watermarked copy of what is known so far, unsigned and never stored.

    Raises DrawingBusy while this process draws another one: a request waits for it, and a large
    record takes seconds.
    """
    note = record.issue_note or {
        "test": _is_known_as_test(),
        "evidence_closed": None,
        "missing_photos": list(missing),
    }
    if not _provisional.acquire(blocking=False):
        raise DrawingBusy(headers={"Retry-After": str(RETRY_AFTER_S)})
    try:
        return _draw(record, note, provisional=True)
    finally:
        _provisional.release()


def keep(content: bytes) -> str:
    """Make a signed file durable; its digest is its name, so a second file never replaces it."""
    return file_store("records").put(content)


def read(record: Record | Addendum) -> bytes:
    """The signed file. Raises FileDamaged when the store lost or changed it."""
    return file_store("records").read(record.file_sha256, record.size_bytes or 0)


def signs_as_test() -> bool:
    """Whether records say TEST in words: no key of the organisation is configured.

    Raises SigningKeyError when the configured one cannot be loaded, not when it has expired.
    """
    return settings.SIGNING_P12 is None or signer().is_test


@cache
def signer() -> "Signer":
    """The organisation's key, parsed once per process; the local TEST authority without one.

    Raises SigningKeyError, and looks again the next time.
    """
    from inspections.records import signing

    if settings.SIGNING_P12 is not None:
        return signing.load(settings.SIGNING_P12, settings.SIGNING_P12_PASSPHRASE or "")
    key_file = pki.ensure_test_authority(settings.DATA_DIR / "pki")
    return signing.load(key_file, pki.passphrase_of(key_file))


class Roots(NamedTuple):
    """``complete``: today's key could be asked for its own."""

    certificates: list[bytes]
    complete: bool


def trusted_roots() -> Roots:
    """PEM certificates under which a file may be ours: of today's key and of former ones.

    Whoever changes the key leaves the root of the old one in ``DATA_DIR/pki/former``.
    """
    former = sorted((settings.DATA_DIR / "pki" / "former").glob("*.pem"))
    certificates = [path.read_bytes() for path in former]
    try:
        return Roots(signer().roots + certificates, complete=True)
    except pki.SigningKeyError as error:
        logger.error("verifying under the former roots alone: %s", error)
        return Roots(certificates, complete=False)


def _is_known_as_test() -> bool:
    try:
        return signs_as_test()
    except pki.SigningKeyError:
        return False


def _draw(record: Record, note: Any, *, provisional: bool) -> bytes:
    from inspections.records.rendering.pdf import render

    payload = json.loads(record.payload)
    missing = set(note["missing_photos"])
    digests = [p["sha256"] for p in payload["photos"] if p["sha256"] not in missing]
    return render(payload, note, _Photos(digests), provisional=provisional)


class _Photos(Mapping[str, bytes]):
    """Those of ``digests`` that have arrived, each read when asked for: 200 may have 2 GB."""

    def __init__(self, digests: list[str]) -> None:
        self._store = file_store("evidence")
        rows = Evidence.objects.filter(pk__in=digests).values_list("pk", "size_bytes")
        self._sizes = dict(rows)

    def __getitem__(self, sha256: str) -> bytes:
        return self._store.read(sha256, self._sizes[sha256])

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self._sizes

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)
