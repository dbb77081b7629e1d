"""Many things at once, each for itself: one outcome for each, whatever became of the others."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from rest_framework.exceptions import APIException

from backend.accounts.current import Person
from backend.common import strict_json
from backend.common.errors import DomainError, FieldError, Kind, Malformed
from backend.common.problems import problem_handler
from backend.common.text import Bilingual
from inspections.fieldwork.errors import IdTaken, OtherAnswersAlreadySubmitted
from inspections.sync import verbs
from inspections.sync.envelope import Item

VERBS: Mapping[str, verbs.Verb] = {
    "inspection.submit": verbs.submit,
    "inspection.draft": verbs.draft,
    "finding.respond": verbs.respond,
    "bag_return.declare": verbs.declare,
}
# Another body lies under the id: nothing that could be put right on the phone.
CONFLICTS = (OtherAnswersAlreadySubmitted.code, IdTaken.code)
# A draft that others changed again and again meanwhile is merged the next time.
COME_BACK = (
    Kind.PRECONDITION_FAILED.value, Kind.THROTTLED.value, Kind.UNAVAILABLE.value,
    Kind.INSUFFICIENT_STORAGE.value,
)  # fmt: skip
SOON_S = "2"
# A fault of ours: the phone keeps the item and asks again, in no hurry.
FAILED = {"status": "retry", "retry_after": 60}

logger = logging.getLogger(__name__)


def run(item: Item, by: Person) -> dict[str, Any]:
    """The outcome of one item, in transactions of its own. Raises nothing.

    ``created``, ``duplicate``, ``conflict``, ``invalid`` with the problem document of the single
    route, or ``retry`` where nothing was wrong with the item.
    """
    try:
        told = _done(item, by)
    except (DomainError, APIException, DatabaseError, OSError) as error:
        told = _refusal(error)
    except Exception:
        logger.exception("an item of a push failed")
        told = FAILED
    return {"id": item.id, "op": item.op, **told}


def _done(item: Item, by: Person) -> dict[str, Any]:
    verb = VERBS.get(item.op)
    if verb is None:
        raise _malformed("/op", Bilingual("Không có thao tác này.", "There is no such operation."))
    done = verb(_id(item), strict_json.loads(bytes(item.data)), by)
    done.finish()
    return {"status": done.status, **done.told}


def _id(item: Item) -> UUID:
    """In the one spelling that addresses take."""
    try:
        found = UUID(item.id)
    except ValueError:
        found = None
    if found is None or str(found) != item.id:
        raise _malformed("/id", Bilingual("Không phải là UUID.", "This is no UUID."))
    return found


def _refusal(error: Exception) -> dict[str, Any]:
    answer = problem_handler(error, {})
    if answer is None or answer.data is None:
        logger.error("an item of a push failed", exc_info=error)
        return FAILED
    problem: dict[str, Any] = answer.data
    if problem["status"] in COME_BACK:
        return {"status": "retry", "retry_after": int(answer.headers.get("Retry-After", SOON_S))}
    outcome = "conflict" if problem["code"] in CONFLICTS else "invalid"
    return {"status": outcome, "problem": problem}


def _malformed(pointer: str, detail: Bilingual) -> Malformed:
    return Malformed(detail, errors=[FieldError(pointer, "invalid", detail)])
