"""backend.common.statements: what Django's cursor does, where nobody listens to it."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from backend.common import statements
from markets.models import Establishment

pytestmark = pytest.mark.django_db

SQL = "SELECT CAST(%s AS TEXT), '100%%', CAST(%s AS TEXT)"


def test_values_stand_in_their_places_and_a_doubled_percent_sign_is_one() -> None:
    expected = [("a", "100%", "b %s")]

    assert statements.fetch(SQL, ["a", "b %s"]) == expected
    with CaptureQueriesContext(connection) as queries:
        assert statements.fetch(SQL, ["a", "b %s"]) == expected
    assert len(queries) == 1


def test_failures_are_those_of_django() -> None:
    Establishment.objects.create(code="CHO-1", kind="market", name_vi="Chợ")
    nameless = "UPDATE markets_establishment SET code = NULL WHERE code = %s"

    with pytest.raises(IntegrityError), transaction.atomic():
        statements.execute(nameless, ["CHO-1"])
    with pytest.raises((ProgrammingError, OperationalError)), transaction.atomic():
        statements.fetch("SELECT nothing FROM nowhere", [])


def test_nothing_is_asked_in_a_broken_transaction() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            statements.fetch(SQL, ["a", "b"])
