"""What became of a finding, and whether it is overdue. Rules A1 to A4 of docs/rules/followup.md.

Derived, never stored: a visit that is voided gives back what it had closed.
"""

from datetime import date

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Least

from inspections.fieldwork.models import Finding, Inspection
from inspections.followup.models import Correction

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
STATUSES = (OPEN, ANSWERED, CLOSED)

_STANDING = ("submitted", "issued")


# A4; ``false`` is everything else.
OVERDUE = Q(status=OPEN, late=True)


def with_status(findings: QuerySet[Finding], on: date) -> QuerySet[Finding]:
    """Annotates ``status``, one of ``STATUSES``, and ``late``: due before the local day ``on``.

    A finding that was corrected on the spot is never late.
    """
    waiting = Correction.objects.filter(finding=OuterRef("pk"), state=Correction.State.WAITING)
    return findings.annotate(
        status=Case(
            When(_closed(), then=Value(CLOSED)),
            When(Exists(waiting), then=Value(ANSWERED)),
            default=Value(OPEN),
        ),
        late=Case(
            When(corrected_on_site=False, due_on__lt=on, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def _closed() -> Q:
    """A2: the visit no longer stands; A3: another one has looked at the fault again.

    Which of two visits is the later one, neither phone's clock decides alone: it also came
    later, and began after the first by a clock that runs no further than ours.
    """
    visits = Inspection.objects.filter(status__in=_STANDING).exclude(kind="self_check")
    followed = visits.filter(follows=OuterRef("inspection"))
    later = visits.filter(
        establishment=OuterRef("establishment"),
        checklist__code=OuterRef("inspection__checklist__code"),
        received_at__gt=OuterRef("inspection__received_at"),
        started_at__gt=Least(
            OuterRef("inspection__started_at"), OuterRef("inspection__received_at")
        ),
    )
    again = Finding.objects.filter(repeat_of=OuterRef("pk"), inspection__status__in=_STANDING)
    return (
        ~Q(inspection__status__in=_STANDING)
        | Q(Exists(later), stall=None)
        | Q(Exists(followed))
        | Q(Exists(again.exclude(inspection__kind="self_check")))
    )
