"""Whole exchanges with the API: printed in its description, and carried out by the tests.

Each file is ``{"operation", "summary", "as", "path"?, "request"?, "status", "response"?}``; ``as``
is a demo account or null, ``path`` fills the address. In the order of their names they tell one
story.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent


class Example(NamedTuple):
    name: str
    operation: str
    summary: str
    sender: str | None
    path: Mapping[str, str]
    request: Any
    status: int
    response: Any


def load() -> list[Example]:
    """In the order of the story."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def _read(path: Path) -> Example:
    content = json.loads(path.read_text(encoding="utf-8"))
    return Example(
        name=path.stem.partition("-")[2],
        operation=content["operation"],
        summary=content["summary"],
        sender=content["as"],
        path=content.get("path", {}),
        request=content.get("request"),
        status=content["status"],
        response=content.get("response"),
    )
