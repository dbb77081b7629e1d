"""The local TEST signing authority: made on first run, so that a fresh machine can sign.

Its signatures prove nothing to anyone outside; every name in it says TEST, and
production refuses it (``is_test``).
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from backend.common import certificates

TEST_ORGANISATION = "TEST - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
ROOT = "signing-ca.pem"
ROOT_KEY = "signing-ca.key"
KEY_FILE = "signing.p12"
PASSPHRASE = "signing.passphrase"  # noqa: S105 (the name of a file)

RSA_BITS = 3072
# Begun a day ago: a second machine whose clock runs late must accept the first signature.
_BEGUN_BEFORE = timedelta(days=1)
_LASTS = timedelta(days=3650)


class SigningKeyError(ValueError):
    """The key or its certificate cannot sign records; the message never holds key data."""


class IncompleteAuthorityError(SigningKeyError):
    """The directory exists without the key file: someone has changed it, so nothing is written."""


def ensure_test_authority(directory: Path) -> Path:
    """Make the authority unless it is there; returns the path of its PKCS#12 file.

    All files appear at once, by renaming a finished directory, so a kill
    leaves nothing half made; of two processes one makes it and the other finds
    it. Directory 0700, keys 0600, the public root ``signing-ca.pem`` 0644.
    """
    key_file = directory / KEY_FILE
    directory.parent.mkdir(parents=True, exist_ok=True)
    with _alone(directory):
        for abandoned in directory.parent.glob(f".{directory.name}.new-*"):
            shutil.rmtree(abandoned)
        if key_file.exists():
            return key_file
        if directory.exists() and any(directory.iterdir()):
            raise IncompleteAuthorityError(f"{directory} holds no {KEY_FILE}")
        new = directory.parent / f".{directory.name}.new-{secrets.token_hex(4)}"
        new.mkdir(mode=0o700)
        _make(new)
        _sync(new)
        new.rename(directory)
        _sync(directory.parent)
    return key_file


def passphrase_of(key_file: Path) -> str:
    """The passphrase that was made together with a TEST key file. Raises SigningKeyError."""
    try:
        return (key_file.parent / PASSPHRASE).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise IncompleteAuthorityError(f"{key_file} has no {PASSPHRASE}") from error


def is_test(certificate: x509.Certificate) -> bool:
    """Issued by a local TEST authority: of this installation or of any other."""
    names = certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return any(name.value == TEST_ORGANISATION for name in names)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Only one process at a time; the system frees the lock when its holder dies."""
    with (directory.parent / f".{directory.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(directory: Path) -> None:
    root_key = rsa.generate_private_key(65537, RSA_BITS)
    root_name = _name("TEST signing authority")
    root = certificates.begin(
        root_name,
        root_name,
        root_key.public_key(),
        is_authority=True,
        begun_before=_BEGUN_BEFORE,
        lasts=_LASTS,
    ).sign(root_key, SHA256())
    key = rsa.generate_private_key(65537, RSA_BITS)
    # Readers trust it for documents with these usages and no extended ones; a pointer to a status
    # service would make them ask a service that a test authority does not have.
    signing = (
        certificates.begin(
            _name("TEST inspection records"),
            root_name,
            key.public_key(),
            is_authority=False,
            begun_before=_BEGUN_BEFORE,
            lasts=_LASTS,
            signs_documents=True,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, SHA256())
    )
    passphrase = secrets.token_urlsafe(24)
    bundle = pkcs12.serialize_key_and_certificates(
        b"signing", key, signing, [root], BestAvailableEncryption(passphrase.encode())
    )
    root_key_pem = root_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(directory / ROOT_KEY, root_key_pem, 0o600)
    _write(directory / KEY_FILE, bundle, 0o600)
    _write(directory / PASSPHRASE, passphrase.encode(), 0o600)
    _write(directory / ROOT, root.public_bytes(Encoding.PEM), 0o644)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, TEST_ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        # The mask of the process may be tighter than the mode, never looser than it.
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
