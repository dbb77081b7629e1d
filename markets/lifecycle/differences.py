"""What a change changes, for the row and for the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model


def agrees(row: Model, values: Mapping[str, Any]) -> bool:
    """Whether ``row`` holds all ``values``, so that there is no need to lock it."""
    return all(getattr(row, field) == value for field, value in values.items())


def assign(row: Model, values: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Set ``values`` on ``row`` without saving; ``{field: [old, new]}`` of what differs.

    Old and new are spelled as text, ready for the audit trail. An empty answer means that
    there is nothing to save.
    """
    changed = {}
    for field, value in values.items():
        old = getattr(row, field)
        if old != value:
            setattr(row, field, value)
            changed[field] = [_spell(old), _spell(value)]
    return changed


def _spell(value: Any) -> str | None:
    return None if value is None else str(value)
