"""How a photo arrives, once and for good, and how it is handed out."""

import logging
from collections.abc import Callable, Iterable
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction

from backend.audit import trail
from backend.common.errors import Malformed
from backend.common.text import Bilingual
from inspections.evidence.errors import DigestMismatch, StorageUnavailable, TooLarge
from inspections.evidence.models import Evidence, EvidenceUpload
from inspections.evidence.storage import Incoming, store

STORE = "evidence"
SHOWN = "shown"
THUMBNAIL = "thumbnail"

logger = logging.getLogger(__name__)


class Sender(Protocol):
    """Who sends a photo: a signed-in person."""

    @property
    def id(self) -> int: ...

    @property
    def username(self) -> str: ...


def receive(chunks: Iterable[bytes], sha256: str, sender: Sender) -> tuple[Evidence, bool]:
    """Take in the photo named ``sha256``; the flag says whether it was new.

    The file is durable before its row is written. A known photo is not stored again, but its
    bytes are still asked for: having sent them is what makes ``sender`` a reader.
    Raises Malformed, TooLarge, DigestMismatch, NotAnImage, StorageUnavailable.
    """
    photos = store(STORE)
    with photos.receive() as incoming:
        for chunk in chunks:
            incoming.write(chunk)
            if incoming.size > settings.EVIDENCE_LIMIT:
                raise too_many_bytes()
        if incoming.size == 0:
            raise Malformed(Bilingual(vi="Không có nội dung.", en="The body is empty."))
        if incoming.sha256 != sha256:
            raise DigestMismatch(received_sha256=incoming.sha256)
        known = Evidence.objects.filter(pk=sha256).first()
        # A row whose file was lost since then, by a disk or a restore, is healed here.
        if known is None or photos.size(sha256) != known.size_bytes:
            known = _keep(incoming)
    return _register(known, sender)


def original(evidence: Evidence) -> BinaryIO:
    """The bytes as they were sent. Raises FileDamaged, StorageUnavailable."""
    return store(STORE).open(evidence.sha256, evidence.size_bytes)


def shown(evidence: Evidence) -> bytes:
    """The copy for everybody but the sender (see ``images.shown``), made when first asked for.

    Raises FileDamaged, StorageUnavailable.
    """
    from inspections.evidence import images  # Pillow is slow to import

    return _copy(evidence, SHOWN, images.shown)


def thumbnail(evidence: Evidence) -> bytes:
    """The small copy for lists (see ``images.thumbnail``), made when first asked for.

    Raises FileDamaged, StorageUnavailable.
    """
    from inspections.evidence import images  # Pillow is slow to import

    return _copy(evidence, THUMBNAIL, images.thumbnail)


def too_many_bytes() -> TooLarge:
    limit = settings.EVIDENCE_LIMIT // 2**20
    return TooLarge(Bilingual(vi=f"Tối đa {limit} MiB.", en=f"At most {limit} MiB."))


def _copy(evidence: Evidence, kind: str, make: Callable[[bytes], bytes]) -> bytes:
    photos = store(STORE)
    copy = photos.read_derived(kind, evidence.sha256)
    if copy is None:
        copy = make(photos.read(evidence.sha256, evidence.size_bytes))
        try:
            photos.put_derived(kind, evidence.sha256, copy)
        except (OSError, StorageUnavailable):  # a full disk must not hide what is on it
            logger.warning("no room for the copy of %s", evidence.sha256, exc_info=True)
    return copy


def _keep(incoming: Incoming) -> Evidence:
    """Make an examined picture durable; gives the row that is yet to be written."""
    from inspections.evidence import images  # Pillow is slow to import

    incoming.flush()
    picture = images.examine(incoming.path)
    return Evidence(
        sha256=incoming.keep(),
        media_type=picture.media_type,
        size_bytes=incoming.size,
        width=picture.width,
        height=picture.height,
    )


@transaction.atomic
def _register(evidence: Evidence, sender: Sender) -> tuple[Evidence, bool]:
    row, created = Evidence.objects.get_or_create(
        pk=evidence.pk,
        defaults={
            "media_type": evidence.media_type,
            "size_bytes": evidence.size_bytes,
            "width": evidence.width,
            "height": evidence.height,
        },
    )
    EvidenceUpload.objects.bulk_create(
        [EvidenceUpload(evidence=row, sender_id=sender.id)], ignore_conflicts=True
    )
    if created:
        trail.record(
            "evidence.received",
            f"evidence:{row.pk}",
            actor=sender,
            data={"media_type": row.media_type, "size_bytes": row.size_bytes},
        )
    return row, created
