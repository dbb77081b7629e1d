"""The line of the tests: what it cuts, and how slow it is."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.line import Cut, Line, Shape, line_to

ANSWER = b"answer " * 2000


class Counting(ThreadingHTTPServer):
    """``taken``: the bodies that came whole."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    server: Counting
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return
        self.server.taken.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_request(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as counting:
        threading.Thread(target=counting.serve_forever, daemon=True).start()
        yield counting
        counting.shutdown()


@contextmanager
def phone(line: Line) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", line.port, timeout=20)
    yield connection
    connection.close()


def ask(connection: HTTPConnection, body: bytes) -> bytes:
    connection.request("POST", "/here/", body)
    answer = connection.getresponse()
    if "Content-Length" not in answer.headers:
        raise HTTPException("the head was cut, which http.client takes for its end")
    return answer.read()


def test_what_is_not_cut_goes_through_as_it_is(server: Counting) -> None:
    bodies = [b"small", b"large" * 40_000]
    with line_to(server.server_port) as line, phone(line) as connection:
        assert [ask(connection, body) for body in bodies] == [ANSWER, ANSWER]

    assert server.taken == bodies
    assert line.asked == ["POST /here/", "POST /here/"]
    assert line.carried["up"] > sum(map(len, bodies))
    assert line.carried["down"] > 2 * len(ANSWER)


@pytest.mark.parametrize("size", [5, 200_000])
@pytest.mark.parametrize("cut", list(Cut), ids=lambda cut: cut.name)
def test_a_cut_leaves_the_phone_without_an_answer(server: Counting, cut: Cut, size: int) -> None:
    body = b"x" * size
    for seed in range(5):
        with line_to(server.server_port, seed) as line, phone(line) as connection:
            line.choose = lambda _: cut
            with pytest.raises((OSError, HTTPException)):
                ask(connection, body)
            assert line.cuts == {cut: 1}

    assert server.taken == ([] if cut is Cut.REQUEST else [body] * 5)


def test_a_cut_in_the_middle_lets_the_beginning_through(server: Counting) -> None:
    with line_to(server.server_port, seed=1) as line, phone(line) as connection:
        line.choose = lambda _: Cut.REQUEST
        with pytest.raises((OSError, HTTPException)):
            ask(connection, b"x" * 200_000)

    assert 4096 < line.carried["up"] < 200_000
    assert server.taken == []


def test_the_next_call_goes_through(server: Counting) -> None:
    cuts = iter([Cut.SWALLOWED, None])
    with line_to(server.server_port) as line, phone(line) as connection:
        line.choose = lambda _: next(cuts)
        with pytest.raises((OSError, HTTPException)):
            ask(connection, b"first")
        connection.close()
        assert ask(connection, b"second") == ANSWER

    assert server.taken == [b"first", b"second"]


def test_a_call_takes_as_long_as_the_line_is_long_and_narrow(server: Counting) -> None:
    with line_to(server.server_port) as line, phone(line) as connection:
        line.shape = Shape(round_trip_s=0.1, up=100_000, down=50_000)
        started = time.monotonic()
        ask(connection, b"x" * 20_000)
        took = time.monotonic() - started

    # Handshake, round trip, 0.2 s up and 0.28 s down.
    assert 0.67 < took < 5


def test_two_calls_share_the_line(server: Counting) -> None:
    with line_to(server.server_port) as line, phone(line) as one, phone(line) as other:
        line.shape = Shape(up=100_000)
        threads = [
            threading.Thread(target=ask, args=(connection, b"x" * 30_000))
            for connection in (one, other)
        ]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert time.monotonic() - started > 0.6
