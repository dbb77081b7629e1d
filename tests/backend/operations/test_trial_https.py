"""HTTPS=1: a certificate of our own, and the way of a request through it."""

import http.client
import json
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography import x509

from backend import lan
from backend.operations import trial_certificate
from backend.operations.trial_https import in_front
from inspections.demo.own_server import OwnServer
from tests.live import PASSWORD

NAMES = ["localhost", "127.0.0.1", "::1", "may-tinh", "192.168.1.7"]


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


class TestCertificate:
    def test_names_everything_and_is_for_servers_alone(self, tmp_path: Path) -> None:
        found = certificate(trial_certificate.ensure(tmp_path, NAMES))

        told = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert told.get_values_for_type(x509.DNSName) == ["localhost", "may-tinh"]
        assert [str(ip) for ip in told.get_values_for_type(x509.IPAddress)] == [
            "127.0.0.1", "::1", "192.168.1.7",
        ]  # fmt: skip
        assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
        found.verify_directly_issued_by(certificate(tmp_path / "ca.pem"))
        assert found.not_valid_after_utc - found.not_valid_before_utc < timedelta(days=398)

    def test_only_the_owner_reads_the_keys(self, tmp_path: Path) -> None:
        trial_certificate.ensure(tmp_path / "https", NAMES)

        assert stat.S_IMODE((tmp_path / "https").stat().st_mode) == 0o700
        for path in (tmp_path / "https").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"PRIVATE" not in (tmp_path / "https" / "ca.pem").read_bytes()

    def test_stays_until_a_name_is_missing_or_it_runs_out_and_its_authority_longer(
        self, tmp_path: Path
    ) -> None:
        authority = tmp_path / "ca.pem"
        first = trial_certificate.ensure(tmp_path, NAMES).read_bytes()
        installed = authority.read_bytes()

        same = trial_certificate.ensure(tmp_path, NAMES[:3]).read_bytes()
        moved = trial_certificate.ensure(tmp_path, [*NAMES, "10.0.0.9"]).read_bytes()
        with time_machine.travel(datetime.now(UTC) + timedelta(days=370)):
            renewed = trial_certificate.ensure(tmp_path, NAMES).read_bytes()

        assert same == first
        assert len({first, moved, renewed}) == 3
        assert authority.read_bytes() == installed

    @pytest.mark.parametrize("damaged", ["ca.pem", "ca.key", "server.pem"])
    def test_what_is_damaged_is_made_anew(self, tmp_path: Path, damaged: str) -> None:
        trial_certificate.ensure(tmp_path, NAMES)
        (tmp_path / damaged).write_bytes(b"nonsense")

        found = certificate(trial_certificate.ensure(tmp_path, [*NAMES, "another"]))

        found.verify_directly_issued_by(certificate(tmp_path / "ca.pem"))


def test_an_answer_that_has_begun_is_handed_over_before_the_end(tmp_path: Path) -> None:
    served = trial_certificate.ensure(tmp_path, ["localhost"])
    context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    listener = socket.create_server(("127.0.0.1", 0))
    answer = b"x" * 3_000_000
    with in_front(listener, served) as inside:
        port = listener.getsockname()[1]
        plain = socket.create_connection(("127.0.0.1", port))
        with context.wrap_socket(plain, server_hostname="localhost") as phone:
            phone.sendall(b"question")
            server, _ = inside.accept()
            assert server.recv(100) == b"question"
            server.sendall(answer)
            server.close()
            assert read_all(phone) == answer

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def read_all(phone: ssl.SSLSocket) -> bytes:
    read = b""
    with suppress(ssl.SSLEOFError):
        while chunk := phone.recv(65536):
            read += chunk
    return read


class SecureServer(OwnServer):
    def _is_ready(self) -> bool:
        with suppress(OSError):
            return self.ask("GET", "/readyz")[0] == 200
        return False

    def ask(self, method: str, path: str, body: Any = None, name: str = "localhost") -> Any:
        """Status, headers and body, as a phone sees them that has installed our authority."""
        context = ssl.create_default_context(cafile=str(self.folder / "https" / "ca.pem"))
        connection = http.client.HTTPSConnection(name, self.port, context=context, timeout=30)
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureServer]:
    made = SecureServer(tmp_path_factory.mktemp("https"), {"HTTPS": "1", "LOG_LEVEL": "INFO"})
    made.prepare().start()
    yield made
    assert made.stop() == 0


def test_a_browser_that_trusts_the_authority_sees_a_secure_site(server: SecureServer) -> None:
    status, headers, page = server.ask("GET", "/admin/login/")

    assert status == 200
    assert "Secure" in headers["Set-Cookie"]
    assert b"csrfmiddlewaretoken" in page
    assert "Strict-Transport-Security" not in headers
    assert server.ask("GET", "/healthz", name=lan.address())[0] == 200


def test_the_address_of_the_network_stands_in_what_phones_get(server: SecureServer) -> None:
    _, _, signed_in = server.ask(
        "POST", "/api/v1/auth/token/", {"username": "inspector", "password": PASSWORD}
    )

    assert json.loads(signed_in)["user"]["username"] == "inspector"
    assert f"Serving https://{lan.address()}:{server.port} " in server.last_words()


def test_whoever_does_not_trust_it_leaves_no_trace_of_an_address_in_the_log(
    server: SecureServer,
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        http.client.HTTPSConnection("localhost", server.port, timeout=5).request("GET", "/healthz")
    plain = http.client.HTTPConnection("localhost", server.port, timeout=5)
    plain.request("GET", "/healthz")
    with pytest.raises((http.client.HTTPException, OSError)):
        plain.getresponse()

    assert server.ask("GET", "/healthz")[0] == 200
    assert "Traceback" not in server.last_words()
