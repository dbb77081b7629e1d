"""Everything that the API description allows, and much that it does not, as each role.

All checks of Schemathesis. Quick and the same each time by default: each role walks the operations
that are its own. ``FUZZ_EXAMPLES=100`` walks all of them and looks longer.
"""

import os
from collections import Counter, defaultdict
from typing import Any

import schemathesis
from django.db import transaction
from schemathesis.core.parameters import ParameterLocation

from backend.accounts import sessions
from tests.api_schema.document import operations, served
from tests.cast import MANAGER
from tests.permissions.scene import Scene

LONGER = int(os.environ.get("FUZZ_EXAMPLES", "0"))
# A rule that is broken (422), a version that is another (412, 428) and a place in the trail that
# is none any more (410) are no faults of the form.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "428", "429", "503"]
REFUSED = [
    "400",
    "401",
    "403",
    "404",
    "405",
    "406",
    "409",
    "410",
    "410",
    "412",
    "413",
    "415",
    "422",
    "428",
    "429",
]
WELL = {200, 201, 202, 204}
# A piece of a photo is bytes.
schemathesis.serializer.alias("application/partial-upload", "application/octet-stream")
CONFIG: dict[str, Any] = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
    "generation": {"deterministic": not LONGER, "max-examples": LONGER or 3, "database": "none"},
}
answered: dict[str, Counter[int]] = defaultdict(Counter)


class Stage:
    """Each operation begins with the same rows: what another one did is undone."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.operation = ""
        self.savepoint = transaction.savepoint()

    def send(self, case: schemathesis.Case, who: str) -> None:
        if case.operation.label != self.operation:
            self.operation = case.operation.label
            transaction.savepoint_rollback(self.savepoint)
            self.savepoint = transaction.savepoint()
            sessions.forget()
        self._feed(case, who)
        headers = {
            "Authorization": f"Bearer {self.scene.cast.tokens[who]}",
            "Accept-Encoding": "identity",  # the client would not unpack the answer
        }
        response = case.call_and_validate(headers=headers)
        if case.method == case.operation.method.upper():
            answered[case.operation.label][response.status_code] += 1

    def _feed(self, case: schemathesis.Case, who: str) -> None:
        """Put an object that is there in the place of one that was made up."""
        assert case.meta
        parts = case.meta.components
        is_good = {place: part.mode.is_positive for place, part in parts.items()}
        if is_good.get(ParameterLocation.PATH):
            for name in case.path_parameters:
                case.path_parameters[name] = self._known(case.operation.path, name, who)
            # A document names itself, and its address has to agree.
            body = case.body if is_good.get(ParameterLocation.BODY) else None
            of_documents = case.operation.path.endswith(("/inspections/{id}/", "/submit/"))
            if isinstance(body, dict) and "id" in body and of_documents:
                case.path_parameters["id"] = body["id"]
        if is_good.get(ParameterLocation.HEADER) and "If-Match" in case.headers:
            case.headers["If-Match"] = "*"

    def _known(self, path: str, parameter: str, who: str) -> str:
        if parameter == "device_id":
            return str(self.scene.cast.device(who).pk)
        for ending, name in KNOWN.get(parameter, {}).items():
            if path.endswith(ending):
                # A manager knows of no draft.
                seen = "visit" if (name, who) == ("draft", MANAGER) else name
                return self.scene.names[seen]
        raise LookupError(f"which {parameter} shall {path} be asked for?")


# By parameter and end of the address: the object of the scene that is asked for.
KNOWN = {
    "id": {
        "respond/": "finding",
        "publish/": "old",
        "withdraw/": "published",
        "decide/": "appeal",
        "findings/{id}/accept/": "answered",
        "findings/{id}/": "answered",
        "refuse/": "answered",
        "reopen/": "accepted",
        "except/": "finding",
        "assignments/{id}/": "assignment",
        "series/{id}/": "series",
        "series/{id}/cancel/": "series",
        "cancel/": "assignment",
        "stalls/{id}/": "stall",
        "inspections/{id}/": "draft",
        "record.pdf": "issued",
        "{sequence}.pdf": "replied",
        "conflicts/{id}/": "conflict",
        "quarantine/{id}/": "brought",
        "quarantine/{id}/accept/": "brought",
        "quarantine/{id}/reject/": "brought",
        "": "visit",
    },
    "sequence": {"": "first"},
    "code": {"{month}/": "store", "": "place"},
    "month": {"": "month"},
    "name": {"publish/": "new_checklist", "": "checklist"},
    "other": {"": "checklist"},
    "sha256": {"sync/quarantine/evidence/{sha256}/": "brought_photo", "": "named_photo"},
    "token": {"planning/calendars/{token}.ics": "calendar", "": "token"},
}


# Nobody makes up a photo under its own digest, a file of an office, a name, a living token or a
# day that has not come.
BEYOND_CHANCE = {
    "administrative_units_import", "assignment_series_create", "assignments_create",
    "auth_device_link_use", "bag_returns_confirm",
    "auth_device_links_create", "auth_token_refresh", "checklists_import",
    "establishment_stalls_import", "establishments_import", "evidence_send", "evidence_upload",
    "findings_except", "sync_changes", "sync_quarantine_evidence",
}  # fmt: skip


def is_walked(method: str, operation: dict[str, Any], role: str) -> bool:
    """What a role may read, and change where it is the first that may; all in a longer run."""
    roles = operation["x-roles"]
    walks = role in roles if method.lower() == "get" else role == roles[0]
    return LONGER > 0 or walks or (roles == ["public"] and role == "inspector")


def operations_of(role: str) -> Any:
    """A test of each operation that ``role`` walks."""
    return (
        schemathesis.pytest.from_fixture("api")
        .include(
            lambda context: is_walked(
                context.operation.method, context.operation.definition.raw, role
            )
        )
        .parametrize()
    )


def check_that_all_went_well_once(role: str) -> None:
    """What was only ever refused before it began would prove little."""
    labels = {
        f"{method} {path}": operation["operationId"]
        for path, method, operation in operations(served())
        if is_walked(method, operation, role)
    }
    assert answered.keys() == labels.keys()

    well = {label for label, statuses in answered.items() if statuses.keys() & WELL}
    only_refused = {labels[label] for label in labels.keys() - well} - BEYOND_CHANCE
    assert not only_refused, sorted(only_refused)
