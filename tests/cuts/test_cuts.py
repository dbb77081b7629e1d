"""The line is cut again and again, at any byte of what is asked and answered: what phones have
sent is there once, with every photo.

``CUTS`` is the number of cuts (25; 500 for a release), over at least three visits for five cuts;
``CUTS_SEED`` repeats a run, as far as threads allow. Afterwards everything is read over HTTP.
"""

import os
import random
import time
from collections.abc import Iterator

import pytest

from tests.aftermath import Aftermath, History, announce
from tests.cuts.phone import QueueingPhone
from tests.line import Cut, Line, line_to
from tests.live import Live, live_server

CUTS = int(os.environ.get("CUTS", "25"))
VISITS = CUTS * 3 // 5
SEED = int(os.environ.get("CUTS_SEED", str(random.SystemRandom().randrange(10**9))))
PEOPLE = ("inspector", "inspector2")
PHONES = 6
SHARE = 0.35  # of what is asked
PATIENCE_S = 60 + 2 * CUTS


class Storm(Aftermath):
    def __init__(self, live: Live, history: History, line: Line) -> None:
        super().__init__(live, history, f"seed {SEED}")
        self.line = line


@pytest.fixture(scope="module")
def storm(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Storm]:
    folder = tmp_path_factory.mktemp("cuts")
    with live_server(folder) as live, line_to(live.server.port, SEED) as line:
        history = History(folder / "history.jsonl")
        _send(line, history)
        cuts = ", ".join(f"{line.cuts[cut]} {cut.name.lower()}" for cut in Cut)
        announce(
            request.config,
            f"{line.cuts.total()} cuts ({cuts}), seed {SEED}: {len(history.submitted)} visits and "
            f"{len(history.photos)} photos in {len(line.asked)} calls",
        )
        yield Storm(live, history, line)


def _send(line: Line, history: History) -> None:
    line.choose = lambda _: line.chance.choice(list(Cut)) if line.chance.random() < SHARE else None
    phones = [
        QueueingPhone(line.port, PEOPLE[number % len(PEOPLE)], history, number, SEED)
        for number in range(PHONES)
    ]
    for phone in phones:
        phone.start()
    deadline = time.monotonic() + PATIENCE_S
    while line.cuts.total() < CUTS or len(history.submitted) < VISITS:
        assert not history.broken, history.broken[0]
        assert time.monotonic() < deadline, f"too slow to say anything (seed {SEED})"
        time.sleep(0.1)
    for phone in phones:
        phone.stopping.set()
    for phone in phones:
        phone.join(PATIENCE_S)
        assert not phone.is_alive(), f"a phone is stuck (seed {SEED})"
        assert not phone.queue, f"a phone gave up (seed {SEED})"


def test_every_kind_of_cut_was_met_and_every_answer_understood(storm: Storm) -> None:
    assert storm.line.cuts.total() >= CUTS
    assert set(storm.line.cuts) == set(Cut)
    assert len(storm.history.submitted) >= VISITS
    assert storm.history.broken == []


def test_no_visit_is_lost_or_doubled(storm: Storm) -> None:
    storm.check_submissions()
    assert set(storm.history.submitted) == storm.history.attempted


def test_the_numbers_run_from_one_without_gap(storm: Storm) -> None:
    storm.check_numbers()


def test_every_photo_is_there_and_no_visit_waits_for_one(storm: Storm) -> None:
    storm.check_photos(*PEOPLE)
    phone = storm.live.person("department")
    for identifier in storm.history.submitted:
        told = phone.get(f"inspections/{identifier}/").json()
        assert told["missing_evidence"] == [], storm.run
        photos = {
            sha256 for answer in told["answers"].values() for sha256 in answer.get("photos", ())
        }
        assert photos, storm.run
        assert photos <= set(storm.history.photos), storm.run


def test_what_is_sent_once_more_gets_the_first_receipt(storm: Storm) -> None:
    phones = {username: storm.live.person(username) for username in PEOPLE}
    for document, receipt in storm.history.submitted.values():
        sender = document["team"][0]["username"]
        item = {"op": "inspection.submit", "id": document["id"], "data": document}
        [result] = phones[sender].post("sync/push/", {"items": [item]}).json()["results"]
        assert (result["status"], result["receipt"]) == ("duplicate", receipt), storm.run


def test_every_record_is_issued_and_verifies(storm: Storm) -> None:
    storm.check_records(PATIENCE_S)


def test_the_trail_is_whole_and_tells_everything_once(storm: Storm) -> None:
    storm.check_trail()
