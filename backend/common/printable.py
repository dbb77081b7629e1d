"""Texts that records copy are held against the record's typeface where they come in."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.common.errors import DomainError, FieldError, Kind
from backend.common.strict_json import escape
from backend.common.text import Bilingual
from backend.common.typeface import unsupported


class CharacterNotSupported(DomainError):
    """A record would have to print what its typeface lacks; ``errors`` says where it stands."""

    code = "character_not_supported"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Phông chữ của biên bản không có ký tự này", "The font of the record lacks this character"
    )


def lacking(characters: str) -> Bilingual:
    """The sentence for ``characters``, which are those that ``unsupported`` found."""
    names = " ".join(f"{char} (U+{ord(char):04X})" for char in characters)
    return Bilingual(
        f"Phông chữ của biên bản không có: {names}", f"The font of the record lacks: {names}"
    )


def unprintable_texts(value: Any, pointer: str) -> Iterator[FieldError]:
    """An error for each text in ``value``, which is JSON, that a record cannot show; keys too."""
    if isinstance(value, str):
        if characters := unsupported(value):
            yield FieldError(pointer, CharacterNotSupported.code, lacking(characters))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from unprintable_texts(key, f"{pointer}/{escape(key)}")
            yield from unprintable_texts(item, f"{pointer}/{escape(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unprintable_texts(item, f"{pointer}/{index}")


def check_printable(values: Mapping[str, Any]) -> None:
    """Raise CharacterNotSupported, at every field of ``values`` whose text cannot be printed."""
    if faults := list(unprintable_texts(values, "")):
        raise CharacterNotSupported(faults[0].detail, errors=faults)
