"""What was promised to phones while things went wrong, and what is found when it is over."""

import json
import threading
import time
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from inspections.records.examination import examine
from tests.inspections.evidence.pictures import digest
from tests.live import Live


@dataclass
class History:
    """Every acknowledged answer, in memory and, line by line, in a file.

    ``submitted``: document and receipt by id; ``broken``: answers that no phone can live with.
    """

    path: Path
    submitted: dict[str, tuple[dict[str, Any], Any]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    attempted: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._file: TextIOWrapper = self.path.open("a", encoding="utf-8")

    @property
    def acknowledged(self) -> int:
        return len(self.submitted) + len(self.photos)

    def note_submission(self, document: dict[str, Any], receipt: Any) -> None:
        with self._lock:
            known = self.submitted.setdefault(document["id"], (document, receipt))
            if known[1] != receipt:
                self.broken.append(f"{document['id']} has two receipts")
            self._write("submission", document["id"])

    def note_photo(self, content: bytes) -> None:
        with self._lock:
            self.photos[digest(content)] = content
            self._write("photo", digest(content))

    def note_broken(self, what: str) -> None:
        with self._lock:
            self.broken.append(what)

    def _write(self, kind: str, name: str) -> None:
        self._file.write(json.dumps({"at": time.time(), "kind": kind, "id": name}) + "\n")
        self._file.flush()


class Aftermath:
    """Everything is read over HTTP. ``run`` names the run in what is said when a check fails."""

    def __init__(self, live: Live, history: History, run: str) -> None:
        self.live, self.history, self.run = live, history, run

    def every(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list, as the department sees it."""
        phone, rows = self.live.person("department"), []
        page = f"{path}{'&' if '?' in path else '?'}page_size=200"
        while page:
            answer = phone.get(page)
            assert answer.status == 200, answer
            rows += answer.json()["results"]
            page = (answer.json()["next"] or "").partition("/api/v1/")[2]
        return rows

    def check_submissions(self) -> None:
        """None is lost, none is doubled, and none is there that nobody sent."""
        found = [row["id"] for row in self.every("inspections/")]
        assert len(found) == len(set(found)), self.run
        assert set(self.history.submitted) <= set(found), self.run
        assert set(found) <= self.history.attempted, self.run

    def check_photos(self, *senders: str) -> None:
        """Each is there as one of the senders has sent it: others get another copy."""
        phones = [self.live.person(username) for username in senders]
        for sha256, content in self.history.photos.items():
            answers = [phone.get(f"evidence/{sha256}/") for phone in phones]
            assert (200, content) in [(a.status, a.body) for a in answers], self.run

    def check_numbers(self) -> None:
        """They run from one without gap."""
        rows = self.every("inspections/")
        numbers = sorted(int(row["number"].partition("/")[0]) for row in rows)
        assert numbers == list(range(1, len(rows) + 1)), self.run

    def check_records(self, patience_s: float) -> None:
        """Each is issued and verifies."""
        roots = [(self.live.server.folder / "pki" / "signing-ca.pem").read_bytes()]
        phone = self.live.person("inspector")
        deadline = time.monotonic() + patience_s
        for identifier in self.history.submitted:
            pdf = phone.wait_for_record(identifier, max(0.0, deadline - time.monotonic()))
            assert pdf.status == 200, f"{self.run}: {pdf}"
            record = phone.get(f"inspections/{identifier}/record/").json()
            assert (record["status"], record["file_sha256"]) == ("issued", digest(pdf.body))
            verdict = examine(pdf.body, roots)
            assert (verdict.verdict, verdict.record_id) == ("genuine", identifier)
            assert verdict.payload_sha256 == record["payload_sha256"]

    def check_trail(self) -> None:
        """The chain is whole, and tells everything once."""
        stored = {row["id"] for row in self.every("inspections/")}
        assert self.live.person("department").get("audit/verify/").json()["whole"], self.run
        for action, subjects in (
            ("inspection.submitted", {f"inspection:{identifier}" for identifier in stored}),
            ("record.issued", {f"record:{identifier}" for identifier in stored}),
        ):
            told = [row["subject"] for row in self.every(f"audit/?action={action}")]
            assert len(told) == len(set(told)), f"{self.run}: {action} twice"
            assert set(told) == subjects
        photos = [row["subject"] for row in self.every("audit/?action=evidence.received")]
        assert len(photos) == len(set(photos))
        assert {f"evidence:{sha256}" for sha256 in self.history.photos} <= set(photos)


def announce(config: pytest.Config, text: str) -> None:
    """Say what a run was about where its tests are counted; processes of their own say nothing."""
    report = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if report and capture:
        with capture.global_and_fixture_disabled():
            report.write_line(f"\n{text}")
