"""`/healthz` and `/readyz`: each cause of trouble switched off once."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from backend.operations import durability, readiness
from backend.operations.backups import marks
from inspections.records import drawing, signing
from inspections.records.pki import SigningKeyError
from tests.inspections.records import authorities

CANARY = "canary-host-and-password"


@pytest.fixture(autouse=True)
def ask_migrations_anew() -> Iterator[None]:
    readiness._migrated.clear()
    yield
    readiness._migrated.clear()


def not_ready(client: Client) -> dict[str, Any]:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "10"
    document = response.json()
    assert document["code"] == "not_ready"
    assert CANARY not in response.text
    return dict(document["failing"])


def fails(*args: object, **kwargs: object) -> None:
    raise OperationalError(f"connection to {CANARY} failed")


def test_health_asks_no_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_says_so_and_how_old_the_backup_is(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "last_backup_age_s": None,
        "backup_overdue": True,
    }
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_the_write_probe_leaves_nothing_behind(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_migrations")
        before = cursor.fetchone()
        assert readiness.database() == ""
        cursor.execute("SELECT COUNT(*) FROM django_migrations")
        assert cursor.fetchone() == before


@pytest.mark.django_db
def test_a_database_that_cannot_be_written(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(readiness.CHECKS, "database", fails)
    assert not_ready(client) == {"database": "OperationalError"}


@pytest.mark.django_db
def test_migrations_that_are_not_applied(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert not_ready(client) == {"migrations": "1 not applied"}


@pytest.mark.django_db
def test_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=100 * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert not_ready(client) == {"disk": "only 100 MiB free"}


@pytest.mark.django_db
def test_a_signing_key_that_cannot_be_used(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unusable() -> None:
        raise SigningKeyError("The key does not belong to the certificate.")

    monkeypatch.setattr(drawing, "signer", unusable)
    assert not_ready(client) == {"signing_key": "The key does not belong to the certificate."}


@pytest.mark.django_db
def test_a_certificate_that_has_expired_is_told_and_keeps_nothing_from_starting(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own_key = authorities.key()
    expired = authorities.certificate(own_key, valid_to=timedelta(days=-1))
    key_file = authorities.key_file(tmp_path, own_key, expired)
    signer = signing.load(key_file, authorities.PASSPHRASE)
    monkeypatch.setattr(drawing, "signer", lambda: signer)

    [(name, reason)] = not_ready(client).items()

    assert name == "signing_certificate"
    assert reason.startswith("The certificate is valid from")
    assert readiness.signing_key() == ""


@pytest.mark.django_db
def test_the_test_authority_is_no_key_for_production(client: Client, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert not_ready(client) == {"signing_key": "the local TEST authority may not sign"}


@pytest.mark.django_db
def test_settings_that_lose_rows_are_named(client: Client) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL synchronous_commit = off")
            expected = "synchronous_commit is off"
        else:
            cursor.execute("ROLLBACK")  # not to be changed inside a transaction
            cursor.execute("PRAGMA synchronous = NORMAL")
            cursor.execute("BEGIN")
            expected = "synchronous is NORMAL"
        try:
            assert not_ready(client) == {"durability": expected}
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("ROLLBACK")
                cursor.execute("PRAGMA synchronous = FULL")
                cursor.execute("BEGIN")


@pytest.mark.django_db
def test_the_database_of_this_run_keeps_what_it_acknowledges() -> None:
    assert durability.weaknesses() == []


@pytest.mark.parametrize(
    ("found", "weaknesses"),
    [
        ({}, []),
        ({"synchronous_commit": "remote_apply"}, []),
        ({"fsync": "off"}, ["fsync is off"]),
        ({"full_page_writes": "off"}, ["full_page_writes is off"]),
        ({"synchronous_commit": "local"}, []),
        (
            {"fsync": "off", "synchronous_commit": "off"},
            ["fsync is off", "synchronous_commit is off"],
        ),
    ],
)
def test_which_settings_of_postgresql_lose_rows(
    found: dict[str, str], weaknesses: list[str]
) -> None:
    safe = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    assert durability.judge_postgresql({**safe, **found}) == weaknesses


def test_the_age_of_the_last_backup(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.BACKUP_MAX_AGE = timedelta(hours=26)
    assert (marks.age_s(), marks.is_overdue()) == (None, True)
    marks.set_now()
    assert marks.age_s() in {0, 1}
    assert not marks.is_overdue()
    old = timezone.now() - timedelta(hours=27)
    (tmp_path / "last_backup").write_text(old.isoformat())
    assert marks.is_overdue()
