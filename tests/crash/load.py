"""Clients that never give up."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from typing import Any

from inspections.demo.phone import Answer, Phone
from tests.aftermath import History
from tests.inspections.evidence.pictures import digest
from tests.live import PASSWORD, photo, visit

# What a client does again, as the contract tells phones; anything else is a broken promise.
RETRIED = {429, 503}
PAUSE_S = 0.05
PATIENCE_S = 120.0


class Client(threading.Thread):
    """One phone: a visit with its photos, in any order, each sent until it is acknowledged."""

    def __init__(self, port: int, history: History, number: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.history, self.number = history, number
        self.chance = random.Random(f"{seed}-{number}")  # noqa: S311 (to be repeated)
        self.phone = Phone(port)
        self.stopping = threading.Event()
        self.made = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            self._one_visit()
            time.sleep(self.chance.uniform(0, 0.2))

    def _one_visit(self) -> None:
        photos = [self._photo() for _ in range(self.chance.randint(1, 2))]
        document = visit(*photos)
        self.history.attempted.add(document["id"])
        sends: list[Callable[[], None]] = [partial(self._send_photo, content) for content in photos]
        again = self.chance.random() < 0.3
        sends += [partial(self._submit, document)] * (2 if again else 1)
        self.chance.shuffle(sends)
        for send in sends:
            send()

    def _photo(self) -> bytes:
        self.made += 1
        return photo(self.number * 1000 + self.made)

    def _submit(self, document: dict[str, Any]) -> None:
        answer = self._until_answered(lambda: self.phone.submit(document))
        if answer.status in (200, 201):
            self.history.note_submission(document, answer.body)
        else:
            self.history.note_broken(f"submission {document['id']}: {answer}")

    def _send_photo(self, content: bytes) -> None:
        answer = self._until_answered(lambda: self.phone.put_photo(content))
        if answer.status in (200, 201):
            self.history.note_photo(content)
        else:
            self.history.note_broken(f"photo {digest(content)}: {answer}")

    def _until_answered(self, ask: Any) -> Answer:
        """The first answer that is final; where the server is gone, ask again."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                if not self.phone.token:
                    self.phone.sign_in("inspector", PASSWORD)
                answer: Answer = ask()
            except (OSError, HTTPException, RuntimeError) as error:
                answer = Answer(503, {}, repr(error).encode())
            if answer.status == 401:
                self.phone.token = ""
            elif answer.status not in RETRIED or time.monotonic() > deadline:
                return answer
            time.sleep(self.chance.uniform(0, 2 * PAUSE_S))
