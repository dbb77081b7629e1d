"""Log lines as JSON: one object per line, without tokens and without personal data.

What a client sent never reaches the log: a request is named by its route, not by its address
(the address of a verification page is a secret), and an exception by its type and place,
because its text often repeats the value that was refused.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest

from backend.common.middleware import request_id

FRAMES = 12
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Their first line names a file, a server or a constraint; rows come on later lines.
_SPEAKING = (OSError, OperationalError, IntegrityError)


class JsonFormatter(logging.Formatter):
    """``extra={"fields": {...}}`` adds members; they must be free of what clients sent."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        entry: dict[str, Any] = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            "request_id": request_id.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            entry["error"] = _error(record.exc_info[1])
        # ASCII only, so that no line break of any alphabet can begin a forged entry.
        return json.dumps(entry, default=str)


def method(request: HttpRequest) -> str:
    """The verb; one that nobody knows may hold anything."""
    return request.method if request.method in METHODS else "other"


def route(request: HttpRequest) -> str:
    """The address as the URL table spells it; "" where none matched."""
    match = request.resolver_match
    return f"/{match.route}" if match else ""


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        # Django's own lines carry the address or the refused header.
        return f"{getattr(record, 'status_code', '')} {method(request)} {route(request)}".strip()
    if record.name == "waitress":
        return f"in {record.funcName}"  # its texts carry addresses too
    return record.getMessage()


def _error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    entry: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, _SPEAKING):
        entry["text"] = str(error).partition("\n")[0]
    if cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        entry["cause"] = _error(cause)
    return entry
