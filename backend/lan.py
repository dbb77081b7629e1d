"""What this machine is called by its neighbours."""

import re
import socket

LOOPBACK = "127.0.0.1"
# For documentation (RFC 5737): nobody has it, and nothing is sent there.
_ELSEWHERE = ("192.0.2.1", 9)
_HOST_NAME = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


def address() -> str:
    """The address by which other machines of the network find this one; loopback without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Chooses the way out, and with it our own address.
            probe.connect(_ELSEWHERE)
        except OSError:
            return LOOPBACK
        found: str = probe.getsockname()[0]
        return found


def names() -> list[str]:
    """Names and addresses under which a browser may ask for this machine."""
    name = socket.gethostname()
    own = [name, f"{name.partition('.')[0]}.local"] if _HOST_NAME.fullmatch(name) else []
    return list(dict.fromkeys(["localhost", LOOPBACK, "::1", *own, address()]))
