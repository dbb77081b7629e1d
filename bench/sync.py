"""What phones cost over HTTP, as ratios of one run: one connection, one after the other.

A push of 20 visits against 20 single submissions, the same 20 sent again against 20 new ones, and
a bundle that has not changed against the whole of it. On PostgreSQL.

    python bench/sync.py [--rounds 7]

Takes the server of TEST_DATABASE_URL, else the one that comes as a wheel. Sizes are those on the
wire, with gzip. There is no goal to miss: the figures are for whoever changes the code.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from inspections.demo.phone import Answer, Phone  # noqa: E402
from tests import live, postgresql  # noqa: E402

ITEMS = 20
GZIP = {"Accept-Encoding": "gzip"}


class Bench:
    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.milliseconds: dict[str, list[float]] = defaultdict(list)
        self.sizes: dict[str, int] = {}

    def turn(self) -> None:
        singles = [live.visit() for _ in range(ITEMS)]
        self._take("20 single submissions", lambda: self._submit(singles))
        batch = [live.visit() for _ in range(ITEMS)]
        self._take("push of 20", lambda: self._push(batch, "created"))
        self._take("push of the same 20", lambda: self._push(batch, "duplicate"))
        whole = self._take("bundle", lambda: self.phone.get("sync/bundle/", **GZIP))
        known = {**GZIP, "If-None-Match": whole.headers["etag"]}
        same = self._take("bundle unchanged", lambda: self.phone.get("sync/bundle/", **known))
        _expect(same.status == 304, same)
        self.sizes = {"bundle": len(whole.body), "bundle unchanged": len(same.body)}

    def _take(self, name: str, action: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        found = action()
        self.milliseconds[name].append(1000 * (time.perf_counter() - started))
        return found

    def _submit(self, documents: list[dict[str, Any]]) -> None:
        for document in documents:
            answer = self.phone.submit(document)
            _expect(answer.status == 201, answer)

    def _push(self, documents: list[dict[str, Any]], status: str) -> None:
        items = [{"op": "inspection.submit", "id": d["id"], "data": d} for d in documents]
        answer = self.phone.post("sync/push/", {"items": items})
        results = answer.json().get("results", [])
        _expect([result["status"] for result in results] == [status] * ITEMS, answer)

    def report(self) -> None:
        middle = {name: median(times) for name, times in self.milliseconds.items()}
        for name, milliseconds in middle.items():
            size = f"{self.sizes[name]:>8,} bytes" if name in self.sizes else ""
            _say(f"{name:<24}{milliseconds:>9.1f} ms{size}")
        for part, whole in (
            ("push of 20", "20 single submissions"),
            ("push of the same 20", "push of 20"),
            ("bundle unchanged", "bundle"),
        ):
            ratios = [
                one / other
                for one, other in zip(
                    self.milliseconds[part], self.milliseconds[whole], strict=True
                )
            ]
            _say(f"{part} / {whole}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def measure(rounds: int) -> None:
    with (
        postgresql.chosen() as server_url,
        live.new_database(server_url) as url,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        live.on_database(Path(folder) / "data", url) as running,
    ):
        bench = Bench(running.person("inspector"))
        bench.turn()  # caches, pools, statistics
        bench.milliseconds.clear()
        for _ in range(rounds):
            bench.turn()
        bench.report()


def _expect(fine: bool, answer: Answer) -> None:
    if not fine:
        raise SystemExit(f"not what was expected: {answer}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    measure(parser.parse_args().rounds)
