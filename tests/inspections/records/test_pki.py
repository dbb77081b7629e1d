"""inspections.records.pki: the local TEST authority"""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from inspections.records import pki

ROOT = Path(__file__).parents[3]
MAKE = (
    "import sys; from pathlib import Path; from inspections.records import pki;"
    "print(pki.ensure_test_authority(Path(sys.argv[1])))"
)


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pki.ensure_test_authority(tmp_path_factory.mktemp("var") / "pki")


def state(directory: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in directory.iterdir()}


def opened(key_file: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate, list[x509.Certificate]]:
    passphrase = pki.passphrase_of(key_file).encode()
    key, certificate, others = pkcs12.load_key_and_certificates(key_file.read_bytes(), passphrase)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    return key, certificate, others


def test_only_the_owner_can_read_keys_and_everyone_the_root(key_file: Path) -> None:
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in key_file.parent.iterdir()}
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
    assert modes == {
        "signing.p12": 0o600,
        "signing.passphrase": 0o600,
        "signing-ca.key": 0o600,
        "signing-ca.pem": 0o644,
    }


def test_every_name_says_test(key_file: Path) -> None:
    _, certificate, [root] = opened(key_file)
    for one in (certificate, root):
        [organisation] = one.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        assert "TEST" in str(organisation.value)


def test_the_key_is_rsa_and_its_certificate_hangs_on_the_root(key_file: Path) -> None:
    key, certificate, [root] = opened(key_file)
    public_root = x509.load_pem_x509_certificate((key_file.parent / "signing-ca.pem").read_bytes())
    assert key.key_size >= 2048
    assert public_root == root
    certificate.verify_directly_issued_by(root)
    root_key = root.public_key()
    assert isinstance(root_key, rsa.RSAPublicKey)
    assert certificate.signature_hash_algorithm is not None
    root_key.verify(
        certificate.signature,
        certificate.tbs_certificate_bytes,
        padding.PKCS1v15(),
        certificate.signature_hash_algorithm,
    )


def test_a_second_run_changes_nothing(key_file: Path) -> None:
    before = state(key_file.parent)
    assert pki.ensure_test_authority(key_file.parent) == key_file
    assert state(key_file.parent) == before


def test_an_empty_directory_that_exists_is_used(tmp_path: Path) -> None:
    (tmp_path / "pki").mkdir()
    assert pki.ensure_test_authority(tmp_path / "pki").exists()


def test_a_directory_without_its_key_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pki").mkdir()
    (tmp_path / "pki" / "signing-ca.pem").write_text("someone's")
    with pytest.raises(pki.IncompleteAuthorityError):
        pki.ensure_test_authority(tmp_path / "pki")
    assert [path.name for path in (tmp_path / "pki").iterdir()] == ["signing-ca.pem"]


def test_a_lost_passphrase_is_a_fault_of_the_key(tmp_path: Path) -> None:
    key_file = pki.ensure_test_authority(tmp_path / "pki")
    (key_file.parent / pki.PASSPHRASE).unlink()
    with pytest.raises(pki.SigningKeyError):
        pki.passphrase_of(key_file)


def test_processes_that_start_together_make_one_authority(tmp_path: Path) -> None:
    directory = tmp_path / "pki"
    running = [
        subprocess.Popen([sys.executable, "-c", MAKE, directory], cwd=ROOT) for _ in range(4)
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    opened(directory / "signing.p12")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".pki.lock", "pki"]


def test_a_kill_at_any_moment_leaves_all_or_nothing(tmp_path: Path) -> None:
    for moment in range(6):
        directory = tmp_path / str(moment) / "pki"
        process = subprocess.Popen([sys.executable, "-c", MAKE, directory], cwd=ROOT)
        while not directory.parent.exists() and process.poll() is None:
            time.sleep(0.001)
        time.sleep(moment * 0.06)
        process.kill()
        process.wait()
        if directory.exists():
            assert len(list(directory.iterdir())) == 4
        opened(pki.ensure_test_authority(directory))
        left = [p.name for p in directory.parent.iterdir() if ".new-" in p.name]
        assert left == []


def test_the_root_of_another_installation_is_known_as_test_too(tmp_path: Path) -> None:
    _, certificate, _ = opened(pki.ensure_test_authority(tmp_path / "pki"))
    assert pki.is_test(certificate)


def test_a_loose_umask_does_not_open_the_keys(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key_file = pki.ensure_test_authority(tmp_path / "pki")
    finally:
        os.umask(before)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
