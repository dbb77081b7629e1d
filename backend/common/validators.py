"""Validators of model columns, which forms and the commands of Django ask."""

from django.core.exceptions import ValidationError

from backend.common.printable import CharacterNotSupported, lacking
from backend.common.text import ONE_LINE
from backend.common.typeface import unsupported


def validate_printable(text: str) -> None:
    """Raise ValidationError for a text that records copy and cannot show on one line."""
    if "\n" in text:
        raise ValidationError(ONE_LINE.vi, code="one_line")
    if characters := unsupported(text):
        raise ValidationError(lacking(characters).vi, code=CharacterNotSupported.code)
