"""The API description as the tests use it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import api_schema

COMMITTED = Path(api_schema.__file__).parent / "openapi.yaml"
METHODS = ("get", "put", "post", "patch", "delete")


@cache
def served() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(COMMITTED.read_bytes())
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method in capitals, operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method.upper(), item[method]
