"""Submissions per second over HTTP against a bare INSERT of the same row, in one run.

Both sides write to the same PostgreSQL, turn about. Ours: a document with every answer of the
market checklist and twelve stalls goes to ``manage.py serve`` as it runs by default; it is
checked, scored, numbered, frozen and audited in one durable transaction. Bare: pgbench inserts
the inspection's row alone, prepared and in autocommit, and pays no HTTP, no sign-in, no
validation, no number, no record and no audit entry.

    python bench/submit.py [--rounds 5] [--seconds 4]

Takes the server of TEST_DATABASE_URL, else the one that comes as a wheel. Exit code 1 when goal
S3 is missed (with 8 connections at least 15 % of the bare INSERT), 3 when nothing can be said:
the bare INSERT itself varied more than twofold, or others took more than a tenth of the machine,
which costs the side that computes more than the side that waits for the disk.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

import psycopg  # noqa: E402

from bench import cpu  # noqa: E402
from bench.bare import BareInsert  # noqa: E402
from bench.load import NO_ID  # noqa: E402
from inspections.demo.document import document  # noqa: E402
from markets.seed.demo import stall_id  # noqa: E402
from tests import live, postgresql  # noqa: E402

GOAL, GOAL_AT = 0.15, 8
MOST_FOR_OTHERS = 0.1
CONNECTIONS = (1, 8, 32)
STALLS = {
    "animal_products": ("01", "02", "03"),
    "seafood": ("04", "05"),
    "produce": ("06", "07", "08"),
    "catering": ("09", "10"),
    "dry_other": ("11", "12"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of both sides: rows per second, milliseconds of CPU and of waiting.

    ``others``: the share of the machine that went to what is not part of this.
    """

    bare: float
    ours: float
    bare_database_ms: float
    app_ms: float
    database_ms: float
    client_ms: float
    p50_ms: float
    p99_ms: float
    others: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


class Bench:
    def __init__(self, running: live.Live, url: str, folder: Path) -> None:
        self.running = running
        self.body = folder / "document.json"
        self.body.write_text(json.dumps(_document(), ensure_ascii=False), encoding="utf-8")
        self.receipt_bytes = self._submit(1, 0.5)["receipt_bytes"]
        self.bare = BareInsert(url, "inspections_inspection", folder)
        self.watch = psycopg.connect(url, autocommit=True)

    def turn(self, connections: int, seconds: float) -> Turn:
        before = self._database_s()
        bare = self.bare.run(connections, seconds)
        bare_s = self._database_s() - before
        self.bare.forget()
        between, app_before = self._database_s(), cpu.of_group(self.running.server.pid)
        everybody, started = cpu.of_everybody(), time.monotonic()
        ours = self._submit(connections, seconds)
        everybody, elapsed = cpu.of_everybody() - everybody, time.monotonic() - started
        count = ours["count"]
        app = cpu.of_group(self.running.server.pid) - app_before
        database = self._database_s() - between
        own = app + database + ours["cpu_s"]
        return Turn(
            bare=bare,
            ours=count / ours["seconds"],
            bare_database_ms=1000 * bare_s / (bare * seconds),
            app_ms=1000 * app / count,
            database_ms=1000 * database / count,
            client_ms=1000 * ours["cpu_s"] / count,
            p50_ms=ours["p50_ms"],
            p99_ms=ours["p99_ms"],
            others=max(0.0, everybody - own) / (elapsed * (os.cpu_count() or 1)),
        )

    def _submit(self, connections: int, seconds: float) -> dict[str, Any]:
        phone = self.running.person("inspector")
        command = [sys.executable, str(ROOT / "bench" / "load.py"), str(phone.port)]
        command += [phone.token, str(self.body), str(connections), str(seconds)]
        finished = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603
        found: dict[str, Any] = json.loads(finished.stdout)
        if found["refused"]:
            raise SystemExit(f"a submission was refused: {found['refused']}")
        return found

    def _database_s(self) -> float:
        return cpu.of_siblings(self.watch.info.backend_pid)


def _document() -> dict[str, Any]:
    """Every item answered, three findings; its one photo never arrives, so nothing is drawn."""
    stalls = [
        {"id": str(stall_id(live.MARKET, number)), "commodity": commodity}
        for commodity, numbers in STALLS.items()
        for number in numbers
    ]
    return document(
        NO_ID.decode(),
        live.checklist(),
        establishment=live.MARKET,
        inspector="inspector",
        stalls=stalls,
        fails=["B05", "G03"],
        stall_fails={stalls[0]["id"]: ["K03"]},
        photo=lambda _: "0" * 64,
    )


def measure(rounds: int, seconds: float) -> int:
    with (
        postgresql.chosen() as server_url,
        live.new_database(server_url) as url,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        live.on_database(Path(folder) / "data", url) as running,
    ):
        bench = Bench(running, url, Path(folder))
        bench.turn(GOAL_AT, 1)  # caches, pools, statistics
        turns: dict[int, list[Turn]] = {connections: [] for connections in CONNECTIONS}
        for number in range(1, rounds + 1):
            for connections in CONNECTIONS:
                turns[connections].append(bench.turn(connections, seconds))
            _say(f"round {number} of {rounds}: " + _ratios(turns, number))
        _say(
            f"submission {bench.body.stat().st_size:,} bytes, "
            f"receipt {bench.receipt_bytes:,} bytes, row {bench.bare.row_bytes:,} bytes"
        )
    return _report(turns)


def _ratios(turns: dict[int, list[Turn]], number: int) -> str:
    return ", ".join(f"c={c} {t[number - 1].ratio:.1%}" for c, t in turns.items())


def _report(turns: dict[int, list[Turn]]) -> int:
    _say("")
    _say(
        "  c  ours/s  bare/s  ratio (range)           app ms  db ms bare db  client"
        "  p50 ms  p99 ms others"
    )
    for connections, each in turns.items():
        ratios = [turn.ratio for turn in each]
        _say(
            f"{connections:>3} {_middle(each, 'ours'):>7.1f} {_middle(each, 'bare'):>7.1f}  "
            f"{median(ratios):>5.1%} ({min(ratios):.1%} to {max(ratios):.1%})  "
            f"{_middle(each, 'app_ms'):>6.2f} {_middle(each, 'database_ms'):>6.2f}  "
            f"{_middle(each, 'bare_database_ms'):>7.2f} {_middle(each, 'client_ms'):>7.2f} "
            f"{_middle(each, 'p50_ms'):>7.0f} {_middle(each, 'p99_ms'):>7.0f} "
            f"{_middle(each, 'others'):>6.0%}"
        )
    bare = [turn.bare for turn in turns[GOAL_AT]]
    found = median(turn.ratio for turn in turns[GOAL_AT])
    if max(bare) > 2 * min(bare):
        _say(f"no verdict: the bare INSERT varied from {min(bare):.0f} to {max(bare):.0f} a second")
        return 3
    others = median(turn.others for turn in turns[GOAL_AT])
    if others > MOST_FOR_OTHERS:
        _say(f"no verdict: others took {others:.0%} of the machine (S3 would be {found:.1%})")
        return 3
    met = found >= GOAL
    _say(
        f"S3: {found:.1%} of the bare INSERT at c={GOAL_AT}, goal {GOAL:.0%}: "
        f"{'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


def _middle(turns: Sequence[Turn], name: str) -> float:
    values: list[float] = [getattr(turn, name) for turn in turns]
    return median(values)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    sys.exit(measure(options.rounds, options.seconds))
