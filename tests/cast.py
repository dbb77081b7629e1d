"""A small world for tests from outside: people with tokens, places, checklists, visits.

The fixture ``cast`` is built once per module in a transaction that ends with the module; what a
test adds to it ends with the test.
"""

import functools
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from backend.accounts import access_token, lifecycle, passwords, sessions
from backend.accounts.models import Device, User
from inspections.checklists import lifecycle as checklists
from inspections.management.commands.load_checklists import LIBRARY
from inspections.records import lifecycle as records
from markets.seed import demo, places
from tests.inspections.evidence.pictures import digest, picture
from tests.live import visit

API = "/api/v1/"
PASSWORD = "cho-an-toan-2026"
INSPECTOR, COLLEAGUE = "inspector", "inspector2"
MANAGER, OTHER_MANAGER = "manager.bocbo", "manager.phuthong"
DEPARTMENT = "department"
SIGNED_IN = (INSPECTOR, COLLEAGUE, MANAGER, OTHER_MANAGER, DEPARTMENT)
DRAFT_CHECKLIST = "MARKET-FS@2"


class Cast:
    """Nobody has the name ``""``. Tokens of ``disabled`` and ``revoked`` were good once."""

    def __init__(self) -> None:
        places.load()
        for path in sorted(LIBRARY.glob("*.yaml")):
            checklists.ship(path.read_text(encoding="utf-8"))
        demo.load(PASSWORD)
        self.sessions = {name: self._session(name) for name in SIGNED_IN}
        self.tokens = {name: access_token.issue(s) for name, s in self.sessions.items()} | {
            "disabled": self._disabled(),
            "revoked": self._revoked(),
        }

    def api(self, who: str = "") -> APIClient:
        """A client that never raises: what the outside would see is an answer."""
        client = APIClient(raise_request_exception=False)
        if who:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.tokens[who]}")
        return client

    def ask(self, who: str, method: str, route: str, body: Any = None, **headers: str) -> Any:
        """``route`` is below ``/api/v1/`` unless it begins with a slash; bytes are sent as JSON."""
        content: Any = body if isinstance(body, bytes) else json.dumps(body)
        client: Any = self.api(who)  # the stubs know no bytes
        return client.generic(
            method,
            route if route.startswith("/") else API + route,
            b"" if body is None else content,
            content_type="" if body is None else "application/json",
            headers=headers,
        )

    def device(self, who: str) -> Device:
        device = self.sessions[who].device
        assert device
        return device

    def draft(self, who: str = INSPECTOR, **changes: Any) -> dict[str, Any]:
        """The document of a draft that the server keeps."""
        document = visit(inspector=who, **changes)
        answer = self.ask(who, "PUT", f"inspections/{document['id']}/", document)
        assert answer.status_code == 201, answer.content
        return document

    def submitted(self, who: str = INSPECTOR, **changes: Any) -> dict[str, Any]:
        """The document of a visit whose photos have not arrived."""
        document = visit(**{"inspector": who, **changes})
        answer = self.ask(who, "POST", f"inspections/{document['id']}/submit/", document)
        assert answer.status_code == 201, answer.content
        return document

    def issued(self, **changes: Any) -> dict[str, Any]:
        """The document of a visit whose record is signed; the department closed its evidence."""
        document = self.submitted(**changes)
        self.close_evidence(document)
        assert records.issue_waiting() == 1
        return document

    def close_evidence(self, document: dict[str, Any]) -> None:
        route = f"inspections/{document['id']}/close-evidence/"
        answer = self.ask(DEPARTMENT, "POST", route, {"reason": "Mất máy"})
        assert answer.status_code == 200, answer.content

    def photo(self, who: str, content: bytes) -> str:
        """The digest of a photo that ``who`` has sent."""
        answer = self.api(who).put(
            f"{API}evidence/{digest(content)}/", content, content_type="image/png"
        )
        assert answer.status_code in (200, 201), answer.content
        return digest(content)

    def new_checklist(self) -> str:
        """The name of a draft of the next version of the market checklist."""
        answer = self.api(DEPARTMENT).post(
            f"{API}checklists/import/", next_version(), content_type="application/yaml"
        )
        assert answer.status_code == 201, answer.content
        return DRAFT_CHECKLIST

    def _session(self, name: str) -> Any:
        user = User.objects.get(username=name)
        return lifecycle.open_session(user, device=f"phone-{name}", device_name="Điện thoại")[0]

    def _disabled(self) -> str:
        return self._former("disabled", lambda user, _: lifecycle.disable(user, by=None))

    def _revoked(self) -> str:
        return self._former("revoked", lambda _, device: lifecycle.revoke_device(device, by=None))

    def _former(self, name: str, end: Any) -> str:
        user = lifecycle.create_person(
            username=name, full_name="Người cũ", role="department", password=PASSWORD
        )
        session, _ = lifecycle.open_session(user, device=f"phone-{name}")
        token = access_token.issue(session)
        end(user, session.device)
        return token


def next_version() -> bytes:
    """The shipped market checklist as the file of its next version."""
    text = (LIBRARY / "market_food_safety.yaml").read_text(encoding="utf-8")
    return text.replace("\nversion: 1\n", "\nversion: 2\n", 1).encode()


@functools.cache
def a_photo(seed: int) -> bytes:
    return picture("PNG", seed=seed)


def an_id() -> str:
    return str(uuid4())


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords.Argon2id, "memory_cost", 8)
        patch.setattr(passwords.Argon2id, "time_cost", 1)
        with transaction.atomic():
            yield Cast()
            transaction.set_rollback(True)
        sessions.forget()
