"""The environment of the service: read as a whole, refused by name, never quoted."""

import os
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from backend import env
from backend.env import BASE_DIR, Mode

SECRET = "Vq8-2mZt0LxYc4RkWn7HdPsJfGb1EoUa5TiX3vNy9MzQwKrDlChBgSeAuOjF6I_p"
OTHER_SECRET = SECRET[::-1]


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any variable of ours."""
    for name in names_in_example():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENV_FILE", os.devnull)
    return monkeypatch


def names_in_example() -> set[str]:
    text = (BASE_DIR / ".env.example").read_text()
    return set(re.findall(r"^([A-Z0-9_]+)=", text, re.MULTILINE))


def production(variables: pytest.MonkeyPatch, tmp_path: Path, **changes: str) -> None:
    """An environment that production accepts, but for the ``changes``."""
    key_file = tmp_path / "organisation.p12"
    key_file.touch()
    good = {
        "APP_MODE": "production",
        "DATA_DIR": str(tmp_path / "data"),
        "PUBLIC_URL": "https://kiemtra.example.vn",
        "SECRET_KEY": SECRET,
        "JWT_SIGNING_KEY": OTHER_SECRET,
        "SIGNING_P12": str(key_file),
    }
    for name, value in {**good, **changes}.items():
        variables.setenv(name, value)


def refusal() -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        env.read()
    return str(refused.value)


def test_every_variable_that_is_read_stands_in_the_example_and_no_other() -> None:
    code = (BASE_DIR / "backend" / "env.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', code))
    assert len(read) > 25
    assert read | {"ENV_FILE"} == names_in_example()


def test_an_empty_environment_is_a_development_machine(variables: pytest.MonkeyPatch) -> None:
    found = env.read()
    assert found.mode is Mode.DEVELOPMENT
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.data_dir == BASE_DIR / "var"
    assert found.seed_demo
    assert not found.debug


def test_a_trial_over_https_can_be_found_by_phones(variables: pytest.MonkeyPatch) -> None:
    variables.setattr("backend.lan.address", lambda: "192.168.1.7")
    variables.setenv("HTTPS", "1")

    found = env.read()

    assert found.host == "0.0.0.0"  # noqa: S104 - compared
    assert found.public_url == "https://192.168.1.7:8000"
    assert {"localhost", "127.0.0.1", "[::1]", "192.168.1.7"} <= set(found.allowed_hosts)


def test_a_trial_may_be_kept_to_this_machine(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("HTTPS", "1")
    variables.setenv("HOST", "127.0.0.1")

    assert env.read().public_url == "https://127.0.0.1:8000"


def test_production_has_no_certificate_of_its_own(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    production(variables, tmp_path, HTTPS="1")

    assert "HTTPS: is for trials" in refusal()


def test_the_example_itself_can_be_used(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("ENV_FILE", str(BASE_DIR / ".env.example"))
    assert env.read().port == 8000


def test_all_bad_values_are_named_at_once_and_none_is_quoted(
    variables: pytest.MonkeyPatch,
) -> None:
    bad = {
        "PORT": "canary-eighty",
        "DEBUG": "canary-perhaps",
        "DATABASE_URL": "canary://user:canary-password@host/name",
        "TRUSTED_PROXIES": "10.0.0.0/8,canary-network",
        "SECRET_KEY_FILE": "/canary/secret",
        "SIGNING_P12": "/canary/key.p12",
        "S3_ENDPOINT_URL": "canary-endpoint",
        "LOG_LEVEL": "canary-loud",
        "APP_MODE": "canary-mode",
        "SQLITE_SYNCHRONOUS": "canary",
    }
    for name, value in bad.items():
        variables.setenv(name, value)
    message = refusal()
    lines = message.splitlines()[1:]
    assert {line.split(":")[0].strip() for line in lines} == {
        name.removesuffix("_FILE") for name in bad
    }
    assert "canary" not in message


@pytest.mark.parametrize("name", sorted(names_in_example() - {"ENV_FILE"}))
def test_an_empty_variable_is_an_absent_one(variables: pytest.MonkeyPatch, name: str) -> None:
    absent = env.read()
    variables.setenv(name, "")
    assert env.read() == absent


def test_a_secret_may_lie_in_a_file(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    variables.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.read().secret_key == SECRET


def test_the_environment_wins_over_the_file(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "env").write_text("PORT=9001\nHOST=10.0.0.7\n")
    variables.setenv("ENV_FILE", str(tmp_path / "env"))
    variables.setenv("PORT", "9002")
    found = env.read()
    assert (found.host, found.port) == ("10.0.0.7", 9002)


def test_own_host_names_are_always_allowed(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("PUBLIC_URL", "https://kiemtra.example.vn:8443")
    variables.setenv("ALLOWED_HOSTS", "noi-bo.example.vn, 10.1.2.3")
    assert env.read().allowed_hosts == [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "kiemtra.example.vn",
        "noi-bo.example.vn",
        "10.1.2.3",
    ]


def test_production_accepts_what_is_safe(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    production(variables, tmp_path)
    found = env.read()
    assert found.mode is Mode.PRODUCTION
    assert not found.seed_demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("SEED_DEMO", "1"),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "http://kiemtra.example.vn"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "kiemtra.example.vn,*"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", SECRET[:49]),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "please-change-me-" + SECRET),
        ("JWT_SIGNING_KEY", ""),
        ("JWT_SIGNING_KEY", SECRET),
        ("SIGNING_P12", ""),
        ("SQLITE_SYNCHRONOUS", "NORMAL"),
        ("SQLITE_SYNCHRONOUS", "OFF"),
    ],
)
def test_production_refuses(
    variables: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    production(variables, tmp_path, **{name: value})
    assert f"\n  {name}: " in refusal()


def test_production_refuses_the_local_test_authority(
    variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    local = tmp_path / "data" / "pki" / "signing.p12"
    local.parent.mkdir(parents=True)
    local.touch()
    production(variables, tmp_path, SIGNING_P12=str(local))
    assert "SIGNING_P12: " in refusal()


def test_half_of_the_bucket_keys_is_refused(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("S3_BUCKET", "photos")
    variables.setenv("S3_ACCESS_KEY_ID", "key")
    assert "S3_ACCESS_KEY_ID: " in refusal()


@pytest.mark.parametrize(("threads", "pool"), [("", 10), ("1", 3), ("128", 130)])
def test_every_thread_has_a_connection_by_default(
    variables: pytest.MonkeyPatch, threads: str, pool: int
) -> None:
    variables.setenv("WEB_THREADS", threads)
    assert env.read().database_pool == pool


def test_threads_that_would_wait_for_each_others_connections_are_refused(
    variables: pytest.MonkeyPatch,
) -> None:
    variables.setenv("WEB_THREADS", "12")
    variables.setenv("DATABASE_POOL", "12")
    assert "\n  DATABASE_POOL: at least 13, " in refusal()

    variables.setenv("DATABASE_POOL", "13")
    assert env.read().database_pool == 13
