"""What a phone does: the same functions as behind the single routes, for one item after the other.

Each takes the id that the phone made and the body of the item. Raises what its function raises,
and DRF's ValidationError for a body of another shape.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from uuid import UUID

from rest_framework import serializers

from backend.accounts.current import Person
from backend.common.fields import IdField, StrictSerializer, TextField
from inspections.followup import lifecycle as followup
from inspections.followup.serializers import CorrectionInput
from inspections.plastics import lifecycle as plastics
from inspections.plastics.filters import MONTH, first_day
from inspections.plastics.models import BagReturn
from inspections.plastics.serializers import BagReturnInput
from inspections.submission import completion, merging, shared_drafts
from inspections.submission import lifecycle as submission
from inspections.sync.serializers import DraftPushSerializer


class Done(NamedTuple):
    """``told``: what the phone hears besides; ``finish``: what is left to do after the commit."""

    status: Literal["created", "duplicate", "conflict"]
    told: Mapping[str, Any] = MappingProxyType({})
    finish: Callable[[], object] = lambda: None


Verb = Callable[[UUID, Any, Person], Done]


class _Answer(CorrectionInput):
    """As at the single route; the address of that is in the body here."""

    id = IdField(required=False)
    finding = IdField()


class _Return(BagReturnInput):
    id = IdField(required=False)
    establishment = TextField(max_length=40)
    month = serializers.RegexField(rf"^{MONTH}\Z")


def submit(item_id: UUID, data: Any, by: Person) -> Done:
    outcome = submission.submit(item_id, data, by=by)

    def finish() -> None:
        if outcome.created:
            completion.after_submission(item_id, outcome.lacking)

    return Done(_status(outcome.created), {"receipt": json.loads(outcome.receipt)}, finish)


def draft(item_id: UUID, data: Any, by: Person) -> Done:
    given = _read(DraftPushSerializer, data)
    brought = shared_drafts.Brought(
        tree=given["document"],
        base=given["version"] or 0,
        changed=given["changed"],
        resolved=given.get("resolved", ()),
    )
    outcome = shared_drafts.merge(item_id, brought, by=by)
    stored = outcome.draft.document
    told: dict[str, Any] = {"version": outcome.draft.version}
    if merging.differing(merging.values_of(stored), merging.values_of(brought.tree)):
        told["document"] = stored
    if conflicts := shared_drafts.open_conflicts(outcome.draft):
        told["conflicts"] = conflicts
    return Done("conflict" if outcome.stands_aside else _status(outcome.is_new), told)


def respond(item_id: UUID, data: Any, by: Person) -> Done:
    given = _read(_Answer, data)
    _, created = followup.respond(
        given["finding"],
        item_id,
        text=given["text"],
        done_on=given["done_on"],
        photos=given.get("photos", ()),
        partly=given.get("partly", False),
        by=by,
    )
    return Done(_status(created))


def declare(item_id: UUID, data: Any, by: Person) -> Done:
    given = _read(_Return, data)
    # A return that replaces another one is new too.
    known = BagReturn.objects.filter(pk=item_id).exists()
    plastics.declare(
        given["establishment"],
        first_day(given["month"]),
        item_id,
        figures=given["measures"],
        source=given["source"],
        note=given.get("note", ""),
        by=by,
    )
    return Done(_status(not known))


def _status(created: bool) -> Literal["created", "duplicate"]:
    return "created" if created else "duplicate"


def _read(shape: type[StrictSerializer], data: Any) -> dict[str, Any]:
    body = shape(data=data)
    body.is_valid(raise_exception=True)
    given: dict[str, Any] = body.validated_data
    return given
