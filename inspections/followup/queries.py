"""What became of a finding, and whether it is overdue. Rules A1 to A8 of docs/rules/followup.md.

Derived, never stored: a visit that is voided gives back what it had closed, and an exception
that has run out gives back its finding.
"""

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Least

from inspections.fieldwork.models import Finding, Inspection
from inspections.followup.models import Correction, FindingException

OPEN, ANSWERED, REOPENED, EXCEPTED, CLOSED = "open", "answered", "reopened", "excepted", "closed"
STATUSES = (OPEN, ANSWERED, REOPENED, EXCEPTED, CLOSED)
# Of these the manager has something to do.
TO_DO = (OPEN, REOPENED)

_STANDING = ("submitted", "issued")
_State = Correction.State

# A4; ``false`` is everything else.
OVERDUE = Q(status__in=TO_DO, late=True)


def with_status(findings: QuerySet[Finding], on: date) -> QuerySet[Finding]:
    """Annotates ``status``, one of ``STATUSES``, and ``late``: due before the local day ``on``.

    A finding that was corrected on the spot is never late.
    """
    answers = Correction.objects.filter(finding=OuterRef("pk"))
    exceptions = FindingException.objects.filter(finding=OuterRef("pk"))
    return findings.annotate(
        status=Case(
            When(BY_VISIT, then=Value(CLOSED)),
            When(Exists(answers.filter(state=_State.ACCEPTED, partly=False)), then=Value(CLOSED)),
            When(Exists(answers.filter(state=_State.WAITING)), then=Value(ANSWERED)),
            When(Exists(exceptions.filter(ended_at=None, until__gte=on)), then=Value(EXCEPTED)),
            When(
                Exists(answers.filter(state__in=(_State.REFUSED, _State.REOPENED)))
                | Exists(exceptions),
                then=Value(REOPENED),
            ),
            default=Value(OPEN),
        ),
        late=Case(
            When(corrected_on_site=False, due_on__lt=on, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def with_last_word(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Annotates ``refusal``: why an answer was last refused or taken back; and ``excepted_until``.

    Both None where there is none; of an exception that has run out, its last day.
    """
    denied = Correction.objects.filter(
        finding=OuterRef("pk"), state__in=(_State.REFUSED, _State.REOPENED)
    ).annotate(word=Case(When(reopened_reason="", then=F("reason")), default=F("reopened_reason")))
    counting = FindingException.objects.filter(finding=OuterRef("pk"), ended_at=None)
    return findings.annotate(
        refusal=Subquery(denied.order_by("-at", "-pk").values("word")[:1]),
        excepted_until=Subquery(counting.values("until")),
    )


def with_closing(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Annotates when each way of closing a finding came first, None where it did not.

    ``followed_at``, ``visited_at``: when a visit arrived that has looked at the fault again (A3);
    ``accepted_at``; and ``found_again``, whether a visit has found it again.
    """
    accepted = Correction.objects.filter(
        finding=OuterRef("pk"), state=_State.ACCEPTED, partly=False
    ).order_by("decided_at")
    return findings.annotate(
        followed_at=Subquery(_FOLLOWED.order_by("received_at").values("received_at")[:1]),
        visited_at=Case(
            When(
                stall=None,
                then=Subquery(_LATER.order_by("received_at").values("received_at")[:1]),
            )
        ),
        accepted_at=Subquery(accepted.values("decided_at")[:1]),
        found_again=Exists(_AGAIN),
    )


# A9: who has answered a finding does not verify it by a visit either.
_OWN = Correction.objects.filter(finding=OuterRef(OuterRef("pk")), by=OuterRef("sent_by"))
_VISITS = (
    Inspection.objects.filter(status__in=_STANDING).exclude(kind="self_check").exclude(Exists(_OWN))
)
_FOLLOWED = _VISITS.filter(follows=OuterRef("inspection"))
# Which of two visits is the later one, neither phone's clock decides alone: it also came later,
# and began after the first by a clock that runs no further than ours.
_LATER = _VISITS.filter(
    establishment=OuterRef("establishment"),
    checklist__code=OuterRef("inspection__checklist__code"),
    received_at__gt=OuterRef("inspection__received_at"),
    started_at__gt=Least(OuterRef("inspection__started_at"), OuterRef("inspection__received_at")),
)
_AGAIN = Finding.objects.filter(repeat_of=OuterRef("pk"), inspection__status__in=_STANDING).exclude(
    inspection__kind="self_check"
)
# A2: the visit no longer stands; A3: another one has looked at the fault again.
BY_VISIT = (
    ~Q(inspection__status__in=_STANDING)
    | Q(Exists(_LATER), stall=None)
    | Q(Exists(_FOLLOWED))
    | Q(Exists(_AGAIN))
)
