"""What may be done in the name of somebody whose session has ended: the verbs of the phones.

The same functions as everywhere, so nothing is allowed here that was not allowed before.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from rest_framework import serializers

from backend.accounts.current import Person
from backend.common.fields import DayField, DecimalTextField, IdField, StrictSerializer, TextField
from inspections.evidence.serializers import DIGEST
from inspections.followup import lifecycle as followup
from inspections.plastics import lifecycle as plastics
from inspections.plastics.models import BagReturn
from inspections.submission import completion
from inspections.submission import lifecycle as submission
from inspections.submission.rules import MAX_PHOTOS
from inspections.sync.quarantine_models import QuarantinedItem

Op = QuarantinedItem.Op
Finish = Callable[[], None]


class _Answer(StrictSerializer):
    finding = IdField()
    text = TextField(max_length=2000)
    done_on = DayField()
    photos = serializers.ListField(
        child=serializers.RegexField(DIGEST, trim_whitespace=False),
        max_length=MAX_PHOTOS,
        default=list,
    )


class _Return(StrictSerializer):
    id = IdField(required=False)
    establishment = TextField(max_length=40)
    month = serializers.RegexField(r"^[0-9]{3}[1-9]-(0[1-9]|1[0-2])\Z")
    measures = serializers.DictField(child=DecimalTextField(20, 6))
    source = serializers.ChoiceField(BagReturn.Source.choices)  # type: ignore[assignment]
    note = TextField(max_length=2000, allow_blank=True, default="")


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
        photos=given["photos"],
        by=by,
    )
    return _nothing


def _declare(item: QuarantinedItem, by: Person) -> Finish:
    given = _read(_Return, item)
    plastics.declare(
        given["establishment"],
        date.fromisoformat(f"{given['month']}-01"),
        item.item,
        figures=given["measures"],
        source=given["source"],
        note=given["note"],
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
