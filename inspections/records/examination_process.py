"""The child of ``verification``: limits first, then the upload from standard input.

In: a line of JSON (roots in PEM), then the bytes of the file. Out: the verdict
as JSON. Whatever goes wrong is a verdict too, or the death of this process.
"""

import json
import logging
import resource
import sys
from typing import Any

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.exec")


def main() -> None:
    _limit()
    roots, pdf = _input()
    from inspections.records.examination import examine
    from inspections.records.verification import FileVerdict, as_json

    sys.addaudithook(_refuse_outside)
    try:
        verdict = examine(pdf, roots)
    except BaseException:  # noqa: BLE001 (RecursionError, MemoryError: all mean the same)
        verdict = FileVerdict("unreadable", "malformed")
    sys.stdout.buffer.write(as_json(verdict))


def _limit() -> None:
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _input() -> tuple[list[bytes], bytes]:
    source = sys.stdin.buffer
    roots: list[str] = json.loads(source.readline())
    return [root.encode("ascii") for root in roots], source.read()


def _refuse_outside(event: str, _arguments: Any) -> None:
    """A certificate may name addresses to ask; judging an upload must never call them."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


if __name__ == "__main__":
    main()
