"""The inspection document in the API description, from the types that decode it."""

from typing import Any

from inspections.submission import rules
from inspections.submission.document import schema

# What the first error of a refused body may be called.
DRAFT_CODES = sorted(
    {
        rules.UNKNOWN_ESTABLISHMENT.code,
        rules.UNKNOWN_CHECKLIST.code,
        rules.UNKNOWN_PERSON.code,
        rules.NAME_MISSING.code,
        rules.NAMED_TWICE.code,
        rules.ONE_HEAD.code,
        rules.SENDER_NOT_IN_TEAM.code,
    }
)
SUBMISSION_CODES = [
    "answers_invalid",
    *sorted(
        {rule.code for rule in vars(rules).values() if isinstance(rule, rules.Rule)}
        | {rules.CHARACTER, "missing_answer"}
    ),
]
STATE = "InspectionState"


def add_document(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the parts of the document, and ``InspectionDocument``: a draft with its state."""
    schemas = result["components"]["schemas"]
    for name, part in schema().items():
        if schemas.setdefault(name, part) != part:
            raise ValueError(f"two components are called {name}")
    draft, state = schemas["Draft"], schemas[STATE]
    schemas["InspectionDocument"] = {
        "type": "object",
        "description": "The document as it was sent, and what the server knows of it.",
        "required": [*draft["required"], *state["required"]],
        "properties": {**draft["properties"], **state["properties"]},
    }
    return result
