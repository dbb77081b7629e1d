"""Places, people and requests for the tests of markets.

The register is the shipped one: three real markets before and since 1 July 2025.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.accounts import access_token, lifecycle
from backend.accounts.models import Role, User
from backend.audit.models import AuditEntry
from markets.lifecycle import appointments, establishments, stalls
from markets.models import AdministrativeUnit, Establishment, Stall
from markets.seed import places

LAST_OF_BAC_KAN = date(2025, 6, 30)
FIRST_OF_THAI_NGUYEN = date(2025, 7, 1)


def shipped_places() -> None:
    places.load()


def market(code: str = "BOC-BO") -> Establishment:
    return Establishment.objects.get(code=code)


def unit(code: str, valid_from: date | None = FIRST_OF_THAI_NGUYEN) -> AdministrativeUnit:
    return AdministrativeUnit.objects.get(code=code, valid_from=valid_from)


def person(role: str = Role.DEPARTMENT, username: str = "") -> User:
    # No password: hashing one takes longer than most tests.
    return User.objects.create_user(username or f"{role}.1", None, full_name="Mai", role=role)


def manager_of(code: str, **days: Any) -> User:
    user = person(Role.MANAGER, f"manager.{code.lower()}")
    days = {"valid_from": FIRST_OF_THAI_NGUYEN, **days}
    appointments.appoint(user, market(code), by=None, **days)
    return user


def stall(code: str = "BOC-BO", **fields: Any) -> Stall:
    new = stalls.NewStall(**{"number": "01", "commodity": "seafood", **fields})
    return stalls.add_stall(market(code), new, by=None)


def many_markets(count: int) -> None:
    """Further markets, all in one commune."""
    for number in range(count):
        establishments.open_establishment(
            f"CHO-{number:03}", "market", f"Chợ {number:03}", unit=unit("01864"), by=None
        )


def api(user: User | None) -> APIClient:
    """A client that is signed in as ``user``; its answers are never exceptions."""
    client = APIClient(raise_request_exception=False)
    if user is not None:
        session, _ = lifecycle.open_session(user)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token.issue(session)}")
    return client


def actions() -> list[str]:
    """What the audit trail says since the beginning, the oldest first."""
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def cost(client: APIClient, url: str, **query: Any) -> int:
    """Statements of one GET, without the look at the session that is remembered for a while."""
    client.get(url, query)
    with CaptureQueriesContext(connection) as statements:
        response = client.get(url, query)
    assert len(response.json()["results"]) == query["page_size"]
    return len(statements)
