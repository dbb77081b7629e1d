"""Several processes behind one socket: one that dies is replaced, none outlives its parent."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inspections.demo.own_server import OwnServer
from inspections.demo.phone import Phone
from tests.live import live_server


def alive() -> dict[int, int]:
    """The parent of each process that runs; one that waits to be reaped has ended."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # ended while we looked
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    return parents


def children(parent: int) -> set[int]:
    return {pid for pid, its_parent in alive().items() if its_parent == parent}


def eventually(condition: Callable[[], bool], within_s: float = 15) -> bool:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_a_family_of_server_processes(tmp_path: Path) -> None:
    with live_server(tmp_path, WEB_PROCESSES="2") as live:
        parent = live.server.pid
        first = children(parent)
        assert len(first) == 2

        os.kill(min(first), signal.SIGKILL)
        assert eventually(lambda: len(children(parent) - {min(first)}) == 2)
        assert max(first) in children(parent)
        assert Phone(live.server.port).get("/healthz").status == 200

        orphans = children(parent)
        os.kill(parent, signal.SIGKILL)
        begin_again(live.server)
        assert eventually(lambda: orphans.isdisjoint(alive()))
        assert live.server.stop() == 0


def begin_again(server: OwnServer) -> None:
    """Start on the same port at once, while the orphans may still listen there."""
    group, server._process = server._process, None
    assert group is not None
    group.wait()
    server.start()
