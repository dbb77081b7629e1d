"""What may be done in the name of somebody whose session has ended: the verbs of the phones.

The same functions as everywhere, so nothing is allowed here that was not allowed before.
"""

from collections.abc import Callable

from backend.accounts.current import Person
from inspections.sync import verbs
from inspections.sync.quarantine_models import QuarantinedItem

Op = QuarantinedItem.Op

_VERBS: dict[str, verbs.Verb] = {
    Op.SUBMIT: verbs.submit,
    Op.RESPOND: verbs.respond,
    Op.DECLARE: verbs.declare,
}


def do(item: QuarantinedItem) -> Callable[[], object]:
    """Do it as the person it came from; gives what is left to do after the commit.

    Runs in the caller's transaction. Raises what the verb raises, and DRF's ValidationError.
    """
    by = Person(item.person_id, item.person.username, item.role, item.session)
    return _VERBS[item.op](item.item, item.data, by).finish
