"""A certificate for trials of the phone app in a local network, by an authority of our own.

Browsers run a service worker only over HTTPS that they trust: the authority's ``ca.pem`` is
installed on the phone once, and the certificate under it is made anew when a name is missing in
it or it runs out.
"""

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend.common import certificates

AUTHORITY, SERVER = "ca.pem", "server.pem"
_AUTHORITY_KEY = "ca.key"
_AUTHORITY_LASTS = timedelta(days=3650)
# Phones refuse certificates that last longer than 398 days.
_SERVER_LASTS = timedelta(days=397)
_RENEWED_BEFORE = timedelta(days=30)
# A phone whose clock runs late must accept it too.
_BEGUN_BEFORE = timedelta(days=2)

Key = ec.EllipticCurvePrivateKey


def ensure(folder: Path, names: Sequence[str]) -> Path:
    """The file with key and certificate for ``names``, made where that is needed.

    The authority stays the same as long as its two files do. Keys are readable by the owner only.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = folder / SERVER
    if not _is_usable(server, folder / AUTHORITY, names):
        key, authority = _authority(folder)
        _write(server, _issue(names, key, authority))
    return server


def _is_usable(server: Path, authority: Path, names: Sequence[str]) -> bool:
    try:
        found = x509.load_pem_x509_certificate(server.read_bytes())
        found.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.read_bytes()))
        told = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    if found.not_valid_after_utc - datetime.now(UTC) < _RENEWED_BEFORE:
        return False
    return set(map(_general, names)) <= set(told)


def _authority(folder: Path) -> tuple[Key, x509.Certificate]:
    try:
        key = load_pem_private_key((folder / _AUTHORITY_KEY).read_bytes(), None)
        certificate = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        if isinstance(key, Key) and key.public_key() == certificate.public_key():
            return key, certificate
    except (OSError, ValueError):
        pass  # there is none yet, or half of one
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("TEST - trial authority of food-safety inspections")
    certificate = certificates.begin(
        name,
        name,
        key.public_key(),
        is_authority=True,
        begun_before=_BEGUN_BEFORE,
        lasts=_AUTHORITY_LASTS,
    ).sign(key, SHA256())
    _write(folder / _AUTHORITY_KEY, _pem(key))
    _write(folder / AUTHORITY, certificate.public_bytes(Encoding.PEM))
    return key, certificate


def _issue(names: Sequence[str], authority_key: Key, authority: x509.Certificate) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = (
        certificates.begin(
            _name("TEST - trial"),
            authority.subject,
            key.public_key(),
            is_authority=False,
            begun_before=_BEGUN_BEFORE,
            lasts=_SERVER_LASTS,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(list(map(_general, names))), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority_key, SHA256())
    )
    return _pem(key) + certificate.public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """At once: whoever is killed meanwhile leaves the former file or the new one."""
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    new.replace(path)
