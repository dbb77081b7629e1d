"""inspections.records.signing: keys that may sign, and files that independent tools accept"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.timestamps import DummyTimeStamper

from inspections.records import pki, signing
from inspections.records.examination import examine
from inspections.records.rendering.pdf import render
from tests.inspections.records import authorities, sample
from tests.inspections.records.tools import on_pdf, pdfsig, run

PAYLOAD = sample.payload(stalls=0, pictures=0, items=10)
PAYLOAD_BYTES = json.dumps(PAYLOAD, ensure_ascii=False, sort_keys=True).encode()
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pki.ensure_test_authority(tmp_path_factory.mktemp("var") / "pki").parent


@pytest.fixture(scope="module")
def signer(authority: Path) -> signing.Signer:
    key_file = authority / pki.KEY_FILE
    return signing.load(key_file, pki.passphrase_of(key_file))


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return render(PAYLOAD, sample.NOTE, {})


def sign(signer: signing.Signer, pdf: bytes, at: datetime = NOW) -> signing.SignedFile:
    return signer.sign(pdf, payload=PAYLOAD_BYTES, file_name="inspection.json", signed_at=at)


@pytest.fixture(scope="module")
def signed(signer: signing.Signer, drawn: bytes) -> signing.SignedFile:
    return sign(signer, drawn)


# What independent tools say


def test_pdfsig_finds_one_valid_and_trusted_signature_over_the_whole_file(
    signed: signing.SignedFile, authority: Path, tmp_path: Path
) -> None:
    said = pdfsig(signed.content, authority / pki.ROOT, tmp_path)
    assert said.count("Signature #") == 1
    assert "Signature Validation: Signature is Valid." in said
    assert "Certificate Validation: Certificate is Trusted." in said
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signing Hash Algorithm: SHA-256" in said
    assert "CN=TEST inspection records" in said


def test_pdfsig_refuses_one_flipped_byte(
    signed: signing.SignedFile, authority: Path, tmp_path: Path
) -> None:
    damaged = bytearray(signed.content)
    damaged[20_000] ^= 1
    said = pdfsig(bytes(damaged), authority / pki.ROOT, tmp_path)
    assert "Signature Validation: Signature is Valid." not in said


def test_openssl_accepts_the_detached_signature_by_hand(
    signed: signing.SignedFile, authority: Path, tmp_path: Path
) -> None:
    content = signed.content
    marker = content.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    start, length, rest, tail = map(int, content[marker:].split(b"]", 1)[0].split())
    assert rest + tail == len(content)
    (tmp_path / "covered").write_bytes(content[start:length] + content[rest:])
    (tmp_path / "cms").write_bytes(bytes.fromhex(content[length + 1 : rest - 1].decode()))
    said = run(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-cades", "-purpose", "any",
        "-in", tmp_path / "cms", "-content", tmp_path / "covered", "-CAfile", authority / pki.ROOT,
        "-out", "/dev/null",
    )  # fmt: skip
    assert "CAdES Verification successful" in said
    described = run(
        "openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", tmp_path / "cms"
    )
    assert "rsassaPss" in described
    assert "signingTime" not in described  # PAdES: the time stands in the PDF alone


def test_the_signed_file_is_sound(signed: signing.SignedFile) -> None:
    assert "No syntax or stream encoding errors found" in on_pdf("qpdf", signed.content, "--check")


def test_the_payload_is_attached_byte_for_byte(signed: signing.SignedFile, tmp_path: Path) -> None:
    out = tmp_path / "payload.json"
    on_pdf("pdfdetach", signed.content, "-save", 1, "-o", out)
    assert out.read_bytes() == PAYLOAD_BYTES
    assert b"/AFRelationship /Data" in signed.content


# The file


def test_signing_only_appends_to_what_was_drawn(signed: signing.SignedFile, drawn: bytes) -> None:
    assert signed.content.startswith(drawn)
    assert signed.content.count(b"startxref") == 2
    assert signed.content.startswith(b"%PDF-1.7")
    assert b"/Version /2.0" not in signed.content


def test_payload_and_signature_add_little(signer: signing.Signer) -> None:
    payload = sample.payload()
    drawn = render(payload, sample.NOTE, sample.photos())
    attached = json.dumps(payload, ensure_ascii=False).encode()
    content = signer.sign(
        drawn, payload=attached, file_name="inspection.json", signed_at=NOW
    ).content
    assert len(content) <= 600_000


def test_the_signed_file_tells_who_signed(signed: signing.SignedFile) -> None:
    assert signed.subject.startswith("CN=TEST inspection records")
    assert signed.issuer.startswith("CN=TEST signing authority")
    assert int(signed.serial, 16) > 0
    assert signed.serial == signed.serial.lower()
    assert signed.level == "B-B"
    assert signed.is_test


def test_the_claimed_time_is_the_given_one(
    signer: signing.Signer, drawn: bytes, authority: Path
) -> None:
    an_hour_ago = (NOW - timedelta(hours=1)).replace(microsecond=0)
    at = an_hour_ago.astimezone(timezone(timedelta(hours=7)))
    verdict = examine(sign(signer, drawn, at).content, [(authority / pki.ROOT).read_bytes()])
    assert verdict.signed_at == at.isoformat()


def test_threads_may_share_one_signer(
    signer: signing.Signer, drawn: bytes, authority: Path
) -> None:
    roots = [(authority / pki.ROOT).read_bytes()]
    with ThreadPoolExecutor(4) as pool:
        files = list(pool.map(lambda _: sign(signer, drawn).content, range(12)))
    assert {examine(content, roots).verdict for content in files} == {"genuine"}


def test_a_signature_that_the_certificate_denies_is_not_handed_out(
    signer: signing.Signer, drawn: bytes
) -> None:
    assert isinstance(signer, signing.RsaSigner)
    broken = signing.RsaSigner(signer.certificate, [], lambda _: bytes(384))
    with pytest.raises(pki.SigningKeyError, match="denies"):
        sign(broken, drawn)


def test_with_a_timestamp_authority_the_level_is_b_t(
    authority: Path, drawn: bytes, tmp_path: Path
) -> None:
    own_key = authorities.key(2048, 2)
    own = authorities.certificate(
        own_key, common="Dong ho", extended=[ExtendedKeyUsageOID.TIME_STAMPING]
    )
    clock = DummyTimeStamper(
        asn1_x509.Certificate.load(own.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(
            own_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
    )
    key_file = authority / pki.KEY_FILE
    stamped = sign(signing.load(key_file, pki.passphrase_of(key_file), timestamper=clock), drawn)
    assert stamped.level == "B-T"
    said = pdfsig(stamped.content, authority / pki.ROOT, tmp_path)
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said


# Keys


def loaded(directory: Path, **properties: Any) -> signing.Signer:
    own_key = authorities.key(properties.pop("bits", 2048))
    own = authorities.certificate(own_key, **properties)
    return signing.load(authorities.key_file(directory, own_key, own), authorities.PASSPHRASE)


def test_a_key_of_the_organisation_signs_and_is_no_test(tmp_path: Path, drawn: bytes) -> None:
    root_key = authorities.key(2048, 1)
    root = authorities.certificate(root_key, common="Root", authority=True)
    own_key = authorities.key()
    own = authorities.certificate(own_key, issuer=(root.subject, root_key))
    path = authorities.key_file(tmp_path, own_key, own, [root])
    signer = signing.load(path, authorities.PASSPHRASE)
    assert not signer.is_test
    verdict = examine(sign(signer, drawn).content, [authorities.pem(root)])
    assert (verdict.verdict, verdict.is_test) == ("genuine", False)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"bits": 1024}, "at least 2048 bits"),
        ({"usage": False}, "what its key is for"),
        ({"signs": False}, "not for digital signatures"),
        ({"extended": [ExtendedKeyUsageOID.SERVER_AUTH]}, "not for documents"),
    ],
)
def test_a_certificate_that_must_not_sign_records_is_refused(
    tmp_path: Path, properties: dict[str, Any], message: str
) -> None:
    with pytest.raises(pki.SigningKeyError, match=message):
        loaded(tmp_path, **properties)


@pytest.mark.parametrize(
    "properties", [{"valid_to": timedelta(days=-1)}, {"valid_from": timedelta(days=1)}], ids=str
)
def test_a_certificate_out_of_its_time_is_loaded_but_signs_nothing(
    tmp_path: Path, drawn: bytes, properties: dict[str, Any]
) -> None:
    """What else the key is asked for must not stop with it: is it TEST, what is its root."""
    signer = loaded(tmp_path, **properties)

    assert not signer.is_test
    assert signer.roots
    with pytest.raises(pki.SigningKeyError, match="valid from"):
        sign(signer, drawn)


@pytest.mark.parametrize(
    "extended",
    [
        [ExtendedKeyUsageOID.EMAIL_PROTECTION],
        [ExtendedKeyUsageOID.SERVER_AUTH, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")],
    ],
)
def test_usages_for_documents_are_accepted(
    tmp_path: Path, extended: list[x509.ObjectIdentifier]
) -> None:
    assert loaded(tmp_path, extended=extended)


def test_a_wrong_passphrase_is_refused_without_a_word_about_the_key(authority: Path) -> None:
    with pytest.raises(pki.SigningKeyError, match="passphrase") as caught:
        signing.load(authority / pki.KEY_FILE, "khong-phai-mat-khau")
    assert "khong-phai-mat-khau" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_no_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(b"-----BEGIN PRIVATE KEY-----")
    with pytest.raises(pki.SigningKeyError, match="no PKCS#12 file"):
        signing.load(tmp_path / "key.p12", "")
    with pytest.raises(pki.SigningKeyError, match="cannot be read"):
        signing.load(tmp_path / "absent.p12", "")


def test_a_key_that_is_not_rsa_is_refused(tmp_path: Path) -> None:
    own_key = ec.generate_private_key(ec.SECP256R1())
    issuer = (authorities.name("Root"), authorities.key())
    path = authorities.key_file(tmp_path, own_key, authorities.certificate(own_key, issuer=issuer))
    with pytest.raises(pki.SigningKeyError, match="RSA"):
        signing.load(path, authorities.PASSPHRASE)


def test_nothing_is_signed_for_a_time_outside_of_the_certificate(
    signer: signing.Signer, drawn: bytes
) -> None:
    with pytest.raises(pki.SigningKeyError, match="valid from"):
        sign(signer, drawn, NOW + timedelta(days=4000))
