"""From a frozen record to a file: read the photos, draw, sign, store.

reportlab and pyHanko are imported on first use: they cost seconds that a start must not wait.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from inspections.evidence.models import Evidence
from inspections.evidence.storage import store as file_store
from inspections.records import pki
from inspections.records.models import Record

if TYPE_CHECKING:
    from inspections.records.signing import SignedFile, Signer

ATTACHMENT = "inspection.json"


def draw_signed(record: Record, signed_at: datetime) -> "SignedFile":
    """The record as it will be stored: drawn from its payload and note alone, then signed."""
    return signer().sign(
        _draw(record, record.issue_note, provisional=False),
        payload=record.payload.encode(),
        file_name=ATTACHMENT,
        signed_at=signed_at,
    )


def draw_provisional(record: Record, missing: Iterable[str]) -> bytes:
    """A watermarked copy of what is known so far, unsigned and never stored."""
    note = record.issue_note or {
        "test": signs_as_test(),
        "evidence_closed": None,
        "missing_photos": list(missing),
    }
    return _draw(record, note, provisional=True)


def keep(content: bytes) -> str:
    """Make a signed file durable; its digest is its name, so a second file never replaces it."""
    return file_store("records").put(content)


def read(record: Record) -> bytes:
    """The signed file. Raises FileDamaged when the store lost or changed it."""
    return file_store("records").read(record.file_sha256, record.size_bytes or 0)


def signs_as_test() -> bool:
    """Whether records say TEST in words: no key of the organisation is configured."""
    return signer().is_test


@cache
def signer() -> "Signer":
    """The organisation's key, parsed once per process; the local TEST authority without one."""
    from inspections.records import signing

    if settings.SIGNING_P12 is not None:
        return signing.load(settings.SIGNING_P12, settings.SIGNING_P12_PASSPHRASE or "")
    key_file = pki.ensure_test_authority(settings.DATA_DIR / "pki")
    return signing.load(key_file, pki.passphrase_of(key_file))


def trusted_roots() -> list[bytes]:
    """PEM certificates under which a file may be ours: of today's key and of former ones.

    Whoever changes the key leaves the root of the old one in ``DATA_DIR/pki/former``.
    """
    former = sorted((settings.DATA_DIR / "pki" / "former").glob("*.pem"))
    return signer().roots + [path.read_bytes() for path in former]


def _draw(record: Record, note: Any, *, provisional: bool) -> bytes:
    from inspections.records.rendering.pdf import render

    payload = json.loads(record.payload)
    missing = set(note["missing_photos"])
    digests = [p["sha256"] for p in payload["photos"] if p["sha256"] not in missing]
    return render(payload, note, _photos(digests), provisional=provisional)


def _photos(digests: list[str]) -> dict[str, bytes]:
    photos = file_store("evidence")
    rows = Evidence.objects.filter(pk__in=digests).values_list("pk", "size_bytes")
    return {sha256: photos.read(sha256, size) for sha256, size in rows}
