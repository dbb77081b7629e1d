"""What a change changes, for the row and for the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from backend.common.printable import check_printable


def agrees(row: Model, values: Mapping[str, Any]) -> bool:
    """Whether ``row`` holds all ``values``, so that there is no need to lock it."""
    return all(getattr(row, field) == value for field, value in values.items())


def assign(row: Model, values: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Set ``values`` on ``row`` without saving; ``{field: [old, new]}`` of what differs.

    Old and new are spelled as text, ready for the audit trail. An empty answer means that
    there is nothing to save. Raises CharacterNotSupported for a text that no record can show;
    what was written before there was such a rule stays until it is changed.
    """
    changed = {}
    for field, value in values.items():
        old = getattr(row, field)
        if old != value:
            setattr(row, field, value)
            changed[field] = [_spell(old), _spell(value)]
    check_printable({field: values[field] for field in changed})
    return changed


def _spell(value: Any) -> str | None:
    return None if value is None else str(value)
