"""The inspection document in the API description, from the types that decode it."""

from typing import Any

from inspections.submission.document import schema

ASCII_END = r"$(?!\n)"
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
