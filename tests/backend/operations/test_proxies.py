"""Whose word about the client is believed."""

import ipaddress
from typing import Any

import pytest

from backend.operations.proxies import TrustedProxies

NETWORKS = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128")]


def seen(peer: str, **headers: str) -> dict[str, Any]:
    """What the application behind gets to see."""
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        found.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    TrustedProxies(application, NETWORKS)(environ, None)
    return found


def test_a_stranger_is_not_believed_and_his_headers_go_no_further() -> None:
    found = seen(
        "203.0.113.9",
        x_forwarded_for="10.1.1.1",
        x_forwarded_proto="https",
        x_forwarded_host="evil.example",
        x_real_ip="10.1.1.1",
        forwarded="for=10.1.1.1",
    )
    assert found == {"REMOTE_ADDR": "203.0.113.9", "wsgi.url_scheme": "http"}


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("10.0.0.2", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.7", "198.51.100.7"),  # the first one anybody may write
        ("10.0.0.2", "198.51.100.7, 10.0.0.3", "198.51.100.7"),  # two proxies of ours
        ("10.0.0.2", "10.0.0.4, 10.0.0.3", "10.0.0.4"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "<script>", "10.0.0.2"),
        ("10.0.0.2", "<script>, 198.51.100.7", "198.51.100.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy_of_ours(
    peer: str, forwarded_for: str, client: str
) -> None:
    assert seen(peer, x_forwarded_for=forwarded_for)["REMOTE_ADDR"] == client


@pytest.mark.parametrize(
    ("claimed", "scheme"), [("https", "https"), ("HTTPS", "https"), ("ftp", "http"), ("", "http")]
)
def test_the_scheme_is_taken_from_a_proxy_of_ours(claimed: str, scheme: str) -> None:
    assert seen("10.0.0.2", x_forwarded_proto=claimed)["wsgi.url_scheme"] == scheme
