"""The acceptance profile: what must hold for a file to be a record signed by us.

Uploads come here only inside the child process of ``verification``; our own
freshly signed bytes may be examined in place.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from inspections.records.pki import is_test
from inspections.records.signing import FIELD, container
from inspections.records.verification import FileVerdict, Verdict

MIB = 1024 * 1024
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * MIB),
    document_budget=DocumentDecodeBudget(base_allowance=64 * MIB, max_ratio=1),
)
MAX_REVISIONS = 40
MAX_SIGNATURES = 20
SIGNATURE_FIELD = re.compile(rb"/FT\s*/Sig")
# The drawn record, and the one update with payload and signature.
REVISIONS = 2
USAGES = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


def examine(pdf: bytes, roots: Sequence[bytes]) -> FileVerdict:
    """Judge by the file alone. ``roots``: PEM. Raises whatever the parser raises."""
    fields = sum(1 for _ in SIGNATURE_FIELD.finditer(pdf))
    if pdf.count(b"startxref") > MAX_REVISIONS or fields > MAX_SIGNATURES:
        return FileVerdict("unreadable", "limits_exceeded")
    reader = PdfFileReader(BytesIO(pdf), strict=True, decode_limits=LIMITS)
    if reader.encrypted:
        return FileVerdict("unreadable", "encrypted")
    signatures = list(reader.embedded_signatures)
    if not signatures:
        return FileVerdict("not_signed", "no_signature")
    ours = next((one for one in signatures if one.field_name == FIELD), None)
    if ours is None:
        return FileVerdict("not_ours", "other_signer")
    anchors = _anchors(roots)
    status = _validated(ours, anchors)
    # A certificate is not looked at where the bytes do not fit it.
    whole = status.intact and status.valid
    if not (status.trusted if whole else _names_us(ours, anchors)):
        return _verdict("not_ours", "other_signer", ours)
    broken = _broken_rule(pdf, reader, ours, status, alone=len(signatures) == 1)
    return _verdict("altered", broken, ours) if broken else _genuine(reader, ours)


def _genuine(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> FileVerdict:
    payload = _payload(reader)
    if payload is None:
        return _verdict("altered", "payload_missing", signature)
    record = json.loads(payload)["record"]
    return _verdict(
        "genuine",
        "",
        signature,
        record_id=str(record["id"]),
        number=str(record["number"]),
        payload_sha256=hashlib.sha256(payload).hexdigest(),
    )


def _anchors(roots: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    return [
        asn1_x509.Certificate.load(der)
        for root in roots
        for _, _, der in pem.unarmor(root, multiple=True)
    ]


def _names_us(signature: EmbeddedPdfSignature, anchors: Sequence[asn1_x509.Certificate]) -> bool:
    """Whether a broken signature claims to be ours: for the word by which it is refused only."""
    certificates = [signature.signer_cert, *signature.other_embedded_certs]
    ours = [anchor.subject for anchor in anchors]
    return any(certificate.issuer in ours for certificate in certificates)


def _validated(
    signature: EmbeddedPdfSignature, anchors: Sequence[asn1_x509.Certificate]
) -> PdfSignatureStatus:
    """Cryptography and trust, as of the time that the signature claims; no address is asked."""
    context = ValidationContext(
        trust_roots=list(anchors),
        allow_fetching=False,
        moment=_claimed_time(signature),
    )
    # Later changes are refused by coverage, so what they change need not be looked at.
    return validate_pdf_signature(signature, context, key_usage_settings=USAGES, skip_diff=True)


def _broken_rule(
    pdf: bytes,
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    *,
    alone: bool,
) -> str:
    """The first rule of the profile that does not hold, as a code."""
    if not (status.intact and status.valid):
        return "bytes_changed"
    if not alone:
        return "signature_added"
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or not _fills_gap(pdf, signature):
        return "changed_after_signing"
    if reader.total_revisions != REVISIONS:
        return "changed_after_signing"
    if signature.sig_object.get("/SubFilter") != SigSeedSubFilter.PADES.value:
        return "other_layout"
    return ""


def _fills_gap(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signature, byte for byte as we write it, is all that it does not cover.

    It stands outside of what is signed, and so do most parts of its container:
    padding, other digits or another encoding would go unnoticed.
    """
    start, before, after, rest = (int(number) for number in signature.byte_range)
    expected = container(
        _certificate(signature.signer_cert),
        [_certificate(other) for other in signature.other_embedded_certs],
        signature.compute_digest(),
        signature.signer_info["signature"].native,
    )
    return (
        start == 0
        and after + rest == len(pdf)
        and pdf[before:after] == b"<" + expected.hex().upper().encode() + b">"
    )


def _payload(reader: PdfFileReader) -> bytes | None:
    """The one attached file, None when there is none or more than one."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return None
    if len(names) != 2:
        return None
    content: bytes = names[1]["/EF"]["/F"].data
    return content


def _claimed_time(signature: EmbeddedPdfSignature) -> datetime:
    claimed = signature.self_reported_timestamp
    if claimed is None or claimed.tzinfo is None:
        raise ValueError("The signature claims no time.")
    return claimed


def _verdict(
    verdict: Verdict, reason: str, signature: EmbeddedPdfSignature, **found: Any
) -> FileVerdict:
    certificate = _certificate(signature.signer_cert)
    return FileVerdict(
        verdict,
        reason,
        signer_subject=certificate.subject.rfc4514_string(),
        signer_issuer=certificate.issuer.rfc4514_string(),
        signer_serial=f"{certificate.serial_number:x}",
        signed_at=_claimed_time(signature).isoformat(),
        is_test=is_test(certificate),
        **found,
    )


def _certificate(parsed: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(parsed.dump())
