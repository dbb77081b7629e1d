"""Visits that were begun or made elsewhere, so that a journey starts where its own story does."""

from typing import Any
from uuid import uuid4

from inspections.demo.document import document
from tests.inspections.evidence.pictures import digest
from tests.live import Live, checklist, photo


def visit_of(place: str, username: str, **changes: Any) -> dict[str, Any]:
    """A whole visit of the sheet of ``place``, by ``username``."""
    return document(
        str(uuid4()),
        checklist(),
        establishment=place,
        inspector=username,
        photo=lambda _: digest(photo()),
        **changes,
    )


def begin_elsewhere(live: Live, username: str, place: str, **changes: Any) -> str:
    """The id of a draft with every answer, not signed, that another phone left on the server."""
    body = visit_of(place, username, signatures=[], ended_at=None, **changes)
    phone = live.person(username)
    assert phone.put_photo(photo(), "image/png").status in (200, 201)
    answer = phone.put(f"inspections/{body['id']}/", body)
    assert answer.status == 201, answer
    return str(body["id"])


def hand_in(live: Live, username: str, place: str, **changes: Any) -> dict[str, Any]:
    """The document of a visit that the server has, with its record on the way."""
    body = visit_of(place, username, **changes)
    phone = live.person(username)
    assert phone.put_photo(photo(), "image/png").status in (200, 201)
    answer = phone.submit(body)
    assert answer.status == 201, answer
    return body
