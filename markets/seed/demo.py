"""Demo accounts and sample stalls, from ``demo.yaml``. Needs the shipped places."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml
from django.db import transaction
from django.utils import timezone

from backend.accounts import lifecycle
from backend.accounts.models import User
from markets.lifecycle import appointments, stalls
from markets.models import Establishment, Stall
from markets.seed import places

PATH = Path(__file__).with_name("demo.yaml")

Entry = Mapping[str, Any]


def stall_id(establishment: str, number: str) -> UUID:
    """The id of a sample stall: the same on every machine."""
    return uuid5(NAMESPACE_URL, f"sample-stall:{establishment}:{number}")


@transaction.atomic
def load(password: str) -> int:
    """Create what is missing and return how many rows that were; 0 means nothing was written."""
    content = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    since = date.fromisoformat(content["since"])
    created = places.load(PATH)
    codes = [*content["stalls"], *(entry["code"] for entry in content["establishments"])]
    by_code = Establishment.objects.in_bulk(codes, field_name="code")
    created += _load_people(content["people"], by_code, since, password)
    return created + _load_stalls(content["stalls"], by_code, since)


def still_open(password: str) -> list[str]:
    """Demo accounts that anybody who read the documentation can still sign in to."""
    content = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    names = [entry["username"] for entry in content["people"]]
    found = User.objects.filter(username__in=names, is_active=True)
    return [user.username for user in found if user.check_password(password)]


def _load_people(
    entries: Iterable[Entry], by_code: Mapping[str, Establishment], since: date, password: str
) -> int:
    entries = list(entries)
    names = [entry["username"] for entry in entries]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    missing = [entry for entry in entries if entry["username"] not in known]
    for entry in missing:
        person = lifecycle.create_person(
            username=entry["username"],
            full_name=entry["name"],
            title=entry["title"],
            role=entry["role"],
            password=password,
            by=None,
        )
        for code in entry.get("appointed_to", ()):
            appointments.appoint(person, by_code[code], valid_from=since, by=None)
    return len(missing)


def _load_stalls(
    registers: Mapping[str, Iterable[Entry]], by_code: Mapping[str, Establishment], since: date
) -> int:
    opened_at = datetime.combine(since, time.min, timezone.get_current_timezone())
    wanted = {
        stall_id(code, entry["number"]): (code, entry)
        for code, entries in registers.items()
        for entry in entries
    }
    known = set(Stall.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    for code in registers:
        new = [
            stalls.NewStall(id=pk, **entry)
            for pk, (owner, entry) in wanted.items()
            if owner == code and pk not in known
        ]
        if new:
            entered = stalls.enter_stalls(by_code[code].pk, new, at=opened_at)
            stalls.record_added(code, entered, by=None)
    return len(wanted) - len(known)
