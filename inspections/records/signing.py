"""Sign a drawn record as the organisation: PAdES, RSASSA-PSS with SHA-256, payload attached.

Only bytes that our own renderer has just made are signed, never an upload.
Source: Circular 15/2025/TT-BKHCN (PSS, RSA of at least 2048 bits), ETSI EN 319 142-1.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from asn1crypto import algos
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import Signer as CmsSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from inspections.records.pki import SigningKeyError, is_test

FIELD = "IssuingAuthority"
PAYLOAD_TYPE = "application/json"
DIGEST = "sha256"
MIN_RSA_BITS = 2048
# Room for the token of a timestamp authority and its certificates, in hexadecimal digits.
TIMESTAMP_ROOM = 16_384

PSS = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
NOT_FOR_DOCUMENTS = {
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
}


@dataclass(frozen=True, slots=True)
class SignedFile:
    """``serial`` in lower-case hexadecimal, names as RFC 4514 writes them, ``level`` of PAdES."""

    content: bytes
    subject: str
    issuer: str
    serial: str
    level: str
    is_test: bool


class Signer(Protocol):
    """Whatever can sign as the organisation: a key file, a token, a remote service."""

    @property
    def is_test(self) -> bool: ...

    @property
    def roots(self) -> list[bytes]:
        """The certificates (PEM) under which a verifier finds these signatures trusted."""
        ...

    def check_valid(self, at: datetime) -> None:
        """Raises SigningKeyError where nothing may be signed at that time."""
        ...

    def sign(
        self, pdf: bytes, *, payload: bytes, file_name: str, signed_at: datetime
    ) -> SignedFile: ...


def load(key_file: Path, passphrase: str, *, timestamper: TimeStamper | None = None) -> Signer:
    """Read a PKCS#12 file once; the parsed key is kept for the life of the process.

    Raises SigningKeyError when the file cannot be opened, or holds a key or a
    certificate that could never sign records (see ``check``). One that has
    expired is loaded: only signing needs it to be valid.
    """
    try:
        content = key_file.read_bytes()
    except OSError as error:
        raise SigningKeyError(f"The key file cannot be read: {error.strerror}.") from None
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError:
        raise SigningKeyError(
            "The passphrase does not open the key file, or it is no PKCS#12 file."
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
        raise SigningKeyError("The key file must hold an RSA key with its certificate.")
    if key.public_key() != certificate.public_key():
        raise SigningKeyError("The key does not belong to the certificate.")

    def sign_raw(data: bytes) -> bytes:
        return key.sign(data, PSS, SHA256())

    return RsaSigner(certificate, others, sign_raw, timestamper)


def check(certificate: x509.Certificate) -> None:
    """Refuse what would make signatures that nobody may accept; signing itself would not notice."""
    if _public_key(certificate).key_size < MIN_RSA_BITS:
        raise SigningKeyError(f"The key must be RSA of at least {MIN_RSA_BITS} bits.")
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise SigningKeyError("The certificate does not say what its key is for.") from None
    if not (usage.digital_signature or usage.content_commitment):
        raise SigningKeyError("The certificate is not for digital signatures.")
    try:
        extended = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return
    if extended <= NOT_FOR_DOCUMENTS:
        raise SigningKeyError("The certificate is for servers or services, not for documents.")


def container(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    digest: bytes,
    signature: bytes,
) -> bytes:
    """The container of a B-B signature as this module writes it, to compare a found one with.

    Much of a container is not covered by the signature in it.
    """
    return _Container(_CmsSigner(certificate, others, _no_key)).filled(digest, signature)


def _no_key(_data: bytes) -> bytes:
    raise SigningKeyError("There is no key to sign with.")


def _public_key(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    public_key = certificate.public_key()
    if not isinstance(public_key, rsa.RSAPublicKey):
        raise SigningKeyError("The certificate must be of an RSA key.")
    return public_key


class RsaSigner:
    """Signs with an RSA key that only ``sign_raw`` can reach (PSS, SHA-256).

    Everything in the signature's container but the document digest and the
    signature value depends on the certificate alone. It is built once, and
    those two are put into their places: encoding it anew costs 15 ms a record.
    """

    def __init__(
        self,
        certificate: x509.Certificate,
        others: Sequence[x509.Certificate],
        sign_raw: Callable[[bytes], bytes],
        timestamper: TimeStamper | None = None,
    ) -> None:
        check(certificate)
        self.certificate, self._sign_raw, self._timestamper = certificate, sign_raw, timestamper
        self._others = others
        self._cms = _CmsSigner(certificate, others, sign_raw)
        self._container = _Container(self._cms)

    @property
    def is_test(self) -> bool:
        return is_test(self.certificate)

    @property
    def roots(self) -> list[bytes]:
        own = [other for other in self._others if other.subject == other.issuer]
        return [root.public_bytes(Encoding.PEM) for root in own or [self.certificate]]

    def check_valid(self, at: datetime) -> None:
        since, until = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if not since <= at <= until:
            raise SigningKeyError(
                f"The certificate is valid from {since:%Y-%m-%d %H:%M} "
                f"to {until:%Y-%m-%d %H:%M} UTC."
            )

    def sign(
        self, pdf: bytes, *, payload: bytes, file_name: str, signed_at: datetime
    ) -> SignedFile:
        """Append one update to ``pdf``: ``payload`` as attached file, and the signature over all.

        ``signed_at``: aware; the time that the signature claims. Not
        repeatable byte for byte (PSS is salted). Raises SigningKeyError when
        the certificate is not valid at that time or the key gave a wrong value.
        """
        self.check_valid(signed_at)
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
        _attach(writer, payload, file_name, signed_at)
        metadata = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=DIGEST, subfilter=SigSeedSubFilter.PADES
        )
        session = PdfSigner(metadata, self._cms).init_signing_session(writer)
        session.system_time = signed_at
        room = 2 * len(self._container.der) + (TIMESTAMP_ROOM if self._timestamper else 0)
        prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
        out = BytesIO()
        digest, _ = prepared.digest_tbs_document(output=out)
        digest.fill_with_cms(out, self._signed_container(digest.document_digest))
        return SignedFile(
            content=out.getvalue(),
            subject=self.certificate.subject.rfc4514_string(),
            issuer=self.certificate.issuer.rfc4514_string(),
            serial=f"{self.certificate.serial_number:x}",
            level="B-T" if self._timestamper else "B-B",
            is_test=self.is_test,
        )

    def _signed_container(self, digest: bytes) -> bytes:
        if self._timestamper:
            signed = self._cms.async_sign(
                digest, DIGEST, use_pades=True, timestamper=self._timestamper
            )
            container: bytes = asyncio.run(signed).dump()
            return container
        attributes = self._container.attributes(digest)
        signature = self._sign_raw(attributes)
        try:
            # Nothing later on would refuse a wrong value of a token or a service.
            _public_key(self.certificate).verify(signature, attributes, PSS, SHA256())
        except InvalidSignature:
            raise SigningKeyError("The key gave a signature that its certificate denies.") from None
        return self._container.filled(digest, signature)


class _CmsSigner(CmsSigner):
    """pyHanko's signer over a key that is parsed already; its own one parses it per signature."""

    def __init__(
        self,
        certificate: x509.Certificate,
        others: Sequence[x509.Certificate],
        sign_raw: Callable[[bytes], bytes],
    ) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([_asn1(other) for other in others])
        super().__init__(
            signing_cert=_asn1(certificate),
            cert_registry=store,
            embed_roots=False,
            signature_mechanism=_pss_mechanism(),
        )
        self._sign_raw = sign_raw
        self._size = (_public_key(certificate).key_size + 7) // 8

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return _Container.SIGNATURE * self._size if dry_run else self._sign_raw(data)


class _Container:
    """A CMS container with the places of digest and signature known.

    Both have a fixed length, so filling them in keeps every length and order
    of the encoding.
    """

    SIGNATURE = b"\x5a"
    DOCUMENT_DIGEST = b"\xa5" * SHA256.digest_size

    def __init__(self, signer: _CmsSigner) -> None:
        unsigned = asyncio.run(
            signer.async_sign(self.DOCUMENT_DIGEST, DIGEST, dry_run=True, use_pades=True)
        )
        [signer_info] = unsigned["content"]["signer_infos"]
        self.der: bytes = unsigned.dump()
        self._attributes: bytes = signer_info["signed_attrs"].untag().dump()
        self._signature: bytes = signer_info["signature"].native
        for whole, part in (
            (self.der, self._signature),
            (self.der, self.DOCUMENT_DIGEST),
            (self._attributes, self.DOCUMENT_DIGEST),
        ):
            if whole.count(part) != 1:
                raise SigningKeyError("The certificate cannot be placed in a signature.")

    def attributes(self, digest: bytes) -> bytes:
        """What the key signs for a document of this digest."""
        return self._attributes.replace(self.DOCUMENT_DIGEST, digest)

    def filled(self, digest: bytes, signature: bytes) -> bytes:
        return self.der.replace(self.DOCUMENT_DIGEST, digest).replace(self._signature, signature)


class _PayloadFile(embed.FileSpec):
    """Marks the attachment as the data of the record.

    The library's own way raises the file to PDF 2.0, which PDF/A-3 does not allow.
    """

    def as_pdf_object(self) -> generic.DictionaryObject:
        described = super().as_pdf_object()
        described["/AFRelationship"] = generic.pdf_name("/Data")
        return described


def _attach(
    writer: IncrementalPdfFileWriter, payload: bytes, file_name: str, signed_at: datetime
) -> None:
    attachment = embed.EmbeddedFileObject.from_file_data(
        writer,
        payload,
        mime_type=PAYLOAD_TYPE,
        params=embed.EmbeddedFileParams(modification_date=signed_at),
    )
    embed.embed_file(writer, _PayloadFile(file_name, file_name=file_name, embedded_data=attachment))
    [_, described] = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    writer.root["/AF"] = generic.ArrayObject([described])
    writer.update_root()


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _pss_mechanism() -> Any:
    """The parameters of ``PSS``; the library's own choice is another length of salt."""
    digest = {"algorithm": DIGEST}
    return algos.SignedDigestAlgorithm(
        {
            "algorithm": "rsassa_pss",
            "parameters": {
                "hash_algorithm": digest,
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest},
                "salt_length": SHA256.digest_size,
            },
        }
    )
