"""One server process: whole requests are read before a thread is taken, so that slow phones
cost a buffer and not a thread; a stop lets what has begun come to its end.
"""

import gc
import json
import logging
import signal
import socket
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.utils import translation
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.server import create_server
from waitress.task import ErrorTask

from backend.common import middleware, problems
from backend.common.text import Bilingual

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
STOP_S = 25
ECHO_S = 1.0
LINGER_S = 5
BIND_S = 10
BACKLOG = 1024
# A phone may pause for minutes on a mountain road; what counts is silence, not duration.
SILENCE_S = 300
# A head is a thousand bytes, and between requests a phone only saves a handshake: neither may
# take the place of somebody else for long.
HEAD_S = 30
IDLE_S = 75
CONNECTIONS = 500
# A thread that holds the lock on the numbers and got its answer from the database must not wait
# for another that checks a document; Python's own 5 ms are longer than most of what we do.
SWITCH_S = 0.0005
HEADER_LIMIT = 32 * 1024

logger = logging.getLogger(__name__)

_REFUSALS: dict[int, tuple[str, Bilingual]] = {
    413: ("too_large", Bilingual("Nội dung quá lớn", "The content is too large")),
    431: ("headers_too_large", Bilingual("Phần đầu quá lớn", "The headers are too large")),
    500: ("internal_error", Bilingual("Lỗi máy chủ", "The server failed")),
}
_MALFORMED = ("malformed", Bilingual("Yêu cầu không đúng định dạng", "The request is malformed"))


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Takes every line that cannot be read as a malformed request, not as a fault of ours."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except (ValueError, TransferEncodingNotImplemented) as error:
            raise ParsingError("unreadable") from error


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """The answer to what never reaches the application, as a problem document like the rest."""

    def execute(self) -> None:
        status = self.request.error.code
        code, title = _REFUSALS.get(status, _MALFORMED)
        language = middleware.language(self.request.headers.get("ACCEPT_LANGUAGE", ""))
        identifier = str(uuid.uuid4())
        token = middleware.request_id.set(identifier)
        try:
            logger.info("refused before the application", extra={"fields": {"status": status}})
            with translation.override(language):
                document = problems.problem(status, code, title)
        finally:
            middleware.request_id.reset(token)
        body = json.dumps(document, ensure_ascii=False).encode()
        self.status = f"{status} {self.request.error.reason}"
        self.response_headers += [
            ("Content-Type", problems.CONTENT_TYPE),
            ("Content-Language", language),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", identifier),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.linger = True
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that reads on for a while after a refusal.

    Closing at once while the client still sends makes the kernel reset the connection, and the
    answer is lost on the way: the phone would see a broken line and try again for ever.
    """

    parser_class = Parser
    error_task_class = Refusal
    linger = False
    lingers_until = 0.0
    head_begun_at = 0.0

    def readable(self) -> bool:
        """Asked at every turn, so the time that a client has left is looked at here."""
        if self._takes_too_long():
            self.will_close = True
        return bool(self.lingers_until) or bool(super().readable())

    def _takes_too_long(self) -> bool:
        if self.request is None or self.request.headers_finished:
            self.head_begun_at = 0.0
            return self.idle and time.time() - self.last_activity > IDLE_S
        self.head_begun_at = self.head_begun_at or time.monotonic()
        return time.monotonic() - self.head_begun_at > HEAD_S

    def handle_read(self) -> None:
        if not self.lingers_until:
            super().handle_read()
        elif not self.recv(self.adj.recv_bytes) or time.monotonic() > self.lingers_until:
            self.handle_close()

    def handle_close(self) -> None:
        if self.linger and self.connected:
            self.linger = self.will_close = False
            self.lingers_until = time.monotonic() + LINGER_S
            self.socket.shutdown(socket.SHUT_WR)
        else:
            super().handle_close()

    def handle_error(self) -> None:
        # The text of waitress names the address of the client.
        logger.exception("a connection failed")
        self.linger = False
        self.handle_close()

    @property
    def idle(self) -> bool:
        """Neither reading a request nor answering one."""
        return not (self.requests or self.request or self.total_outbufs_len)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; waits a little for a predecessor that is just going away."""
    family, kind, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    deadline = time.monotonic() + BIND_S
    while True:
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError:
            listener.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            listener.listen(BACKLOG)
            return listener


class Stop:
    """Stop in good order at the first SIGTERM or SIGINT, at once at a later one.

    What comes within a second is the same request once more: a terminal, ``make`` and systemd
    signal a whole group of processes, whose head passes it on.
    """

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.asked_at = 0.0
        self.on_first = on_first
        for number in STOP_SIGNALS:
            signal.signal(number, self)

    @property
    def asked(self) -> bool:
        return bool(self.asked_at)

    def __call__(self, number: int, _frame: object) -> None:
        if not self.asked:
            self.asked_at = time.monotonic()
            self.on_first()
        elif time.monotonic() - self.asked_at > ECHO_S:
            raise SystemExit(128 + number)


def serve(listener: socket.socket, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Answer until SIGTERM or SIGINT, or until ``should_stop`` (asked every second) is true."""
    from backend.operations.background import start_background

    server = create_server(
        get_internal_wsgi_application(),
        sockets=[listener],
        # Until a trusted proxy says what it was.
        url_scheme="https" if settings.HTTPS else "http",
        threads=settings.WEB_THREADS,
        ident="",
        backlog=BACKLOG,
        recv_bytes=64 * 1024,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENCE_S,
        max_request_header_size=HEADER_LIMIT,
        max_request_body_size=settings.SERVER_BODY_LIMIT,
        clear_untrusted_proxy_headers=False,  # TrustedProxies decides
        asyncore_use_poll=True,
    )
    server.channel_class = Channel
    _calm_collector()
    sys.setswitchinterval(SWITCH_S)
    stop = Stop(server.pull_trigger)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    stop_background = start_background()
    while not stop.asked and not should_stop():
        _turn(server, 1.0)
    _finish(server, stop_background)


def _calm_collector() -> None:
    """Look for garbage less often: a request makes thousands of objects and hardly a cycle.

    What is loaded by now stays for ever and is looked at no more. Without this a sixth of the
    time of a submission went into the search.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def _turn(server: Any, timeout: float) -> None:
    wasyncore.loop(timeout=timeout, use_poll=True, map=server._map, count=1)  # noqa: SLF001


def _finish(server: Any, stop_background: Callable[[float], None]) -> None:
    server.accepting = False
    server.del_channel()
    server.socket.close()
    deadline = time.monotonic() + STOP_S
    while time.monotonic() < deadline:
        for channel in list(server.active_channels.values()):
            if channel.idle:
                channel.handle_close()
        if not server.active_channels:
            break
        _turn(server, 0.1)
    stop_background(max(0.0, deadline - time.monotonic()))
    server.task_dispatcher.shutdown(timeout=1)
