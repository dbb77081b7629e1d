"""HTTPS in front of the server, for trials in a local network: takes off TLS and hands on bytes.

The server behind it is told by ``HTTPS`` that every request came this way, so nothing has to be
read or added here. A service in earnest has a proxy in front (docs/operations.md).
"""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHUNK = 64 * 1024
STOP_S = 5

logger = logging.getLogger(__name__)


@contextmanager
def in_front(listener: socket.socket, certificate: Path) -> Iterator[socket.socket]:
    """Answer HTTPS on ``listener`` until the block ends; gives the socket to serve HTTP on.

    ``certificate``: a PEM file with key and certificate. On the way out answers that have begun
    are handed over for at most ``STOP_S``.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as inside:
        front = _Front(listener, certificate, inside.getsockname())
        front.start()
        try:
            yield inside
        finally:
            front.stop()


class _Front(threading.Thread):
    def __init__(self, listener: socket.socket, certificate: Path, inside: tuple[str, int]) -> None:
        super().__init__(name="https", daemon=True)
        self.listener = listener
        self.inside = inside
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.context.set_alpn_protocols(["http/1.1"])
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(_note)
        self.open: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    def run(self) -> None:
        self.loop.run_until_complete(self._serve())

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.ended.set)
        self.join(STOP_S + 1)

    async def _serve(self) -> None:
        server = await asyncio.start_server(
            self._connected, sock=self.listener, ssl=self.context, limit=CHUNK
        )
        await self.ended.wait()
        server.close()
        if self.open:
            await asyncio.wait(self.open, timeout=STOP_S)

    def _connected(self, outer: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = self.loop.create_task(self._hand_on(outer, back))
        self.open.add(task)
        task.add_done_callback(self.open.discard)

    async def _hand_on(self, outer: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            inner, on = await asyncio.open_connection(*self.inside, limit=CHUNK)
        except OSError:
            back.close()
        else:
            await _relay((outer, on), (inner, back))


async def _relay(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Hand on in both directions until one of them ends; then both do."""
    pumps = [asyncio.ensure_future(_pump(*way)) for way in ways]
    await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    for pump in pumps:
        pump.cancel()
    await asyncio.gather(*pumps, return_exceptions=True)
    for _, writer in ways:
        writer.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(CHUNK):
            sink.write(chunk)
            await sink.drain()


def _note(_loop: asyncio.AbstractEventLoop, _context: dict[str, object]) -> None:
    """Of browsers that do not trust us yet; what asyncio would say holds their addresses."""
    logger.info("a connection was not understood")
