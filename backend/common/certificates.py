"""What certificates of our own authorities have in common; for trials, never for production."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes


def begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: CertificatePublicKeyTypes,
    *,
    is_authority: bool,
    begun_before: timedelta,
    lasts: timedelta,
    signs_documents: bool = False,
) -> x509.CertificateBuilder:
    """A certificate that lacks only its signature and what is particular to it.

    ``begun_before``: how late the clock of a reader may run. An authority signs certificates
    directly, none below it does; ``signs_documents`` adds content commitment (non-repudiation).
    """
    start = datetime.now(UTC) - begun_before
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None),
            critical=True,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                content_commitment=signs_documents,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
