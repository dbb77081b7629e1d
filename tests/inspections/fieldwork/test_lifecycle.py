"""fieldwork.lifecycle: drafts, discarding, voiding and closing the evidence."""

import uuid
from typing import Any

import pytest

from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from backend.common.errors import PermissionDenied, PreconditionFailed
from inspections.fieldwork import lifecycle
from inspections.fieldwork.errors import IllegalMove, ReasonRequired
from inspections.fieldwork.models import Inspection
from inspections.submission import drafts
from inspections.submission.errors import SubmissionRefused
from tests.inspections.visits import Visits, person


def unfinished(visits: Visits, **changes: Any) -> dict[str, Any]:
    kept = ("id", "establishment", "checklist", "kind", "started_at", "team")
    whole = visits.document()
    return {**{key: whole[key] for key in kept}, **changes}


def mirror(visits: Visits, tree: dict[str, Any], version: int | None = None) -> Inspection:
    return drafts.mirror(uuid.UUID(tree["id"]), tree, version=version, by=visits.inspector)


def test_a_draft_needs_only_its_heads(visits: Visits) -> None:
    draft = mirror(visits, unfinished(visits, answers={"A01": {}}))

    assert (draft.status, draft.version) == ("draft", 1)
    assert draft.document["answers"] == {"A01": {}}


def test_a_draft_is_replaced_only_by_who_saw_it(visits: Visits) -> None:
    tree = unfinished(visits)
    mirror(visits, tree)
    assert mirror(visits, {**tree, "opinion": "hai"}, version=1).version == 2

    with pytest.raises(PreconditionFailed) as refused:
        mirror(visits, {**tree, "opinion": "ba"}, version=1)

    assert refused.value.extension["version"] == 2
    assert Inspection.objects.get().document["opinion"] == "hai"


def test_a_draft_of_an_unknown_place_is_refused(visits: Visits) -> None:
    with pytest.raises(SubmissionRefused) as refused:
        mirror(visits, unfinished(visits, establishment="NOWHERE"))

    assert refused.value.code == "unknown_establishment"


def test_a_draft_that_is_submitted_keeps_its_beginning(visits: Visits) -> None:
    tree = visits.document()
    begun = mirror(visits, {**unfinished(visits), "id": tree["id"]})

    visits.send(tree)

    inspection = Inspection.objects.get()
    assert (inspection.status, inspection.version) == ("submitted", 2)
    assert inspection.created_at == begun.created_at
    assert inspection.members.count() == 1


def test_what_is_submitted_is_no_draft_any_more(visits: Visits) -> None:
    inspection = visits.submit()

    with pytest.raises(IllegalMove) as refused:
        mirror(visits, {**unfinished(visits), "id": str(inspection.pk)}, version=1)
    assert refused.value.extension["state"] == "submitted"
    with pytest.raises(IllegalMove):
        lifecycle.discard(inspection, by=visits.inspector)


def test_a_discarded_draft_leaves_its_audit_entries(visits: Visits) -> None:
    draft = mirror(visits, unfinished(visits))

    lifecycle.discard(draft, by=visits.inspector)

    assert not Inspection.objects.exists()
    actions = AuditEntry.objects.filter(subject=f"inspection:{draft.pk}").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == ["draft.created", "draft.discarded"]


def test_only_head_or_sender_discards(visits: Visits) -> None:
    draft = mirror(visits, unfinished(visits))

    with pytest.raises(PermissionDenied):
        lifecycle.discard(draft, by=person("khac", Role.INSPECTOR))


@pytest.mark.parametrize("status", ["submitted", "issued"])
def test_voiding_keeps_the_number_and_says_why(visits: Visits, status: str) -> None:
    department = person("so", Role.DEPARTMENT)
    inspection = visits.submit()
    Inspection.objects.filter(pk=inspection.pk).update(status=status)
    inspection.refresh_from_db()

    voided = lifecycle.void(inspection, reason=" Sai cơ sở ", by=department)

    assert (voided.status, voided.void_reason) == ("voided", "Sai cơ sở")
    assert voided.record.number == "01/BB-SCT"
    assert AuditEntry.objects.get(action="inspection.voided").actor == "so"
    with pytest.raises(IllegalMove):
        lifecycle.void(voided, reason="Lần nữa", by=department)


def test_evidence_is_closed_once(visits: Visits) -> None:
    department = person("so", Role.DEPARTMENT)
    inspection = visits.submit()
    lifecycle.close_evidence(inspection, reason="Mất máy", by=department)

    with pytest.raises(IllegalMove):
        lifecycle.close_evidence(inspection, reason="Lý do khác", by=department)

    assert Inspection.objects.get().evidence_closed_reason == "Mất máy"


@pytest.mark.parametrize("verb", [lifecycle.void, lifecycle.close_evidence])
def test_a_reason_is_required(visits: Visits, verb: Any) -> None:
    inspection = visits.submit()

    with pytest.raises(ReasonRequired):
        verb(inspection, reason="  ", by=person("so", Role.DEPARTMENT))

    inspection.refresh_from_db()
    assert inspection.status == "submitted"


def test_of_two_moves_at_once_the_second_finds_the_row_moved(visits: Visits) -> None:
    department = person("so", Role.DEPARTMENT)
    first = visits.submit()
    second = Inspection.objects.get(pk=first.pk)
    lifecycle.void(first, reason="Một", by=department)

    with pytest.raises(IllegalMove):
        lifecycle.void(second, reason="Hai", by=department)

    assert Inspection.objects.get().void_reason == "Một"
