"""Every code that a refusal may have, with its status and titles: read from the code itself."""

from collections.abc import Iterator
from typing import NamedTuple

from backend.common.errors import DomainError
from backend.common.problems import TITLES
from backend.common.text import Bilingual


class Refusal(NamedTuple):
    status: int
    title: Bilingual


def known() -> dict[str, Refusal]:
    """By code. Complete once the routes are loaded, which import all that refuses.

    Raises ValueError where one code has two statuses: clients go by the code.
    """
    refusals = {code: Refusal(status, title) for status, (code, title) in TITLES.items()}
    for error in sorted(_concrete(DomainError), key=lambda error: error.__qualname__):
        refusal = refusals.setdefault(error.code, Refusal(error.kind.value, error.title))
        if refusal.status != error.kind.value:
            raise ValueError(f"{error.code} has two statuses")
    return refusals


def _concrete(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in error.__subclasses__():
        if hasattr(child, "code"):
            yield child
        yield from _concrete(child)
