"""A client of the API, as small as one can be: for the demo, the live tests and the bench."""

import hashlib
import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Self

API = "/api/v1/"
JSON = "application/json"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.status} {self.body[:500].decode(errors='replace')}"


class Phone:
    """Somebody's device: one connection, kept open. Not for two threads at once."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self.port = port
        self.token = token
        self._connection: HTTPConnection | None = None

    def another(self) -> Self:
        """A second device of the same person."""
        return type(self)(self.port, token=self.token)

    def sign_in(self, username: str, password: str) -> Self:
        """Raises RuntimeError where the server refuses."""
        answer = self.post("auth/token/", {"username": username, "password": password})
        if answer.status != 200:
            raise RuntimeError(f"{username} could not sign in: {answer}")
        self.token = answer.json()["access"]
        return self

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, value: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, _json(value), {"Content-Type": JSON, **headers})

    def put(self, path: str, value: Any, **headers: str) -> Answer:
        return self.send("PUT", path, _json(value), {"Content-Type": JSON, **headers})

    def submit(self, document: dict[str, Any]) -> Answer:
        return self.post(f"inspections/{document['id']}/submit/", document)

    def put_photo(self, content: bytes, media_type: str = "image/jpeg") -> Answer:
        sha256 = hashlib.sha256(content).hexdigest()
        return self.send("PUT", f"evidence/{sha256}/", content, {"Content-Type": media_type})

    def wait_for_record(self, inspection_id: str, patience_s: float = PATIENCE_S) -> Answer:
        """The signed file once it is drawn, or the last answer when that takes too long."""
        deadline = time.monotonic() + patience_s
        while True:
            answer = self.get(f"inspections/{inspection_id}/record.pdf")
            if answer.status != 202 or time.monotonic() > deadline:
                return answer
            time.sleep(0.1)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Any = None
    ) -> Answer:
        """``path`` below the API, or from the root when it begins with a slash.

        Raises OSError or HTTPException when there is no whole answer: what was asked may have
        happened or not.
        """
        address = path if path.startswith("/") else API + path
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        self._connection = connection
        try:
            connection.request(method, address, body, {**own, **(headers or {})})
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            self.hang_up()
            raise
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            content,
        )

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _json(value: Any) -> bytes | None:
    return None if value is None else json.dumps(value, ensure_ascii=False).encode()
