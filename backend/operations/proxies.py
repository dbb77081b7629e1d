"""Who is really asking, and over what: believed only from the proxies named in the settings."""

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from backend.env import Network

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

_CLAIMS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


class TrustedProxies:
    """Set the address and scheme of a request from ``X-Forwarded-For`` and ``-Proto``.

    The client's address is the last one in the list that is not itself a trusted proxy; what
    stands before it anybody may have written. From other peers the headers are dropped.
    """

    def __init__(self, application: Application, networks: Sequence[Network]) -> None:
        self.application = application
        self.networks = networks

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        claims = {name: environ.pop(name, "") for name in _CLAIMS}
        if self.is_trusted(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self.client(
                environ["REMOTE_ADDR"], claims["HTTP_X_FORWARDED_FOR"]
            )
            scheme = claims["HTTP_X_FORWARDED_PROTO"].strip().lower()
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        return self.application(environ, start_response)

    def is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)

    def client(self, peer: str, forwarded_for: str) -> str:
        address = peer
        for hop in reversed(forwarded_for.split(",")):
            try:
                address = str(ipaddress.ip_address(hop.strip()))
            except ValueError:
                break
            if not self.is_trusted(address):
                break
        return address
