"""No route without a row in the permission table, and none whose refusals are pages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.table import ROWS

METHODS = ("get", "put", "post", "patch", "delete")
ADMIN = "admin/"


def routes(node: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Address and view of every route; what is inside ``{}`` is a parameter."""
    for child in (node or get_resolver()).url_patterns:
        text = str(child.pattern).removeprefix("^").removesuffix("\\Z").removesuffix("$")
        address = prefix + re.sub(r"<[^>]*>|\(\?P<[^>]*>.*?\)", "{}", text)
        if isinstance(child, URLResolver):
            yield from routes(child, address)
        elif isinstance(child, URLPattern):
            yield address, child.callback


def verbs(view: Any) -> list[str]:
    """The methods that a view takes, without those that each has of itself."""
    actions = getattr(view, "actions", None)
    if actions:
        return sorted(name.upper() for name in actions if name in METHODS)
    cls = getattr(view, "cls", None)
    return sorted(name.upper() for name in METHODS if hasattr(cls, name)) if cls else ["GET"]


def test_every_route_and_verb_has_a_row() -> None:
    known = {(row.method, re.sub(r"\{[^}]*\}", "{}", row.address)) for row in ROWS}
    found = {
        (verb, f"/{address}")
        for address, view in routes()
        if not address.startswith(ADMIN)
        for verb in verbs(view)
    }

    assert found - known == set(), "give these a row in tests/permissions/table.py"
    assert {key for key in known - found if key[0] != "HEAD"} == set(), "rows without a route"


@pytest.mark.django_db
def test_the_office_pages_ask_everybody_to_sign_in() -> None:
    addresses = [
        "/" + address.replace("{}", "1")
        for address, _ in routes()
        if address.startswith(ADMIN)
        and not address.startswith((f"{ADMIN}login/", f"{ADMIN}jsi18n/"))
    ]

    answers = {address: Client().get(address) for address in addresses if "(" not in address}

    assert len(answers) > 20
    for address, answer in answers.items():
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/admin/"), address
