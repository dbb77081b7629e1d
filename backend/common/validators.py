"""Validators of model columns, which forms and the commands of Django ask."""

from django.core.exceptions import ValidationError

from backend.common.printable import CharacterNotSupported, lacking
from backend.common.typeface import unsupported


def validate_printable(text: str) -> None:
    """Raise ValidationError for a text that records copy and cannot show."""
    if characters := unsupported(text):
        raise ValidationError(lacking(characters).vi, code=CharacterNotSupported.code)
