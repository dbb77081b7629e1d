"""The server itself: slow phones, refusals before the application, a stop in good order."""

import http.client
import json
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from waitress.server import create_server

from backend.operations import server
from tests.backend.operations.wire import dial, exchange, parse, read_to_end
from tests.live import PASSWORD, Live, live_server

HOST = b"Host: localhost\r\n"
MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"FOO\r\n\r\n", 400, "malformed"),
        (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 400, "malformed"),
        (b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n", 400, "malformed"),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400, "malformed"),
        (
            b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
            400,
            "malformed",
        ),
        (
            b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
            400,
            "malformed",
        ),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n", 400, "malformed"),
        (
            b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            400,
            "malformed",
        ),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431, None),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999\r\n\r\n", 413, "too_large"),
    ],
)
def test_what_never_reaches_the_application_is_refused_as_a_problem(
    live: Live, request_bytes: bytes, status: int, code: str | None
) -> None:
    reply = exchange(live.server.port, request_bytes)
    problem = reply.json()
    assert reply.status == problem["status"] == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["X-Request-Id"] == problem["request_id"]
    assert code in {None, problem["code"]}
    assert "Server" not in reply.headers


def test_a_refusal_speaks_the_language_of_the_request(live: Live) -> None:
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999\r\n"
    titles = [
        exchange(live.server.port, head + language + b"\r\n").json()["title"]
        for language in (b"", b"Accept-Language: en-GB\r\n")
    ]
    assert titles == ["Nội dung quá lớn", "The content is too large"]


def test_a_refusal_arrives_even_while_the_client_still_sends(live: Live) -> None:
    body = b"\0" * (30 * MIB)
    head = b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % len(body)
    assert exchange(live.server.port, head + body).status == 413


def test_a_foreign_host_name_is_refused(live: Live) -> None:
    reply = exchange(
        live.server.port,
        b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    )
    assert (reply.status, reply.json()["code"]) == (400, "malformed")


def test_head_has_no_body_that_could_be_taken_for_the_next_answer(live: Live) -> None:
    client = http.client.HTTPConnection("127.0.0.1", live.server.port, timeout=20)
    client.request("GET", "/nowhere")
    length = len(client.getresponse().read())
    with dial(live.server.port) as connection:
        connection.sendall(
            b"HEAD /nowhere HTTP/1.1\r\n" + HOST + b"\r\n"
            b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
        )
        head, _, rest = read_to_end(connection).partition(b"\r\n\r\n")
    assert f"Content-Length: {length}".encode() in head
    assert parse(rest).json() == {"status": "alive"}


def test_a_connection_is_kept_for_the_next_request(live: Live) -> None:
    client = http.client.HTTPConnection("127.0.0.1", live.server.port, timeout=20)
    client.connect()
    first = client.sock
    for _ in range(3):
        client.request("GET", "/api/v1/nowhere/")
        client.getresponse().read()
    assert client.sock is first


def test_forty_slow_uploads_do_not_keep_others_waiting(live: Live) -> None:
    head = b"PUT /api/v1/evidence/x/ HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000\r\n\r\nabc"
    slow = [dial(live.server.port) for _ in range(40)]
    try:
        for connection in slow:
            connection.sendall(head)
        begun = time.monotonic()
        for _ in range(10):
            reply = exchange(
                live.server.port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
            )
            assert reply.status == 200
        assert time.monotonic() - begun < 5
    finally:
        for connection in slow:
            connection.close()


def test_the_log_holds_no_token_no_password_and_no_name(live: Live) -> None:
    phone = live.person("inspector")
    phone.get("auth/me/")
    phone.get("establishments/?search=boc+bo")
    phone.post("auth/token/", {"username": "manager.bocbo", "password": "wrong-password"})
    written = live.server.log.read_text()
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    routes = {line["route"] for line in lines if line["logger"] == "backend.access"}
    assert {"/api/v1/auth/me/", "/api/v1/establishments/", "/api/v1/auth/token/"} <= routes
    assert any(line.get("user") for line in lines)
    for secret in (phone.token, PASSWORD, "wrong-password", "boc", "Lan", "manager.bocbo"):
        assert secret not in written


def test_a_stop_lets_a_request_that_has_begun_come_to_its_end(tmp_path: Path) -> None:
    with (
        live_server(tmp_path) as live,
        dial(live.server.port) as begun,
        dial(live.server.port) as idle,
        ThreadPoolExecutor(1) as pool,
    ):
        begun.sendall(
            b"POST /api/v1/auth/token/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
            b"Content-Length: 2\r\n\r\n"
        )
        time.sleep(0.3)
        os.killpg(live.server.pid, signal.SIGTERM)  # and `stop` signals the head once more
        ending = pool.submit(live.server.stop)
        assert idle.recv(1) == b""  # nothing was under way here
        with pytest.raises(ConnectionRefusedError):
            dial(live.server.port)
        begun.sendall(b"{}")
        assert parse(read_to_end(begun)).status == 400
        assert ending.result() == 0


def test_a_later_signal_ends_at_once(tmp_path: Path) -> None:
    with live_server(tmp_path) as live, dial(live.server.port) as begun:
        begun.sendall(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n")
        time.sleep(0.3)
        os.kill(live.server.pid, signal.SIGTERM)
        time.sleep(1.5)
        at = time.monotonic()
        assert live.server.stop() == 128 + signal.SIGTERM
        assert time.monotonic() - at < 5


def test_half_a_head_and_silence_give_their_place_up_but_a_slow_body_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "HEAD_S", 0.3)
    monkeypatch.setattr(server, "IDLE_S", 0.3)
    listener = server.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]

    def echo(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Content-Length", "2")])
        return [environ["wsgi.input"].read()]

    running = create_server(echo, sockets=[listener])
    running.channel_class = server.Channel
    ended = threading.Event()

    def turn() -> None:
        while not ended.is_set():
            server._turn(running, 0.05)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        silent, half, slow = dial(port), dial(port), dial(port)
        head = b"POST / HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 2\r\n\r\n"
        slow.sendall(head + b"a")
        for _ in range(6):
            with suppress(OSError):  # once it was cut off
                half.sendall(b"X")
            time.sleep(0.1)
        slow.sendall(b"b")

        assert _is_closed(silent)
        assert _is_closed(half)
        assert read_to_end(slow).endswith(b"ab")
    finally:
        ended.set()
        thread.join()
        running.close()


def _is_closed(client: socket.socket) -> bool:
    client.settimeout(5)
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True
