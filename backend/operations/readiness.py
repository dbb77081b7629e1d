"""What must hold before requests may come in. Each check gives "" or the reason, never a secret."""

import logging
import shutil
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from backend.env import MIB
from backend.operations import durability

FREE_DISK = 512 * MIB

logger = logging.getLogger(__name__)
_migrated = threading.Event()


def failing() -> dict[str, str]:
    """The checks that fail, by name."""
    reasons = {name: _reason(check) for name, check in CHECKS.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def database() -> str:
    """Writes a row and takes it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_migrations SET name = name"
            " WHERE id = (SELECT MIN(id) FROM django_migrations)"
        )
        transaction.set_rollback(True)
    return ""


def migrations() -> str:
    """Looks until none is missing, then no more: a schema does not grow older while we serve."""
    if _migrated.is_set():
        return ""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return f"{len(pending)} not applied"
    _migrated.set()
    return ""


def durable() -> str:
    return ", ".join(durability.weaknesses())


def disk() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return f"only {free // MIB} MiB free" if free < FREE_DISK else ""


def signing_key() -> str:
    """Whether it can be loaded and may sign here at all."""
    from inspections.records import drawing, pki

    try:
        is_test = drawing.signer().is_test
    except pki.SigningKeyError as error:
        return str(error)
    return "the local TEST authority may not sign" if is_test and settings.PRODUCTION else ""


def signing_certificate() -> str:
    """Whether it is valid now. Visits are received without it: no reason not to start."""
    from inspections.records import drawing, pki

    try:
        signer = drawing.signer()
    except pki.SigningKeyError:
        return ""  # said by ``signing_key``
    try:
        signer.check_valid(timezone.now())
    except pki.SigningKeyError as error:
        return str(error)
    return ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "durability": durable,
    "disk": disk,
    "signing_key": signing_key,
    "signing_certificate": signing_certificate,
}


def _reason(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        # The texts of drivers name hosts and users.
        logger.exception("a readiness check failed")
        return type(error).__name__
