"""PATCH /api/v1/evidence/{sha256}/upload/, several at the same moment."""

import time
from typing import Any

from inspections.demo.phone import Answer, Phone
from tests.inspections.evidence.pictures import digest, picture
from tests.live import Live, at_once, statuses

PIECE = 4096


def send(phone: Phone, content: bytes, at: int, size: int = PIECE) -> Answer:
    last = at + size >= len(content)
    return phone.send(
        "PATCH",
        f"evidence/{digest(content)}/upload/",
        content[at : at + size],
        {
            "Content-Type": "application/partial-upload",
            "Upload-Offset": str(at),
            "Upload-Complete": "?1" if last else "?0",
        },
    )


def noise(seed: int) -> bytes:
    return picture("PNG", seed=seed) + bytes(range(256)) * 150


def test_the_same_piece_sent_20_times_at_once_is_kept_once(live: Live) -> None:
    content = noise(6000)
    phones = [live.person("inspector") for _ in range(20)]
    assert send(phones[0], content, 0).status == 204

    answers = at_once(20, lambda number: send(phones[number], content, PIECE))

    assert statuses(answers)[204] == 1
    assert set(statuses(answers)) <= {204, 409, 503}
    rest = send(phones[0], content, 2 * PIECE, len(content))
    assert (rest.status, rest.json()["sha256"]) == (201, digest(content)), rest


def test_ten_impatient_connections_that_go_on_wherever_they_may_send_one_photo(live: Live) -> None:
    content = noise(6001)
    phones = [live.person("inspector") for _ in range(10)]

    def press_on(number: int) -> Answer:
        phone, at = phones[number], 0
        for _ in range(500):
            answer = send(phone, content, at)
            if answer.status in (200, 201) or answer.headers.get("upload-complete") == "?1":
                return answer
            if answer.status == 503:
                time.sleep(0.01)
            else:
                assert answer.status in (204, 409), answer
                at = int(answer.headers["upload-offset"])
        raise AssertionError("never finished")

    answers: list[Any] = at_once(10, press_on)

    assert statuses(answers)[201] == 1
    assert set(statuses(answers)) <= {200, 201, 409}
    assert phones[0].get(f"evidence/{digest(content)}/").body == content
