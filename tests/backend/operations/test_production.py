"""Production mode: what keeps it from starting, and what it does when it starts."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from backend.operations import readiness, server
from inspections.demo.own_server import OwnServer, ServerFailedError
from inspections.demo.phone import Phone
from inspections.records import pki
from markets.seed import demo
from tests.inspections.records import authorities
from tests.live import live_server

SECRET = "Vq8-2mZt0LxYc4RkWn7HdPsJfGb1EoUa5TiX3vNy9MzQwKrDlChBgSeAuOjF6I_p"
HOST = "kiemtra.example.vn"


def production(key_file: Path, passphrase: str) -> dict[str, str]:
    return {
        "APP_MODE": "production",
        "PUBLIC_URL": f"https://{HOST}",
        "TRUSTED_PROXIES": "127.0.0.1",
        "SECRET_KEY": SECRET,
        "JWT_SIGNING_KEY": SECRET[::-1],
        "SIGNING_P12": str(key_file),
        "SIGNING_P12_PASSPHRASE": passphrase,
    }


def organisation_key(folder: Path) -> Path:
    root_key, own_key = authorities.key(2048, 1), authorities.key(2048, 2)
    root = authorities.certificate(root_key, common="Root", authority=True)
    own = authorities.certificate(own_key, issuer=(root.subject, root_key))
    return authorities.key_file(folder, own_key, own, [root])


def test_a_test_key_is_recognised_wherever_it_lies(tmp_path: Path) -> None:
    key_file = pki.ensure_test_authority(tmp_path / "elsewhere")
    settings = production(key_file, pki.passphrase_of(key_file))
    server = OwnServer(tmp_path / "data", settings)
    server.folder.mkdir()
    with pytest.raises(ServerFailedError, match="SIGNING_P12: the local TEST authority"):
        server.run("serve")


def test_a_wrong_passphrase_stops_the_start(tmp_path: Path) -> None:
    server = OwnServer(tmp_path / "data", production(organisation_key(tmp_path), "wrong"))
    server.folder.mkdir()
    with pytest.raises(ServerFailedError, match="SIGNING_P12: The passphrase does not open"):
        server.run("serve")


def test_production_brings_no_accounts_and_speaks_https_through_its_proxy(tmp_path: Path) -> None:
    settings = production(organisation_key(tmp_path), authorities.PASSPHRASE)
    with live_server(tmp_path / "data", **settings) as live:
        assert not (live.server.folder / "pki").exists()
        assert not (live.server.folder / "secrets").exists()
        phone = Phone(live.server.port)
        demo = {"username": "department", "password": "cho-an-toan-2026"}
        assert phone.post("auth/token/", demo).status == 401

        proxied = phone.get("/admin/login/", **{"Host": HOST, "X-Forwarded-Proto": "https"})
        assert proxied.status == 200
        assert proxied.headers["strict-transport-security"].startswith("max-age=31536000")
        assert "Secure" in proxied.headers["set-cookie"]
        assert phone.get("/healthz", Host="evil.example").status == 400


@pytest.mark.parametrize(
    ("in_production", "proxies", "warned"),
    [(True, [], True), (True, ["127.0.0.1"], False), (False, [], False)],
)
def test_a_proxy_that_nobody_named_is_noticed_at_the_start(
    in_production: bool,
    proxies: list[str],
    warned: bool,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.PRODUCTION, settings.TRUSTED_PROXIES, settings.WEB_PROCESSES = (
        in_production,
        proxies,
        1,
    )
    monkeypatch.setattr(readiness, "signing_key", lambda: "")
    monkeypatch.setattr(demo, "still_open", lambda _: [])
    monkeypatch.setattr(server, "listen", lambda *_: None)
    monkeypatch.setattr(server, "serve", lambda _: None)

    call_command("serve", stdout=StringIO())

    assert any("TRUSTED_PROXIES" in message for message in caplog.messages) is warned


def test_demo_accounts_of_a_trial_keep_production_from_starting(tmp_path: Path) -> None:
    trial = OwnServer(tmp_path / "data")
    trial.folder.mkdir()
    trial.run("migrate")
    trial.run("load_demo")

    settings = production(organisation_key(tmp_path), authorities.PASSPHRASE)
    server = OwnServer(tmp_path / "data", settings)

    with pytest.raises(ServerFailedError, match=r"demo accounts .*: .*department"):
        server.run("serve")
