"""Send submissions from a process of its own, as fast as the server takes them.

    python bench/load.py PORT TOKEN BODY CONNECTIONS SECONDS

``BODY`` is a file with a document whose id is all zeros; each submission gets another id. One
thread serves all connections with bytes that are ready, so that the client costs a fraction of
the server. When the time is over, what has been sent is still awaited. Prints one line of JSON.
"""

import json
import selectors
import socket
import sys
import time
import uuid
from pathlib import Path

NO_ID = b"00000000-0000-4000-8000-000000000000"
CREATED = b"HTTP/1.1 201"
PATIENCE_S = 60.0


class Connection:
    """One phone: sends, waits for the whole answer, sends the next."""

    def __init__(self, port: int, head: bytes, body: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head, self.body = head, body
        self.answer = b""
        self.sent_at = 0.0

    def send(self) -> None:
        fresh = str(uuid.uuid4()).encode()
        self.answer = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall((self.head + self.body).replace(NO_ID, fresh))

    def read(self) -> bool:
        """Whether the whole answer is here. Raises ConnectionError when there will be none."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self.answer += part
        head, end, rest = self.answer.partition(b"\r\n\r\n")
        if not end:
            return False
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return len(rest) >= length


def run(port: int, token: str, body: bytes, count: int, seconds: float) -> dict[str, object]:
    head = (
        f"POST /api/v1/inspections/{NO_ID.decode()}/submit/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    selector = selectors.DefaultSelector()
    started = time.perf_counter()
    for _ in range(count):
        connection = Connection(port, head, body)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send()
    waiting, took, refused = count, [], b""
    while waiting:
        ready = selector.select(PATIENCE_S)
        if not ready:
            raise TimeoutError("the server does not answer")
        for key, _ in ready:
            connection = key.data
            if not connection.read():
                continue
            now = time.perf_counter()
            if not connection.answer.startswith(CREATED):
                refused = connection.answer
            took.append(now - connection.sent_at)
            if now - started < seconds and not refused:
                connection.send()
            else:
                waiting -= 1
    elapsed = time.perf_counter() - started
    took.sort()
    return {
        "count": len(took),
        "seconds": elapsed,
        "refused": refused[-400:].decode(errors="replace"),
        "cpu_s": time.process_time(),
        "p50_ms": 1000 * took[len(took) // 2],
        "p99_ms": 1000 * took[len(took) * 99 // 100],
        "receipt_bytes": len(connection.answer.partition(b"\r\n\r\n")[2]),
    }


if __name__ == "__main__":
    port, token, path, count, seconds = sys.argv[1:]
    result = run(int(port), token, Path(path).read_bytes(), int(count), float(seconds))
    sys.stdout.write(json.dumps(result) + "\n")
