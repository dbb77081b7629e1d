"""The API as far as the app's logic needs it, with everything that may go wrong on the way."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from playwright.sync_api import Request

from inspections.checklists.lifecycle import read
from tests.inspections.webapp.lab import Lab, Reply, library

CONTENT = read(library("market_food_safety").read_text(encoding="utf-8"))
STALL = "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a00"
PLACE = {
    "code": "BOC-BO",
    "name": "Chợ Bộc Bố",
    "kind": "market",
    "unit": "Xã Bộc Bố",
    "facts": {"A01": {"value": {"number": "1", "issuer": "UBND", "issued_on": "2026-01-10"}}},
    "stalls": [{"id": STALL, "number": "1", "commodity": "produce"}],
}  # fmt: skip


def problem(status: int, code: str, **more: Any) -> Reply:
    value = {"status": status, "code": code, "title": code, "errors": [], **more}
    return Reply(status, value)


class Server:
    """``submitted``: bodies by id; ``by``: whose token brought them; ``photos``: by digest."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.submitted: dict[str, Any] = {}
        self.by: dict[str, str] = {}
        self.photos: dict[str, bytes] = {}
        self.parts: dict[str, bytes] = {}
        self.drafts: list[Any] = []
        self.told_drafts: list[Any] = []
        self.refuse: Callable[[Any], Any] = lambda _: None
        self.refreshed: list[str] = []
        self.faults: Iterator[Reply | str | None] = iter(())
        lab.on("POST", "auth/token/", self._sign_in)
        lab.on("POST", "auth/token/refresh/", self._refresh)
        lab.on("POST", "auth/logout/", lambda _: Reply(204))
        lab.on("GET", "sync/bundle/", self._bundle)
        lab.on("POST", "sync/push/", self._push)
        lab.on("POST", "evidence/missing/", self._missing)
        lab.on("PUT", "evidence/*", self._put)
        lab.on("HEAD", "evidence/*", self._head)
        lab.on("PATCH", "evidence/*", self._patch)

    def asked(self, method: str, prefix: str) -> int:
        return sum(m == method and path.startswith(prefix) for m, path in self.lab.asked)

    def _sign_in(self, request: Request) -> Reply:
        username = request.post_data_json["username"]
        role = "manager" if username.startswith("manager") else "inspector"
        user = {"id": 1, "username": username, "full_name": username, "title": "", "role": role}
        return Reply(
            200,
            {"access": f"access {username} {uuid4()}", "refresh": f"r0 {username}", "user": user},
        )

    def _refresh(self, request: Request) -> Reply:
        token = request.post_data_json["refresh"]
        self.refreshed.append(token)
        username = token.split()[1]
        value = {"access": f"access {username} {uuid4()}", "refresh": f"r1 {username}"}
        return self._went(Reply(200, value))

    def _bundle(self, request: Request) -> Reply:
        etag = '"b2"' if self.told_drafts else '"b1"'
        if request.headers.get("if-none-match", "").removeprefix("W/") == etag:
            return Reply(304, None, {"ETag": etag})
        body = {
            "format": 1, "etag": "b1", "cursor": "c", "server_time": "", "min_client": "1.0.0",
            "person": {}, "letters": "20-7e,a0-17f,1a0-1b0,1ea0-1ef9",
            "checklists": [{"name": "MARKET-FS@1", "sha256": "0", "content": CONTENT}],
            "establishments": [PLACE], "drafts": self.told_drafts,
            "limits": {"photo_bytes": 204_800, "evidence_bytes": 10_485_760, "push_items": 20,
                       "push_bytes": 1_000_000, "photos": 200},
        }  # fmt: skip
        return Reply(200, body, {"ETag": f"W/{etag}"})

    def _push(self, request: Request) -> Reply:
        fault = next(self.faults, None)
        if isinstance(fault, Reply):
            return fault
        if fault == "cut before":
            return Reply(lost=True)
        username = (request.headers.get("authorization") or "Bearer ? ?").split()[2]
        results = [self._take(item, username) for item in request.post_data_json["items"]]
        answer = {"results": results, "server_time": "", "bundle_etag": "b1"}
        return Reply(200, answer, lost=fault == "cut after")

    def _take(self, item: Any, username: str) -> Any:
        told = {"id": item["id"], "op": item["op"]}
        if refusal := self.refuse(item):
            return {**told, **refusal}
        if item["op"] == "inspection.draft":
            self.drafts.append(item["data"])
            return {**told, "status": "created", "version": len(self.drafts)}
        body = {key: value for key, value in item["data"].items() if key != "device"}
        known = self.submitted.setdefault(item["id"], body)
        if known != body:
            return {**told, "status": "conflict", "problem": {"code": "other", "errors": []}}
        is_new = item["id"] not in self.by
        self.by.setdefault(item["id"], username)
        status = "created" if is_new else "duplicate"
        if item["op"] != "inspection.submit":
            return {**told, "status": status}
        named = {
            digest
            for sheet in [body, *body.get("stalls", [])]
            for answer in sheet.get("answers", {}).values()
            for digest in answer.get("photos", [])
        }
        receipt = {
            "id": item["id"],
            "number": f"{list(self.submitted).index(item['id']) + 1:02}/BB-SCT",
            "missing_evidence": sorted(named - set(self.photos)),
        }
        return {**told, "status": status, "receipt": receipt}

    def _missing(self, request: Request) -> Reply:
        asked = request.post_data_json["sha256"]
        return Reply(200, {"missing": [each for each in asked if each not in self.photos]})

    def _put(self, request: Request) -> Reply:
        content = request.post_data_buffer or b""
        digest = request.url.rstrip("/").rpartition("/")[2]
        if hashlib.sha256(content).hexdigest() != digest:
            return problem(422, "digest_mismatch")
        fault = next(self.faults, None)
        if isinstance(fault, Reply):
            return fault
        self.photos[digest] = content
        return Reply(201, lost=fault == "cut after")

    def _head(self, request: Request) -> Reply:
        digest = request.url.split("/")[-3]
        if digest not in self.parts:
            return Reply(404)
        return Reply(204, None, {"Upload-Offset": str(len(self.parts[digest]))})

    def _patch(self, request: Request) -> Reply:
        digest = request.url.split("/")[-3]
        held = self.parts.get(digest, b"")
        if int(request.headers["upload-offset"]) != len(held):
            return Reply(409, {"code": "offset"}, {"Upload-Offset": str(len(held))})
        fault = next(self.faults, None)
        if fault == "cut before":
            return Reply(lost=True)
        self.parts[digest] = held + (request.post_data_buffer or b"")
        if request.headers["upload-complete"] == "?1":
            self.photos[digest] = self.parts[digest]
        return Reply(204, None, {"Upload-Offset": "0"}, lost=fault == "cut after")

    def _went(self, reply: Reply) -> Reply:
        fault = next(self.faults, None)
        if isinstance(fault, Reply):
            return fault
        return Reply(reply.status, reply.value, reply.headers, lost=fault == "cut after")


def sign_in(lab: Lab, username: str = "inspector") -> None:
    lab.call("session", "signIn", {"username": username, "password": "x"})


BEGIN = """
  const [bundles, drafts] = [await logic("bundle"), await logic("drafts")];
  const bundle = await bundles.refresh();
  const checklist = bundles.checklist(bundle, "MARKET-FS");
  const draft = await drafts.begin(
    { bundle, establishment: "BOC-BO", checklist, kind: "planned" });
"""
PICTURE = """
  const canvas = new OffscreenCanvas(arg.width ?? 60, arg.height ?? 40);
  const pen = canvas.getContext("2d");
  for (let i = 0; i < (arg.dots ?? 50); i += 1) {
    pen.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
    pen.fillRect(Math.random() * canvas.width, Math.random() * canvas.height, 9, 9);
  }
  const picture = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
"""


def begin(lab: Lab) -> str:
    """A new draft of the market; its id."""
    made: str = lab.run(BEGIN + "return draft.id;")
    return made


def finish(lab: Lab, photos: int = 0) -> str:
    """A visit in the queue, with so many photos; its id. The server judges no answers."""
    script = (
        BEGIN
        + "for (let n = 0; n < arg.photos; n += 1) {"
        + PICTURE
        + "await drafts.addPhoto(draft.id, { item: 'A02' }, picture); }"
        + "await drafts.answer(draft.id, { item: 'A02' }, { value: 'pass' });"
        + "await drafts.submit(draft.id, 'Chợ Bộc Bố'); return draft.id;"
    )
    made: str = lab.run(script, {"photos": photos})
    return made


def sync(lab: Lab, why: str = "asked", page: Any = None) -> None:
    lab.call("sync", "now", why, page=page)


def queue(lab: Lab) -> list[Any]:
    listed: list[Any] = lab.call("outbox", "list")
    return listed
