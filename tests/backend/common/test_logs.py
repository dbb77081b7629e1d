"""Log lines: JSON, one each, and nothing in them that a client sent."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from django.test import Client

from backend.common.logs import JsonFormatter

CANARY = "canary7f3a"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged from here on, as the configured handler would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def logged(record_message: str, *args: object, error: BaseException | None = None) -> str:
    record = logging.LogRecord("t", logging.ERROR, "f", 1, record_message, args, None)
    if error:
        record.exc_info = (type(error), error, error.__traceback__)
    return JsonFormatter().format(record)


def test_a_line_stays_one_line_whatever_is_in_it() -> None:
    line = logged("a\r\nb\u2028c %s", "d\x85e\x1b[31m")
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == "a\r\nb\u2028c d\x85e\x1b[31m"


def test_an_error_is_named_by_type_and_place_without_its_text() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        line = logged("failed", error=error)
    found = json.loads(line)["error"]
    assert found["type"] == "builtins.ValueError"
    assert "test_logs.py" in found["at"][-1]
    assert CANARY not in line


def test_the_server_s_own_texts_carry_addresses_and_are_left_out() -> None:
    record = logging.LogRecord(
        "waitress", logging.INFO, "f", 1, f"Client disconnected while serving /{CANARY}", (), None,
        func="service",
    )  # fmt: skip
    assert json.loads(JsonFormatter().format(record))["message"] == "in service"


def test_a_broken_constraint_is_named_without_the_row() -> None:
    cause = IntegrityError(f'unique constraint "x_once"\nDETAIL: Key (name)=({CANARY}) exists.')
    found = json.loads(logged("failed", error=cause))["error"]
    assert found["text"] == 'unique constraint "x_once"'


@pytest.mark.django_db
def test_requests_are_logged_without_what_the_client_sent(
    client: Client, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "backend.access"):
        client.get(f"/verify/{CANARY}/?q={CANARY}", headers={"Authorization": f"Bearer {CANARY}"})
        client.get(f"/nowhere/{CANARY}", headers={"X-Request-Id": f"{CANARY}\r\nforged: 1"})
        client.get("/healthz", headers={"Host": f"{CANARY}.example"})
        client.generic(CANARY.upper(), "/nowhere")
        client.post(
            f"/api/v1/auth/token/?{CANARY}=1",
            {"username": CANARY, "password": CANARY},
            content_type="application/json",
            headers={"User-Agent": CANARY, "Cookie": f"sessionid={CANARY}"},
        )
    written = [json.loads(line) for line in log.getvalue().splitlines()]
    access = [entry for entry in written if entry["logger"] == "backend.access"]
    assert [entry["status"] for entry in access] == [404, 404, 400, 404, 400]
    assert [entry["route"] for entry in access] == [
        "/verify/<str:token>/",
        "",
        "",
        "",
        "/api/v1/auth/token/",
    ]
    assert CANARY not in log.getvalue().lower()
