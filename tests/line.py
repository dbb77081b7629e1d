"""The line between a phone and the server: a TCP proxy that is slow, and cuts what it carries."""

import asyncio
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from math import inf

PART = 4096
HEAD = re.compile(rb"([A-Z]+ \S+) HTTP/1\.1\r\n")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Cut(Enum):
    """What reaches the other side before the line is dead."""

    REQUEST = "the server gets a part of the request, or nothing"
    ANSWER = "the phone gets a part of the answer, or nothing"
    SWALLOWED = "the server has answered, and the phone gets nothing"


@dataclass(frozen=True, slots=True)
class Shape:
    """Rates in bytes a second. A new connection costs a round trip as well."""

    round_trip_s: float = 0.0
    up: float = inf
    down: float = inf


SLOW_3G = Shape(0.4, 50_000, 50_000)


class Line:
    """``asked``: the requests that went into it, as ``POST /api/v1/sync/push/``; ``cuts``: how
    many were made of each kind; ``carried``: bytes ``up`` to the server and ``down`` from it.

    ``choose`` says for each request how to cut it, or None; the rates of ``shape`` hold for all
    connections together.
    """

    def __init__(self, server: int, seed: int = 0) -> None:
        self.server, self.port, self.url = server, 0, ""
        self.shape = Shape()
        self.choose: Callable[[str], Cut | None] = lambda _: None
        self.asked: list[str] = []
        self.cuts: Counter[Cut] = Counter()
        self.carried = Counter({"up": 0, "down": 0})
        self.chance = random.Random(seed)  # noqa: S311 (to be repeated)
        self._free_at = {"up": 0.0, "down": 0.0}

    async def listen(self) -> asyncio.Server:
        listening = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return listening

    async def carry(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        """One connection, until one side ends it or it is cut."""
        server, to_server = await asyncio.open_connection("127.0.0.1", self.server)
        call = _Call(self)
        up = asyncio.create_task(self._carry("up", phone, to_server, call.sent))
        down = asyncio.create_task(self._carry("down", server, to_phone, call.answered))
        with suppress(asyncio.CancelledError):
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(self.shape.round_trip_s / 2)  # what is under way arrives
        for end in (up.cancel, down.cancel, to_server.close, to_phone.close):
            end()

    async def _carry(
        self,
        name: str,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        passed: Callable[[bytes], tuple[bytes, bool]],
    ) -> None:
        """Part by part; ``passed`` tells what is left of one, and whether it is the last."""
        loop, is_last = asyncio.get_running_loop(), False
        if name == "up":
            await asyncio.sleep(self.shape.round_trip_s)  # the handshake
        with suppress(OSError):
            while not is_last and (part := await source.read(PART)):
                part, is_last = passed(part)
                self.carried[name] += len(part)
                rate: float = getattr(self.shape, name)
                self._free_at[name] = max(loop.time(), self._free_at[name]) + len(part) / rate
                await asyncio.sleep(self._free_at[name] - loop.time())
                loop.call_later(self.shape.round_trip_s / 2, target.write, part)


class _Call:
    """What goes over one connection, and where to cut it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.cut: Cut | None = None
        self.left = 0

    def sent(self, part: bytes) -> tuple[bytes, bool]:
        if begins := HEAD.match(part):
            name = begins[1].decode()
            self.line.asked.append(name)
            self.cut = self.line.choose(name)
            length = LENGTH.search(part)
            whole = part.find(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
            self.left = self.line.chance.randrange(whole)
        if self.cut is not Cut.REQUEST:
            return part, False
        part, self.left = part[: self.left], self.left - len(part)
        return part, self._is_cut(self.left <= 0)

    def answered(self, part: bytes) -> tuple[bytes, bool]:
        if self.cut is Cut.SWALLOWED:
            part = b""
        elif self.cut is Cut.ANSWER:
            part = part[: self.line.chance.randrange(len(part))]
        return part, self._is_cut(self.cut in (Cut.SWALLOWED, Cut.ANSWER))

    def _is_cut(self, now: bool) -> bool:
        if now and self.cut:
            self.line.cuts[self.cut] += 1
        return now


@contextmanager
def line_to(server: int, seed: int = 0) -> Iterator[Line]:
    """A line to this port of our machine, in a thread of its own."""
    line, loop = Line(server, seed), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(line.listen(), loop).result()
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
