"""manage.py demo: one inspection on a server of its own, and the record that it leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inspections.demo import own_server, visit
from inspections.demo.own_server import OwnServer
from tests.inspections.records.tools import pdfsig


def test_leaves_a_record_that_others_accept(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    said = StringIO()

    call_command("demo", stdout=said)

    [pdf] = (tmp_path / "demo").iterdir()
    assert pdf.name.startswith("bien-ban-01-")
    checked = pdfsig(pdf.read_bytes(), tmp_path / "pki" / "signing-ca.pem", tmp_path)
    assert "Signature is Valid" in checked
    assert "Certificate is Trusted" in checked
    text = said.getvalue()
    for part in ("01/BB-SCT", "Không đạt", "quầy số 02", "J02 (quầy 02)", "genuine", str(pdf)):
        assert part in text


def test_says_what_went_wrong_and_leaves_nothing(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def running(folder: Path, _: Any) -> Iterator[OwnServer]:
        yield OwnServer(folder)

    def walk(*_: Any) -> visit.Outcome:
        raise visit.NotAsItShouldBeError("201 expected, got 422")

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(own_server, "running", running)
    monkeypatch.setattr(visit, "walk", walk)

    with pytest.raises(CommandError, match="201 expected, got 422"):
        call_command("demo", stdout=StringIO())

    assert list((tmp_path / "demo").iterdir()) == []


def test_is_not_for_production(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not in production"):
        call_command("demo", stdout=StringIO())
