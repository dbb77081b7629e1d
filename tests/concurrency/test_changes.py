"""Phones that ask what has changed while others write."""

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction

from backend.accounts.models import User
from backend.audit import trail
from inspections.sync import changes, cursors, scope
from tests.inspections.sync.people import current


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_commits_late_is_not_skipped() -> None:
    """Two at once: whoever has the head keeps the other waiting, so nobody overtakes."""
    user = User.objects.create_user("lan", full_name="Lan", role="inspector")
    reader = current(user.username)
    first_has_written, may_commit = threading.Event(), threading.Event()
    beginning = scope.look(reader)
    since = cursors.Position(beginning.sequence, beginning.head)

    def write(name: str, *, slowly: bool) -> None:
        try:
            with transaction.atomic():
                trail.record("person.described", f"person:{user.pk}", actor=None,
                             data={"by": name})  # fmt: skip
                if slowly:
                    first_has_written.set()
                    assert may_commit.wait(30)
        finally:
            connection.close()

    slow = threading.Thread(target=write, args=("slow",), kwargs={"slowly": True})
    fast = threading.Thread(target=write, args=("fast",), kwargs={"slowly": False})
    slow.start()
    assert first_has_written.wait(30)
    fast.start()
    fast.join(1)
    assert fast.is_alive()
    meanwhile = changes.page(scope.look(reader), since, 200)
    may_commit.set()
    slow.join(30)
    fast.join(30)
    afterwards = changes.page(scope.look(reader), meanwhile.at, 200)

    assert (meanwhile.changes, meanwhile.at) == ([], since)
    assert afterwards.at.sequence == since.sequence + 2
    [change] = afterwards.changes
    assert change["sequence"] == since.sequence + 2
    assert UUID(str(reader.session_id))
