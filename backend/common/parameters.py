"""Query parameters that are read without a filter; a value that cannot be read answers 400."""

from rest_framework.request import Request

from backend.common.errors import FieldError, Malformed
from backend.common.text import Bilingual


def flag(request: Request, name: str) -> bool:
    """Whether ``true`` was given; only ``false`` and nothing mean no. Raises Malformed."""
    text = request.query_params.get(name, "false")
    if text not in ("true", "false"):
        raise unreadable(name, Bilingual(vi="true hoặc false", en="true or false"))
    return text == "true"


def unreadable(name: str, expected: Bilingual) -> Malformed:
    """The refusal of a value, which says what was ``expected``."""
    detail = Bilingual(vi=f"{name}: {expected.vi}", en=f"{name}: {expected.en}")
    return Malformed(detail, errors=[FieldError("", "invalid_parameter", detail)])
