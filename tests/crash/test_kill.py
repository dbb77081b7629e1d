"""kill -9 of the whole server at random moments: what was acknowledged is there, once.

``CRASH_ROUNDS`` is the number of kills (5; 50 for a release), ``CRASH_SEED`` repeats a run.
Afterwards everything is read over HTTP.
"""

import os
import random
import time
from collections.abc import Iterator

import pytest

from inspections.demo.own_server import OwnServer
from tests.aftermath import Aftermath, History, announce
from tests.crash.load import Client
from tests.live import at_once, live_server, visit

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "5"))
SEED = int(os.environ.get("CRASH_SEED", str(random.SystemRandom().randrange(10**9))))
CLIENTS = 8
# A run in which next to nothing was promised would keep every promise.
FEWEST_PER_KILL = 10
UP_S = (0.3, 1.5)
ISSUE_S = 60 + 2 * ROUNDS


@pytest.fixture(scope="module")
def aftermath(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Aftermath]:
    folder = tmp_path_factory.mktemp("crash")
    with live_server(folder) as live:
        history = History(folder / "history.jsonl")
        _storm(live.server, history)
        announce(
            request.config,
            f"{ROUNDS} kills, seed {SEED}: {len(history.submitted)} submissions and "
            f"{len(history.photos)} photos acknowledged",
        )
        yield Aftermath(live, history, f"seed {SEED}")


def _storm(server: OwnServer, history: History) -> None:
    chance = random.Random(SEED)  # noqa: S311 (to be repeated)
    clients = [Client(server.port, history, number, SEED) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for _ in range(ROUNDS):
        time.sleep(chance.uniform(*UP_S))
        server.kill()
        server.start()
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join(120)
        assert not client.is_alive(), f"a client is stuck (seed {SEED})"


def test_enough_was_acknowledged_to_say_anything(aftermath: Aftermath) -> None:
    assert aftermath.history.acknowledged >= FEWEST_PER_KILL * ROUNDS, f"seed {SEED}: void"


def test_every_answer_was_one_that_a_phone_can_live_with(aftermath: Aftermath) -> None:
    assert aftermath.history.broken == []


def test_no_acknowledged_submission_is_lost_or_doubled(aftermath: Aftermath) -> None:
    aftermath.check_submissions()


def test_a_repeated_submission_gives_the_receipt_of_the_first_answer(aftermath: Aftermath) -> None:
    phone = aftermath.live.person("inspector")

    for document, receipt in aftermath.history.submitted.values():
        answer = phone.submit(document)
        assert (answer.status, answer.body) == (200, receipt), aftermath.run


def test_no_acknowledged_photo_is_lost(aftermath: Aftermath) -> None:
    aftermath.check_photos("inspector")


def test_the_numbers_run_from_one_without_gap(aftermath: Aftermath) -> None:
    aftermath.check_numbers()


def test_every_record_is_issued_and_verifies(aftermath: Aftermath) -> None:
    aftermath.check_records(ISSUE_S)


def test_the_public_door_takes_the_last_record_as_genuine(aftermath: Aftermath) -> None:
    phone = aftermath.live.person("inspector")
    *_, identifier = aftermath.history.submitted
    pdf = phone.wait_for_record(identifier).body

    answer = phone.send("POST", "public/verify/", pdf, {"Content-Type": "application/pdf"})

    assert answer.json()["verdict"] == "genuine", answer


def test_the_trail_is_whole_and_tells_everything_once(aftermath: Aftermath) -> None:
    aftermath.check_trail()


def test_after_it_all_the_service_takes_new_work(aftermath: Aftermath) -> None:
    phones = [aftermath.live.person("inspector") for _ in range(4)]

    answers = at_once(4, lambda number: phones[number].submit(visit()))

    assert [answer.status for answer in answers] == [201] * 4
