"""The environment, read once: typed, checked as a whole, refused with every bad name at once.

Any variable may be given as ``NAME_FILE``, the path of a file that holds it. An empty variable
is an absent one: container tools and service files cannot unset what they list.
"""

import ipaddress
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv, ValidationError, validate

from backend import databases, lan

BASE_DIR = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024
SHORTEST_SECRET = 50
EVIDENCE_LIMIT = 10 * MIB

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Mode(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """An S3-compatible bucket that holds photos and records."""

    bucket: str
    endpoint_url: str | None
    region: str | None
    access_key: str | None
    secret_key: str | None
    path_style: bool


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes our mails. ``security``: "tls" from the start, "starttls", or "none"."""

    host: str
    port: int
    user: str
    password: str
    security: str


@dataclass(frozen=True, slots=True)
class Environment:
    """What differs between machines. ``None`` is "not given"; sizes are in bytes."""

    mode: Mode
    debug: bool
    data_dir: Path
    host: str
    port: int
    https: bool
    public_url: str
    allowed_hosts: list[str]
    trusted_proxies: list[Network]
    secret_key: str | None
    jwt_signing_key: str | None
    database_url: str | None
    database_pool: int
    sqlite_synchronous: str
    store: ObjectStore | None
    mail: MailServer | None
    mail_from: str
    signing_p12: Path | None
    signing_p12_passphrase: str | None
    seed_demo: bool
    demo_password: str
    json_limit: int
    web_processes: int | None
    web_threads: int
    log_level: int
    backup_max_age_h: int


class _Reader(FileAwareEnv):
    def _get_value(self, env_key: str, default: Any) -> Any:
        try:
            value = super()._get_value(env_key, default)
        except ValueError:
            self._errors[env_key].append(f"{env_key}{self.file_suffix} names no readable text file")
            return default
        return default if value == "" else value


def read() -> Environment:
    """Raise ImproperlyConfigured with one line for each variable that cannot be used."""
    reader = _Reader(eager=False, strip_whitespace=True)
    env_file = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
    if env_file.is_file():
        reader.read_env(env_file, recurse=False)
    environment = _parse(reader)
    try:
        reader.seal()
    except EnvValidationError as error:
        messages = cast("Mapping[str, list[str]]", error.error_messages)
        raise _refusal(f"{name}: {' '.join(texts)}" for name, texts in messages.items()) from None
    if reasons := list(refusals(environment)):
        raise _refusal(reasons)
    return environment


def refusals(environment: Environment) -> Iterator[str]:
    """Why these values may not be used together: one text for each, with the variable's name."""
    store = environment.store
    if store and (store.access_key is None) != (store.secret_key is None):
        yield "S3_ACCESS_KEY_ID: goes together with S3_SECRET_ACCESS_KEY"
    if mail := environment.mail:
        if bool(mail.user) != bool(mail.password):
            yield "EMAIL_USER: goes together with EMAIL_PASSWORD"
        if mail.password and mail.security == "none":
            yield "EMAIL_SECURITY: none would send the password in the clear"
    if environment.database_pool < (least := _least_pool(environment.web_threads)):
        yield f"DATABASE_POOL: at least {least}, one more than WEB_THREADS"
    if environment.mode is Mode.PRODUCTION:
        yield from _production_refusals(environment)


def _production_refusals(environment: Environment) -> Iterator[str]:
    if environment.debug:
        yield "DEBUG: must be off in production"
    if environment.https:
        yield "HTTPS: is for trials; in production a proxy with a real certificate stands in front"
    if environment.seed_demo:
        yield "SEED_DEMO: demo accounts have a published password; never in production"
    if not environment.public_url.startswith("https://"):
        yield "PUBLIC_URL: must be given and begin with https:// in production"
    if any(host in {"*", ".", ""} for host in environment.allowed_hosts):
        yield "ALLOWED_HOSTS: name the hosts; a wildcard is refused in production"
    for name, secret in (
        ("SECRET_KEY", environment.secret_key),
        ("JWT_SIGNING_KEY", environment.jwt_signing_key),
    ):
        if reason := weakness(secret):
            yield f"{name}: {reason}"
    if environment.secret_key and environment.secret_key == environment.jwt_signing_key:
        yield "JWT_SIGNING_KEY: must differ from SECRET_KEY"
    if environment.signing_p12 is None:
        yield "SIGNING_P12: must be given in production; the local TEST authority is refused"
    elif environment.signing_p12.is_relative_to(environment.data_dir / "pki"):
        yield "SIGNING_P12: names the local TEST authority, which is refused in production"
    if databases.is_lossy(environment.sqlite_synchronous):
        yield "SQLITE_SYNCHRONOUS: must be FULL or EXTRA in production"


def _least_pool(threads: int) -> int:
    """One connection for each thread that answers and one for the thread that draws records.

    With fewer, a request waits for another's connection, and is refused after ten seconds.
    """
    return threads + 1


def weakness(secret: str | None) -> str:
    """Why a secret may not guard a service in use; "" when it may."""
    if secret is None:
        return "must be given in production"
    if len(secret) < SHORTEST_SECRET:
        return f"must have at least {SHORTEST_SECRET} characters"
    if len(set(secret)) < 12:
        return "repeats itself too much to be random"
    if any(word in secret.lower() for word in ("change", "example", "insecure", "development")):
        return "is an example, not a secret"
    return ""


def _parse(env: _Reader) -> Environment:
    mode = env.enum("APP_MODE", Mode.DEVELOPMENT, enum=Mode, by_value=True)
    threads = env.int("WEB_THREADS", 8, validate=validate.Range(1, 128))
    https = env.bool("HTTPS", False) or False
    # A trial over HTTPS is one with phones, which have to find this machine.
    host = env.str("HOST", "0.0.0.0" if https else "127.0.0.1") or ""  # noqa: S104
    port = env.int("PORT", 8000, validate=validate.Range(1, 65535))
    public_url = env.str("PUBLIC_URL", _own_address(host, port, https), validate=_origin) or ""
    return Environment(
        mode=mode,
        debug=env.bool("DEBUG", False),
        data_dir=Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).absolute(),
        host=host,
        port=port,
        https=https,
        public_url=public_url.rstrip("/"),
        allowed_hosts=[
            *_own_hosts(public_url, lan.names() if https else []),
            *(env.list("ALLOWED_HOSTS", [], subcast=str.strip) or ()),
        ],
        trusted_proxies=[
            ipaddress.ip_network(item)
            for item in env.list("TRUSTED_PROXIES", [], subcast=str.strip, validate=_networks) or ()
        ],
        secret_key=env.str("SECRET_KEY", None),
        jwt_signing_key=env.str("JWT_SIGNING_KEY", None),
        database_url=env.str("DATABASE_URL", None, validate=_database_url),
        database_pool=env.int(
            "DATABASE_POOL", _least_pool(threads or 0) + 1, validate=validate.Range(1, 500)
        ),
        sqlite_synchronous=env.str(
            "SQLITE_SYNCHRONOUS", "FULL", validate=validate.OneOf(databases.SYNCHRONOUS)
        ),
        store=_object_store(env),
        mail=_mail_server(env),
        mail_from=env.str("EMAIL_FROM", "inspections@localhost", validate=validate.Email()),
        signing_p12=env.path("SIGNING_P12", None, validate=_readable),
        signing_p12_passphrase=env.str("SIGNING_P12_PASSPHRASE", None),
        seed_demo=env.bool("SEED_DEMO", mode is not Mode.PRODUCTION),
        demo_password=env.str("DEMO_PASSWORD", "cho-an-toan-2026", validate=validate.Length(8)),
        json_limit=env.int("JSON_LIMIT", 4 * MIB, validate=validate.Range(64 * 1024, 64 * MIB)),
        web_processes=env.int("WEB_PROCESSES", None, validate=validate.Range(1, 64)),
        web_threads=threads,
        log_level=env.log_level("LOG_LEVEL", logging.INFO),
        backup_max_age_h=env.int("BACKUP_MAX_AGE_H", 26, validate=validate.Range(1)),
    )


def _object_store(env: _Reader) -> ObjectStore | None:
    store = ObjectStore(
        bucket=env.str("S3_BUCKET", "", validate=validate.Length(0, 63)),
        endpoint_url=env.str("S3_ENDPOINT_URL", None, validate=_origin),
        region=env.str("S3_REGION", None),
        access_key=env.str("S3_ACCESS_KEY_ID", None),
        secret_key=env.str("S3_SECRET_ACCESS_KEY", None),
        path_style=env.bool("S3_PATH_STYLE", False),
    )
    return store if store.bucket else None


def _mail_server(env: _Reader) -> MailServer | None:
    server = MailServer(
        host=env.str("EMAIL_HOST", "", validate=validate.Length(0, 253)),
        port=env.int("EMAIL_PORT", 587, validate=validate.Range(1, 65535)),
        user=env.str("EMAIL_USER", ""),
        password=env.str("EMAIL_PASSWORD", ""),
        security=env.str(
            "EMAIL_SECURITY", "starttls", validate=validate.OneOf(("tls", "starttls", "none"))
        ),
    )
    return server if server.host else None


def _own_address(host: str, port: int | None, https: bool) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared
        host = lan.address() if https else lan.LOOPBACK
    return f"{'https' if https else 'http'}://{host}:{port}"


def _own_hosts(public_url: str, names: Iterable[str]) -> list[str]:
    found = ["localhost", lan.LOOPBACK, "::1", *names, urlsplit(public_url).hostname or ""]
    return list(dict.fromkeys(f"[{name}]" if ":" in name else name for name in found))


def _origin(value: str) -> None:
    parts: SplitResult = _checked(urlsplit, value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValidationError("Not an address like https://host.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError("Must be an address without path or query.")


def _networks(values: list[str]) -> None:
    for value in values:
        _checked(ipaddress.ip_network, value)


def _database_url(value: str) -> None:
    _checked(databases.parse, value)


def _checked(parse: Callable[[str], T], value: str) -> T:
    try:
        return parse(value)
    except ValueError:
        # The text of the error may repeat the value, and the value may hold a password.
        raise ValidationError("Cannot be read.") from None


def _readable(path: Path) -> None:
    if not os.access(path, os.R_OK) or not path.is_file():
        raise ValidationError("Names no readable file.")


def _refusal(reasons: Iterable[str]) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        "\n  ".join(["The environment is not usable (see .env.example):", *reasons])
    )
