"""`prepare`: a second run finds everything there and changes nothing."""

import hashlib
from pathlib import Path

from tests.live import Live


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "server.log"
    }


def test_a_second_run_changes_nothing(live: Live) -> None:
    before, trail = contents(live.server.folder), live.server.run("verify_audit")
    said = live.server.run("prepare")
    assert contents(live.server.folder) == before
    assert live.server.run("verify_audit") == trail
    assert "created" not in said
    assert "collected" not in said
    assert {"secrets/secret_key", "pki/signing.p12", "static/staticfiles.json"} <= set(before)


def test_secrets_are_for_their_owner_only(live: Live) -> None:
    folder = live.server.folder
    private = [*(folder / "secrets").iterdir(), *(folder / "pki").glob("*.key")]
    assert len(private) >= 3
    assert {path.stat().st_mode & 0o077 for path in private} == {0}
