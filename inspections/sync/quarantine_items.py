"""What may be done in the name of somebody whose session has ended: the verbs of the phones.

The same functions as everywhere, so nothing is allowed here that was not allowed before.
"""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from backend.accounts.current import Person
from backend.common.fields import IdField, StrictSerializer, TextField
from inspections.followup import lifecycle as followup
from inspections.followup.serializers import CorrectionInput
from inspections.plastics import lifecycle as plastics
from inspections.plastics.filters import MONTH, first_day
from inspections.plastics.serializers import BagReturnInput
from inspections.submission import completion
from inspections.submission import lifecycle as submission
from inspections.sync.quarantine_models import QuarantinedItem

Op = QuarantinedItem.Op
Finish = Callable[[], None]


class _Answer(CorrectionInput):
    """As at the single route; the address of that is in the body here."""

    id = IdField(required=False)
    finding = IdField()


class _Return(BagReturnInput):
    id = IdField(required=False)
    establishment = TextField(max_length=40)
    month = serializers.RegexField(rf"^{MONTH}\Z")


def do(item: QuarantinedItem) -> Finish:
    """Do it as the person it came from; gives what is left to do after the commit.

    Runs in the caller's transaction. Raises what the verb raises, and DRF's ValidationError.
    """
    by = Person(item.person_id, item.person.username, item.role, item.session)
    return _VERBS[item.op](item, by)


def _submit(item: QuarantinedItem, by: Person) -> Finish:
    outcome = submission.submit(item.item, item.data, by=by)
    return lambda: completion.after_submission(item.item, outcome.lacking)


def _respond(item: QuarantinedItem, by: Person) -> Finish:
    given = _read(_Answer, item)
    followup.respond(
        given["finding"],
        item.item,
        text=given["text"],
        done_on=given["done_on"],
        photos=given.get("photos", ()),
        by=by,
    )
    return _nothing


def _declare(item: QuarantinedItem, by: Person) -> Finish:
    given = _read(_Return, item)
    plastics.declare(
        given["establishment"],
        first_day(given["month"]),
        item.item,
        figures=given["measures"],
        source=given["source"],
        note=given.get("note", ""),
        by=by,
    )
    return _nothing


def _read(shape: type[StrictSerializer], item: QuarantinedItem) -> dict[str, Any]:
    body = shape(data=item.data)
    body.is_valid(raise_exception=True)
    given: dict[str, Any] = body.validated_data
    return given


def _nothing() -> None:
    return


_VERBS: dict[str, Callable[[QuarantinedItem, Person], Finish]] = {
    Op.SUBMIT: _submit,
    Op.RESPOND: _respond,
    Op.DECLARE: _declare,
}
