"""What may be done in the name of somebody whose session has ended: the verbs of the phones.

The same functions as everywhere, so nothing is allowed here that was not allowed before.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from backend.accounts.current import Person
from backend.common import strict_json
from backend.common.errors import FieldError, Malformed
from backend.common.text import Bilingual
from inspections.sync import verbs
from inspections.sync.envelope import Item
from inspections.sync.quarantine_models import QuarantinedItem

Op = QuarantinedItem.Op

_VERBS: dict[str, verbs.Verb] = {
    Op.SUBMIT: verbs.submit,
    Op.RESPOND: verbs.respond,
    Op.DECLARE: verbs.declare,
}


def read(item: Item) -> tuple[str, UUID, Mapping[str, Any]]:
    """Verb, id and body of what a phone brought. Raises Malformed; what the body says, the verb
    judges when the item is accepted.
    """
    if item.op not in _VERBS:
        raise _unreadable("/op")
    try:
        identifier = UUID(item.id)
    except ValueError:
        raise _unreadable("/id") from None
    data = strict_json.loads(bytes(item.data))
    if not isinstance(data, Mapping):
        raise _unreadable("/data")
    return item.op, identifier, data


def _unreadable(pointer: str) -> Malformed:
    detail = Bilingual("Không đọc được.", "This cannot be read.")
    return Malformed(detail, errors=[FieldError(pointer, "invalid", detail)])


def do(item: QuarantinedItem) -> Callable[[], object]:
    """Do it as the person it came from; gives what is left to do after the commit.

    Runs in the caller's transaction. Raises what the verb raises, and DRF's ValidationError.
    """
    by = Person(item.person_id, item.person.username, item.role, item.session)
    return _VERBS[item.op](item.item, item.data, by).finish
