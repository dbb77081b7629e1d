"""inspections.records.verification: what is said of files that anyone may upload"""

import hashlib
import json
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter

from inspections.records import pki, signing, verification
from inspections.records.examination import examine
from inspections.records.rendering.pdf import render
from inspections.records.verification import FileVerdict, Known, compare, verify
from tests.inspections.records import authorities, sample
from tests.inspections.records.tools import run

PAYLOAD = sample.payload(stalls=0, pictures=0, items=10)
PAYLOAD_BYTES = json.dumps(PAYLOAD, ensure_ascii=False, sort_keys=True).encode()
RECORD_ID = PAYLOAD["record"]["id"]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pki.ensure_test_authority(tmp_path_factory.mktemp("var") / "pki").parent


@pytest.fixture(scope="module")
def roots(authority: Path) -> list[bytes]:
    return [(authority / pki.ROOT).read_bytes()]


@pytest.fixture(scope="module")
def signer(authority: Path) -> signing.RsaSigner:
    key_file = authority / pki.KEY_FILE
    signer = signing.load(key_file, pki.passphrase_of(key_file))
    assert isinstance(signer, signing.RsaSigner)
    return signer


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return render(PAYLOAD, sample.NOTE, {})


def sign(signer: signing.Signer, pdf: bytes, payload: bytes = PAYLOAD_BYTES) -> bytes:
    return signer.sign(pdf, payload=payload, file_name="inspection.json", signed_at=NOW).content


@pytest.fixture(scope="module")
def record(signer: signing.RsaSigner, drawn: bytes) -> bytes:
    return sign(signer, drawn)


@pytest.fixture
def known(signer: signing.RsaSigner, record: bytes) -> Known:
    return Known(
        payload_sha256=hashlib.sha256(PAYLOAD_BYTES).hexdigest(),
        file_sha256=hashlib.sha256(record).hexdigest(),
        signer_issuer=signer.certificate.issuer.rfc4514_string(),
        signer_serial=f"{signer.certificate.serial_number:x}",
    )


def judged(content: bytes, roots: list[bytes]) -> FileVerdict:
    """As the child does it, in place: a file that the parser cannot take is unreadable."""
    try:
        return examine(content, roots)
    except Exception:  # noqa: BLE001 (the library raises whatever it likes)
        return FileVerdict("unreadable", "malformed")


# Our own file


def test_an_unchanged_record_is_genuine(record: bytes, roots: list[bytes], known: Known) -> None:
    verdict = verify(record, roots=roots, known={RECORD_ID: known}.get)
    assert verdict == FileVerdict(
        "genuine",
        record_id=RECORD_ID,
        number="07/BB-SCT",
        payload_sha256=known.payload_sha256,
        signer_subject=verdict.signer_subject,
        signer_issuer=known.signer_issuer,
        signer_serial=known.signer_serial,
        signed_at=NOW.isoformat(),
        is_test=True,
    )


def test_one_flipped_byte_of_a_page_is_told_as_altered(record: bytes, roots: list[bytes]) -> None:
    flipped = bytearray(record)
    flipped[record.index(b"stream") + 40] ^= 1

    found = judged(bytes(flipped), roots)

    assert (found.verdict, found.reason) == ("altered", "bytes_changed")


def test_the_child_and_the_call_in_place_agree(record: bytes, roots: list[bytes]) -> None:
    assert verify(record, roots=roots) == examine(record, roots)


def test_it_stays_genuine_when_the_certificate_has_run_out(
    tmp_path: Path, drawn: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time that counts is the claimed one: the stored digest vouches for the rest."""
    monkeypatch.setattr(signing.RsaSigner, "check_valid", lambda *_: None)
    root_key, own_key = authorities.key(2048, 1), authorities.key()
    root = authorities.certificate(root_key, common="Root", authority=True)
    own = authorities.certificate(
        own_key, issuer=(root.subject, root_key), valid_to=timedelta(days=-1)
    )
    path = authorities.key_file(tmp_path, own_key, own, [root])
    signer = signing.load(path, authorities.PASSPHRASE)
    for age, verdict in ((10, "genuine"), (0, "not_ours")):
        content = signer.sign(
            drawn,
            payload=PAYLOAD_BYTES,
            file_name="inspection.json",
            signed_at=NOW - timedelta(days=age),
        ).content
        assert examine(content, [authorities.pem(root)]).verdict == verdict


def test_a_chain_of_authorities_is_followed(tmp_path: Path, drawn: bytes) -> None:
    root_key, middle_key, own_key = (authorities.key(2048, number) for number in (1, 3, 0))
    root = authorities.certificate(root_key, common="Root", authority=True)
    middle = authorities.certificate(
        middle_key, issuer=(root.subject, root_key), common="Middle", authority=True
    )
    own = authorities.certificate(own_key, issuer=(middle.subject, middle_key))
    path = authorities.key_file(tmp_path, own_key, own, [middle, root])
    content = sign(signing.load(path, authorities.PASSPHRASE), drawn)
    assert verify(content, roots=[authorities.pem(root)]).verdict == "genuine"
    stranger = authorities.certificate(authorities.key(2048, 4), common="Root", authority=True)
    assert verify(content, roots=[authorities.pem(stranger)]).verdict == "not_ours"


# What is stored of the record


@pytest.mark.parametrize(
    ("stored", "verdict", "reason"),
    [
        ({}, "genuine", ""),
        ({"payload_sha256": "0" * 64}, "altered", "payload_differs"),
        ({"file_sha256": "0" * 64}, "altered", "file_differs"),
        ({"signer_serial": "1"}, "not_ours", "other_signer"),
        ({"signer_issuer": "CN=Other"}, "not_ours", "other_signer"),
    ],
)
def test_a_valid_signature_is_not_enough(
    record: bytes,
    roots: list[bytes],
    known: Known,
    stored: dict[str, str],
    verdict: str,
    reason: str,
) -> None:
    found = compare(examine(record, roots), record, {RECORD_ID: replace(known, **stored)}.get)
    assert (found.verdict, found.reason) == (verdict, reason)
    assert bool(found.number) == (verdict == "genuine")


def test_a_record_that_nobody_knows_is_not_ours(record: bytes, roots: list[bytes]) -> None:
    found = compare(examine(record, roots), record, lambda _: None)
    assert (found.verdict, found.reason, found.record_id) == ("not_ours", "unknown_record", "")


# Changed files


def updated(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def annotate(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (100, 400, 400, 500)]
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("KẾT LUẬN: ĐẠT"),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def retitle(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(
        writer.add_object(
            generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Khác")})
        )
    )


def swap_payload(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]["/F"]
    stream._data = PAYLOAD_BYTES.replace(b"to_complete", b"pass")
    stream._encoded_data = None
    writer.update_container(stream)


def add_script(writer: IncrementalPdfFileWriter) -> None:
    action = {
        generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
        generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
    }
    writer.root["/OpenAction"] = generic.DictionaryObject(action)
    writer.update_root()


@pytest.mark.parametrize("change", [annotate, retitle, swap_payload, add_script])
def test_an_update_after_signing_is_refused(
    record: bytes, roots: list[bytes], change: Callable[[IncrementalPdfFileWriter], None]
) -> None:
    found = judged(updated(record, change), roots)
    assert (found.verdict, found.reason) == ("altered", "changed_after_signing")


def test_a_second_signature_of_our_own_is_refused(
    record: bytes, roots: list[bytes], signer: signing.RsaSigner
) -> None:
    metadata = PdfSignatureMetadata(
        field_name="Another", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    writer = IncrementalPdfFileWriter(BytesIO(record))
    out = PdfSigner(metadata, signer._cms).sign_pdf(writer)
    found = judged(out.getvalue(), roots)
    assert (found.verdict, found.reason) == ("altered", "signature_added")


@pytest.mark.parametrize("part", ["page", "payload", "signature", "dates", "middle"])
def test_one_flipped_bit_is_refused(
    record: bytes, drawn: bytes, roots: list[bytes], part: str
) -> None:
    place = {
        "page": drawn.index(b"stream") + 100,
        "payload": record.index(b"/EmbeddedFile") + 300,
        "signature": record.rindex(b"/Contents <") + 3000,
        "dates": record.rindex(b"/M (D") + 12,
        "middle": len(record) // 2,
    }[part]
    damaged = bytearray(record)
    damaged[place] ^= 1
    assert judged(bytes(damaged), roots).verdict != "genuine"


def test_no_flipped_bit_of_three_hundred_passes(record: bytes, roots: list[bytes]) -> None:
    assert survivors(record, roots, range(7, len(record), len(record) // 300)) == []


def test_no_flipped_bit_in_the_container_of_the_signature_passes(
    record: bytes, roots: list[bytes]
) -> None:
    """What says which algorithm and whose key is itself not covered by the signature."""
    start = record.rindex(b"/Contents <")
    end = record.index(b">", start) + 1
    assert survivors(record, roots, range(start, end, 5)) == []


def survivors(record: bytes, roots: list[bytes], places: range) -> list[int]:
    """Where one flipped bit still leaves the file genuine."""
    found = []
    for place in places:
        damaged = bytearray(record)
        damaged[place] ^= 1 << (place % 8)
        if judged(bytes(damaged), roots).verdict == "genuine":
            found.append(place)
    return found


def test_the_signature_itself_may_not_be_written_in_another_way(
    record: bytes, roots: list[bytes]
) -> None:
    """Its digits are outside of what they sign: only this rule sees a change of case."""
    start = record.rindex(b"/Contents <") + len(b"/Contents <")
    end = record.index(b">", start)
    lower = record[:start] + record[start:end].lower() + record[end:]
    assert len(lower) == len(record)
    assert lower != record
    assert judged(lower, roots).reason == "changed_after_signing"


def test_bytes_around_the_file_are_refused(record: bytes, roots: list[bytes]) -> None:
    assert verify(b"junk" + record, roots=roots).reason == "not_a_pdf"
    assert judged(record + b"junk", roots).verdict != "genuine"
    assert judged(record + b"\n", roots).verdict != "genuine"


def test_a_file_cut_back_to_what_was_drawn_is_not_signed(drawn: bytes, roots: list[bytes]) -> None:
    assert judged(drawn, roots) == FileVerdict("not_signed", "no_signature")


def test_a_rewritten_file_is_refused(record: bytes, roots: list[bytes], tmp_path: Path) -> None:
    (tmp_path / "record.pdf").write_bytes(record)
    run("qpdf", "--linearize", tmp_path / "record.pdf", tmp_path / "linear.pdf")
    run("qpdf", "--qdf", tmp_path / "record.pdf", tmp_path / "plain.pdf")
    for name in ("linear.pdf", "plain.pdf"):
        assert judged((tmp_path / name).read_bytes(), roots).verdict != "genuine"


def test_an_encrypted_file_is_unreadable(record: bytes, roots: list[bytes], tmp_path: Path) -> None:
    (tmp_path / "record.pdf").write_bytes(record)
    run("qpdf", "--encrypt", "", "owner", "256", "--", tmp_path / "record.pdf", tmp_path / "e.pdf")
    assert judged((tmp_path / "e.pdf").read_bytes(), roots).verdict == "unreadable"


# Other people's signatures


def test_the_same_document_signed_by_another_authority_is_not_ours(
    tmp_path: Path, drawn: bytes, roots: list[bytes]
) -> None:
    other = pki.ensure_test_authority(tmp_path / "pki")
    content = sign(signing.load(other, pki.passphrase_of(other)), drawn)
    found = verify(content, roots=roots)
    assert (found.verdict, found.reason) == ("not_ours", "other_signer")


def test_another_holder_of_a_certificate_under_our_root_is_not_us(
    tmp_path: Path, drawn: bytes, known: Known
) -> None:
    root_key, own_key = authorities.key(2048, 1), authorities.key()
    root = authorities.certificate(root_key, common="Root", authority=True)
    own = authorities.certificate(own_key, issuer=(root.subject, root_key), common="Ke gia mao")
    path = authorities.key_file(tmp_path, own_key, own, [root])
    content = sign(signing.load(path, authorities.PASSPHRASE), drawn)
    found = compare(examine(content, [authorities.pem(root)]), content, {RECORD_ID: known}.get)
    assert (found.verdict, found.reason) == ("not_ours", "other_signer")


def test_no_address_in_a_certificate_is_ever_asked(
    tmp_path: Path, drawn: bytes, roots: list[bytes]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        own_key = authorities.key()
        own = authorities.certificate(
            own_key,
            issuer=(authorities.name("Unknown"), authorities.key(2048, 1)),
            asks=f"http://127.0.0.1:{port}/issuer.cer",
        )
        path = authorities.key_file(tmp_path, own_key, own)
        content = sign(signing.load(path, authorities.PASSPHRASE), drawn)
        assert verify(content, roots=roots).verdict == "not_ours"
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_child_can_reach_neither_network_nor_other_programs() -> None:
    code = (
        "import sys, socket, subprocess\n"
        "from inspections.records.examination_process import _refuse_outside\n"
        "sys.addaudithook(_refuse_outside)\n"
        "for work in (lambda: socket.create_connection(('127.0.0.1', 9)),\n"
        "             lambda: subprocess.run(['true'])):\n"
        "    try:\n"
        "        work()\n"
        "    except PermissionError as error:\n"
        "        print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["socket.getaddrinfo", "subprocess.Popen"]


# Hostile files


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file with a plain cross-reference table over these objects."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, trailer, start)
    )


def endless_cross_reference() -> bytes:
    body = b"<</Type/XRef/W[0 0 0]/Size 99999999999/Root 1 0 R/Length 0>>stream\n\nendstream"
    return b"%PDF-1.7\n1 0 obj" + body + b"\nendobj\nstartxref\n9\n%%EOF"


def bomb() -> bytes:
    zeros = zlib.compressobj(9)
    packed = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(300)) + zeros.flush()
    head = b"<</Type/XRef/W[1 4 2]/Size 300000000/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
    return (
        b"%PDF-1.7\n1 0 obj" + head % len(packed) + packed
        + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    )  # fmt: skip


def nested() -> bytes:
    return pdf(b"<</Type/Catalog/Pages 2 0 R/AcroForm " + b"[" * 200_000 + b"]" * 200_000 + b">>")


def circle() -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Fields[4 0 R]>>",
        b"<</T(a)/Kids[5 0 R]>>",
        b"<</T(b)/Kids[4 0 R]>>",
    )


def long_name() -> bytes:
    return pdf(b"<</Type/Catalog/" + b"A" * 5_000_000 + b" 1/AcroForm 2 0 R>>", b"<</Fields[]>>")


def many_fields() -> bytes:
    fields = b" ".join(b"%d 0 R" % n for n in range(3, 5003))
    return pdf(
        b"<</Type/Catalog/AcroForm 2 0 R>>",
        b"<</Fields[" + fields + b"]>>",
        *[b"<</FT/Sig/T(f%d)/V<</Type/Sig>>>>" % n for n in range(5000)],
    )


def own_length() -> bytes:
    return pdf(b"<</Type/Catalog/AcroForm 2 0 R/Length 1 0 R>>stream\n\nendstream", b"<<>>")


@pytest.mark.parametrize(
    "hostile",
    [endless_cross_reference, bomb, nested, circle, long_name, many_fields, own_length],
)
def test_a_hostile_file_gets_an_answer_within_the_limits(
    hostile: Callable[[], bytes], roots: list[bytes]
) -> None:
    content = hostile()
    assert len(content) < verification.MAX_BYTES
    start = time.monotonic()
    found = verify(content, roots=roots)
    assert found.verdict in ("unreadable", "not_signed")
    assert time.monotonic() - start < verification.WALL_SECONDS + 2


def test_the_file_that_hangs_the_parser_is_a_small_one() -> None:
    assert len(endless_cross_reference()) < 165


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"GIF89a", b"%PDF-1.7\nstartxref\n0\n%%EOF"],
)
def test_what_is_no_pdf_is_unreadable(content: bytes, roots: list[bytes]) -> None:
    assert verify(content, roots=roots).verdict == "unreadable"


def test_a_file_over_the_size_is_not_looked_at(roots: list[bytes]) -> None:
    content = b"%PDF-1.7\n" + bytes(verification.MAX_BYTES)
    assert verify(content, roots=roots) == FileVerdict("unreadable", "too_large")


def test_too_many_at_once_are_told_at_once_to_come_back(record: bytes, roots: list[bytes]) -> None:
    """Waiting would hold one of the few threads of the server for each."""
    with taken_slots():
        start = time.monotonic()
        with pytest.raises(verification.VerificationBusyError):
            verify(record, roots=roots)
        assert time.monotonic() - start < 1


def test_a_machine_that_can_start_no_process_is_busy(
    record: bytes, roots: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", fails)
        with pytest.raises(verification.VerificationBusyError):
            verify(record, roots=roots)
    assert verify(record, roots=roots).verdict == "genuine"


@pytest.mark.django_db
def test_an_upload_while_others_are_judged_answers_429(client: Client, record: bytes) -> None:
    with taken_slots():
        answer = client.post("/api/v1/public/verify/", record, content_type="application/pdf")

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer["Retry-After"]) > 0


@contextmanager
def taken_slots() -> Iterator[None]:
    for _ in range(verification.AT_ONCE):
        verification._slots.acquire()
    try:
        yield
    finally:
        for _ in range(verification.AT_ONCE):
            verification._slots.release()
