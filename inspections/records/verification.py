"""Is this file one of our records, unchanged? Asked of uploads from anyone.

The library that parses PDF can be made to loop or to eat memory by a file of
165 bytes, so an upload is judged in a process of its own that can be killed.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

Verdict = Literal["genuine", "altered", "not_ours", "not_signed", "unreadable"]

MAX_BYTES = 10 * 1024 * 1024
# A busy machine needs several seconds to start the child; what loops is stopped by its CPU limit.
WALL_SECONDS = 30
AT_ONCE = 2

logger = logging.getLogger(__name__)
_slots = BoundedSemaphore(AT_ONCE)
_ROOT = Path(__file__).parents[2]
_CHILD = "inspections.records.examination_process"
# Everything else of our environment (keys, passphrases, database) stays out of the child.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL")


class VerificationBusyError(RuntimeError):
    """All slots are taken, or no child can be started; the caller may try again."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about an issued record. ``signer_serial``: lower-case hexadecimal."""

    payload_sha256: str
    file_sha256: str
    signer_issuer: str
    signer_serial: str


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The answer about one file.

    genuine      every rule of the acceptance profile holds
    altered      carries our signature, but is not the file that was signed
    not_ours     signed, but not by a certificate under our roots, or of a record unknown to us
    not_signed   a PDF without signature
    unreadable   no PDF, or one that cannot be judged within the limits

    ``reason``: a stable code, empty when genuine. ``record_id``, ``number`` and
    ``payload_sha256`` are given for a genuine file only: in any other they are
    claims. ``signed_at``: RFC 3339, the time that the signature claims (level
    B-B has no timestamp). Names as in RFC 4514.
    """

    verdict: Verdict
    reason: str = ""
    record_id: str = ""
    number: str = ""
    payload_sha256: str = ""
    signer_subject: str = ""
    signer_issuer: str = ""
    signer_serial: str = ""
    signed_at: str = ""
    is_test: bool = False


def verify(
    pdf: bytes,
    *,
    roots: Sequence[bytes],
    known: Callable[[str], Known | None] | None = None,
) -> FileVerdict:
    """Judge an uploaded file; never raises because of what it contains.

    ``roots``: certificates in PEM that our signers chain to. ``known``: what is
    stored for a record id, None for an unknown one; with it, a file is genuine
    only when it is byte for byte the stored one. Takes about a second, at most
    ``WALL_SECONDS``. Raises VerificationBusyError at once when too many are judged already:
    a caller who waited would keep a thread of the server from everybody else.
    """
    if len(pdf) > MAX_BYTES:
        return FileVerdict("unreadable", "too_large")
    if not pdf.startswith(b"%PDF-1."):
        return FileVerdict("unreadable", "not_a_pdf")
    if not _slots.acquire(blocking=False):
        raise VerificationBusyError
    try:
        verdict = _ask_child(pdf, roots)
    finally:
        _slots.release()
    return compare(verdict, pdf, known) if known else verdict


def compare(verdict: FileVerdict, pdf: bytes, known: Callable[[str], Known | None]) -> FileVerdict:
    """Hold a file that is genuine by its signature against what is stored of its record."""
    if verdict.verdict != "genuine":
        return verdict
    stored = known(verdict.record_id)
    if stored is None:
        return _refused(verdict, "not_ours", "unknown_record")
    signer = (verdict.signer_issuer, verdict.signer_serial)
    if signer != (stored.signer_issuer, stored.signer_serial):
        # Another holder of a certificate under the same root is not us.
        return _refused(verdict, "not_ours", "other_signer")
    if verdict.payload_sha256 != stored.payload_sha256:
        return _refused(verdict, "altered", "payload_differs")
    if hashlib.sha256(pdf).hexdigest() != stored.file_sha256:
        return _refused(verdict, "altered", "file_differs")
    return verdict


def _refused(verdict: FileVerdict, instead: Verdict, reason: str) -> FileVerdict:
    return replace(
        verdict, verdict=instead, reason=reason, record_id="", number="", payload_sha256=""
    )


def _ask_child(pdf: bytes, roots: Sequence[bytes]) -> FileVerdict:
    header = json.dumps([root.decode("ascii") for root in roots]).encode()
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        answer = subprocess.run(  # noqa: S603 (our own module, no argument from outside)
            [sys.executable, "-m", _CHILD],
            input=header + b"\n" + pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            cwd=_ROOT,
            env=environment,
            check=True,
        )
        return FileVerdict(**json.loads(answer.stdout))
    except (subprocess.SubprocessError, ValueError, TypeError):
        # Timed out, killed by a limit, or out of memory before it could answer.
        return FileVerdict("unreadable", "limits_exceeded")
    except OSError as error:
        logger.exception("no process for a verification")
        raise VerificationBusyError from error


def as_json(verdict: FileVerdict) -> bytes:
    return json.dumps(asdict(verdict)).encode()
