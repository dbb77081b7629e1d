"""Certificates for tests that the TEST authority does not make: strangers, expired ones, others."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

PASSPHRASE = "mật khẩu dài"


@cache
def key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def name(common: str, organisation: str = "Công ty Lạ") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def certificate(
    own_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    *,
    issuer: tuple[x509.Name, rsa.RSAPrivateKey] | None = None,
    common: str = "Ky so",
    authority: bool = False,
    usage: bool = True,
    signs: bool = True,
    extended: list[ObjectIdentifier] | None = None,
    asks: str = "",
    valid_from: timedelta = timedelta(days=-30),
    valid_to: timedelta = timedelta(days=365),
) -> x509.Certificate:
    now = datetime.now(UTC)
    issuer_name, issuer_key = issuer or (name(common), own_key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(issuer_name)
        .public_key(own_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + valid_from)
        .not_valid_after(now + valid_to)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if usage:
        flags = dict.fromkeys(
            (
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        ) | {
            "digital_signature": signs and not authority,
            "content_commitment": signs and not authority,
            "key_cert_sign": authority,
            "crl_sign": authority,
        }
        if not any(flags.values()):
            flags["key_encipherment"] = True
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if asks:
        address = x509.UniformResourceIdentifier(asks)
        described = [
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, address),
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address),
        ]
        builder = builder.add_extension(x509.AuthorityInformationAccess(described), critical=False)
    return builder.sign(issuer_key, SHA256())


def key_file(
    directory: Path,
    own_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    own: x509.Certificate,
    others: list[x509.Certificate] | None = None,
) -> Path:
    path = directory / "key.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", own_key, own, others, BestAvailableEncryption(PASSPHRASE.encode())
        )
    )
    return path


def pem(one: x509.Certificate) -> bytes:
    return one.public_bytes(Encoding.PEM)
