"""What processes have cost so far, as Linux counts it."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """``ended_s``: what its children cost that have ended."""

    pid: int
    parent: int
    group: int
    own_s: float
    ended_s: float


def of_group(group: int) -> float:
    """CPU seconds of the living processes of a group."""
    return sum(process.own_s for process in _processes() if process.group == group)


def of_siblings(pid: int) -> float:
    """CPU seconds of a process, its parent and all that the parent ever started; 0 elsewhere."""
    processes = _processes()
    parent = next((process.parent for process in processes if process.pid == pid), None)
    if parent is None:
        return 0.0
    return sum(
        process.own_s + (process.ended_s if process.pid == parent else 0.0)
        for process in processes
        if parent in (process.pid, process.parent)
    )


def of_everybody() -> float:
    """CPU seconds that this machine has spent on anything."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, *others = (int(field) * TICK_S for field in fields[:8])
    return user + nice + system + sum(others)


def _processes() -> list[Process]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        own, system, ended, ended_system = (int(field) * TICK_S for field in fields[11:15])
        parent, group = int(fields[1]), int(fields[2])
        found.append(
            Process(int(path.parent.name), parent, group, own + system, ended + ended_system)
        )
    return found
