"""The inspection document in the API description, from the types that decode it."""

from typing import Any

from api_schema.components import LINE, SOME_LINE, TEXT
from backend.common.printable import CharacterNotSupported
from inspections.submission import document, rules
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
        rules.OUT_OF_RANGE.code,
    }
)
SUBMISSION_CODES = [
    "answers_invalid",
    *sorted(
        {rule.code for rule in vars(rules).values() if isinstance(rule, rules.Rule)}
        | {CharacterNotSupported.code, "missing_answer"}
    ),
]
STATE = "InspectionState"
# What the document leaves to ``strict_json``, the description says as well.
LINES = {document.LINE: LINE, document.SOME_LINE: SOME_LINE}


def add_document(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the parts of the document, and ``InspectionDocument``: a draft with its state."""
    schemas = result["components"]["schemas"]
    for name, part in schema().items():
        _restrict_texts(part)
        if schemas.setdefault(name, part) != part:
            raise ValueError(f"two components are called {name}")
    # msgspec has no word for it; see ``document._decode``.
    schemas["StallSheet"]["oneOf"] = [
        {"required": ["stall"], "properties": {"stall": {"type": "string"}}},
        {"required": ["new"], "properties": {"new": {"type": "object"}}},
    ]
    draft, state = schemas["Draft"], schemas[STATE]
    schemas["InspectionDocument"] = {
        "type": "object",
        "description": "The document as it was sent, and what the server knows of it.",
        "required": [*draft["required"], *state["required"]],
        "properties": {
            **draft["properties"],
            **state["properties"],
            "conflicts": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/DraftConflict"},
                "description": "Of a draft, where somebody has to choose.",
            },
        },
    }
    return result


def _restrict_texts(node: Any) -> None:
    """Say of every text which characters it may hold: ``strict_json`` has refused the others."""
    if isinstance(node, list):
        for item in node:
            _restrict_texts(item)
    elif isinstance(node, dict):
        if node.get("pattern") in LINES:
            node["pattern"] = LINES[node["pattern"]]
        elif node.get("type") == "string" and not node.keys() & {"enum", "format", "const"}:
            node.setdefault("pattern", TEXT)
        if "propertyNames" in node:
            node["propertyNames"] |= {"type": "string", "pattern": TEXT}
        for item in node.values():
            _restrict_texts(item)
