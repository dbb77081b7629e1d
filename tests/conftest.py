"""What every test can use. Which database it runs on, ``tests.settings`` decides."""

import sqlite3

import pytest
from django.conf import settings


def pytest_report_header(config: pytest.Config) -> str:
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return f"database: {engine}" + (
        f" {sqlite3.sqlite_version}" if engine.startswith("sqlite") else ""
    )
