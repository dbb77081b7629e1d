"""A phone that keeps a queue and sends it by the rules of the app, until all of it is there.

Push what waits; ask for the photos where the receipt is an old one; send what is missing, large
ones in pieces; take out of the queue what the server has with every photo. An answer that did not
come whole is no answer.
"""

import random
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from inspections.demo.phone import Answer, Phone
from tests.aftermath import History
from tests.inspections.evidence.pictures import digest
from tests.live import PASSWORD, photo, visit

PIECE = 256 * 1024
WHOLE = 300 * 1024
PAUSE_S = 0.1
RETRIED = {429, 503}
UUID_LETTERS = 36


class NoAnswerError(Exception):
    """Whether what was asked has happened, nobody knows."""


@dataclass
class Entry:
    """``missing``: digests that the server lacks; None where it has to be asked."""

    document: dict[str, Any]
    photos: dict[str, bytes]
    receipt: dict[str, Any] | None = None
    missing: list[str] | None = None


class QueueingPhone(threading.Thread):
    def __init__(self, port: int, username: str, history: History, number: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.username, self.history, self.number = username, history, number
        self.chance = random.Random(f"{seed}-{number}")  # noqa: S311 (to be repeated)
        self.phone, self.refresh = Phone(port), ""
        self.queue: list[Entry] = []
        self.stopping = threading.Event()
        self.made = 0

    def run(self) -> None:
        while not self.stopping.is_set() and not self.history.broken:
            self.queue += [self._visit() for _ in range(self.chance.randint(1, 3))]
            if self.chance.random() < 0.2:
                self.phone.token = ""  # too old: to be renewed
            while self.queue and not self.history.broken:
                try:
                    self._send_all()
                except (OSError, HTTPException, NoAnswerError):
                    self.phone.hang_up()
                    time.sleep(self.chance.uniform(0, PAUSE_S))

    def _visit(self) -> Entry:
        photos = [self._photo() for _ in range(self.chance.randint(1, 2))]
        document = visit(*photos, inspector=self.username)
        self.history.attempted.add(document["id"])
        return Entry(document, {digest(content): content for content in photos})

    def _photo(self) -> bytes:
        self.made += 1
        content = photo(self.number * 1000 + self.made)
        is_large = self.chance.random() < 0.1
        return content + self.chance.randbytes(WHOLE + 1000 * self.number) if is_large else content

    def _send_all(self) -> None:
        self._have_token()
        self._push()
        self._ask_for_missing()
        for entry in list(self.queue):
            for sha256 in list(entry.missing or ()):
                self._send_photo(sha256, entry.photos[sha256])
                entry.missing = [each for each in entry.missing or () if each != sha256]
            if entry.receipt and entry.missing == []:
                self.history.note_submission(entry.document, entry.receipt)
                self.queue.remove(entry)

    def _have_token(self) -> None:
        if self.phone.token:
            return
        if self.refresh:
            told = self._asked("auth/token/refresh/", {"refresh": self.refresh})
        else:
            body = {"username": self.username, "password": PASSWORD}
            told = self._asked("auth/token/", body)
        self.phone.token, self.refresh = told["access"], told["refresh"]

    def _push(self) -> None:
        waiting = {entry.document["id"]: entry for entry in self.queue if not entry.receipt}
        if not waiting:
            return
        items = [
            {"op": "inspection.submit", "id": identifier, "data": entry.document}
            for identifier, entry in list(waiting.items())[:20]
        ]
        for result in self._asked("sync/push/", {"items": items})["results"]:
            entry = waiting[result["id"]]
            if result["status"] in ("created", "duplicate"):
                entry.receipt = result["receipt"]
                is_new = result["status"] == "created"
                entry.missing = entry.receipt["missing_evidence"] if is_new else None
            elif result["status"] != "retry":
                self.history.note_broken(f"submission {result}")

    def _ask_for_missing(self) -> None:
        unsure = [entry for entry in self.queue if entry.receipt and entry.missing is None]
        asked = [sha256 for entry in unsure for sha256 in entry.photos]
        if not asked:
            return
        missing = self._asked("evidence/missing/", {"sha256": asked})["missing"]
        for entry in unsure:
            entry.missing = [sha256 for sha256 in entry.photos if sha256 in missing]

    def _send_photo(self, sha256: str, content: bytes) -> None:
        if len(content) > WHOLE:
            self._send_pieces(sha256, content)
        else:
            told = self._whole(self.phone.put_photo(content), 200, 201)
            if told.json()["sha256"] != sha256:
                self.history.note_broken(f"photo {sha256}: {told}")
        self.history.note_photo(content)

    def _send_pieces(self, sha256: str, content: bytes) -> None:
        path = f"evidence/{sha256}/upload/"
        answer = self._whole(self.phone.send("HEAD", path), 204, 404)
        while answer.headers.get("upload-complete") != "?1":
            offset = int(answer.headers.get("upload-offset", "0"))
            piece = content[offset : offset + PIECE]
            is_last = offset + len(piece) == len(content)
            headers = {
                "Content-Type": "application/partial-upload",
                "Upload-Offset": str(offset),
                "Upload-Complete": "?1" if is_last else "?0",
            }
            # 409 tells where to go on: an answer was lost, or an old connection still ends.
            answer = self._whole(self.phone.send("PATCH", path, piece, headers), 200, 201, 204, 409)

    def _asked(self, path: str, value: Any) -> Any:
        return self._whole(self.phone.post(path, value), 200).json()

    def _whole(self, answer: Answer, *fine: int) -> Answer:
        """``answer`` where it is one of the fine ones. Raises NoAnswerError to be asked again."""
        # http.client takes the end of the line for the end of the head; this is its last line.
        if len(answer.headers.get("x-request-id", "")) < UUID_LETTERS:
            raise NoAnswerError
        if answer.status in RETRIED:
            time.sleep(min(2.0, float(answer.headers.get("retry-after", "1"))))
            raise NoAnswerError
        if answer.status == 401 and self.phone.token:
            self.phone.token = ""
            raise NoAnswerError
        if answer.status not in fine:
            self.history.note_broken(str(answer))
            raise NoAnswerError
        return answer
