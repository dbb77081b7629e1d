"""What a phone tells of itself while it sends its work."""

from datetime import datetime

from backend.accounts.current import Person
from backend.accounts.models import Device, Session

MAX_QUEUE = 2**31 - 1
MAX_APP = 50


def report(person: Person, queue: int, sent_at: datetime, app: str, received_at: datetime) -> None:
    """Keep the report of the phone with which ``person`` is signed in: one UPDATE.

    ``queue``: how many items wait there; ``sent_at``: the moment by its own clock. Nothing
    happens where the sign-in named no device. What does not fit is cut, never refused: a report
    comes along with work.
    """
    this = Session.objects.filter(pk=person.session_id).values("device")
    Device.objects.filter(pk__in=this).update(
        queue_length=min(max(queue, 0), MAX_QUEUE),
        clock_skew_s=round((received_at - sent_at).total_seconds()),
        app_version=app[:MAX_APP],
        last_seen_at=received_at,
    )
