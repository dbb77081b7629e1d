"""A draft on the server: a mirror of the phone's, seen by the team."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from backend.accounts.current import Person
from backend.common.errors import FieldError, Malformed
from backend.common.text import Bilingual
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.models import Inspection
from inspections.submission import normal, rules
from inspections.submission.document import Draft, decode_draft
from inspections.submission.errors import SubmissionRefused
from inspections.submission.facts import Facts, gather

_OTHER_ID = Bilingual(
    vi="Mã trong nội dung khác với mã trong địa chỉ.",
    en="The id in the body differs from the one in the address.",
)


def check_id(document: Draft, inspection_id: UUID) -> None:
    """Raise Malformed where the body names another inspection than the address."""
    if document.id != str(inspection_id):
        raise Malformed(_OTHER_ID, errors=[FieldError("/id", "id_differs", _OTHER_ID)])


def mirror(inspection_id: UUID, tree: Any, *, version: int | None, by: Person) -> Inspection:
    """Keep the draft that a phone sent, in place of ``version`` of it, None for a new one.

    Only the place, the checklist and the team must exist; everything else may be unfinished.
    Raises Malformed, SubmissionRefused, PreconditionFailed.
    """
    document = decode_draft(tree)
    facts = gather(document)
    errors = list(_check(document, facts, by))
    if errors or facts.place is None or facts.checklist is None:
        raise SubmissionRefused(errors)
    check_id(document, inspection_id)
    normalised = normal.normalise(tree, facts.checklist.definition)
    draft = Inspection(
        id=inspection_id,
        establishment_id=facts.place.id,
        checklist_id=facts.checklist.id,
        kind=document.kind,
        sent_by_id=by.id,
        document={key: value for key, value in normalised.items() if key != "device"},
        device=normalised.get("device"),
        started_at=document.started_at,
        ended_at=document.ended_at,
        updated_at=timezone.now(),
        search_text=fieldwork.search_text(facts.place.name, facts.place.code),
    )
    members = [(facts.people[m.username].pk, m.role) for m in document.team if m.username]
    return fieldwork.save_draft(draft, version=version, members=members, by=by)


def _check(document: Draft, facts: Facts, by: Person) -> Any:
    if facts.place is None:
        yield rules.UNKNOWN_ESTABLISHMENT.at("/establishment")
    if facts.checklist is None:
        yield rules.UNKNOWN_CHECKLIST.at("/checklist")
    yield from rules.check_team(document, by.username, facts.people)
