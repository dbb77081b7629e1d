"""What every test can use. Which database it runs on, ``tests.settings`` decides."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import TransactionTestCase

from backend.audit.models import AuditHead
from tests.live import Live, live_server
from tests.triggers import without_triggers

pytest_plugins = ["tests.cast"]


def pytest_report_header(config: pytest.Config) -> str:
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return f"database: {engine}" + (
        f" {sqlite3.sqlite_version}" if engine.startswith("sqlite") else ""
    )


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_audit_triggers() -> Iterator[None]:
    """A transactional test ends by emptying every table, which the audit trail refuses.

    The head of the trail comes from a migration and has to be put back.
    """
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # in no stub

    def teardown(self: TransactionTestCase) -> None:
        with without_triggers():
            flush(self)
        AuditHead.objects.get_or_create(pk=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A real server, one for the whole run: its tests add to its data and count their own."""
    with live_server(tmp_path_factory.mktemp("live")) as running:
        yield running
