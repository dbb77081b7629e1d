"""Ids that the server makes: ordered by time, as phones make theirs."""

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 62


def uuid7() -> UUID:
    """A UUID of version 7. Its first 60 bits are the clock, to a quarter of a microsecond.

    Rows that were made together lie together in an index, and their ids compress well.
    Source: RFC 9562, 5.7 and 6.2 method 3.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    return UUID(
        int=milliseconds << 80
        | 0x7 << 76
        | fraction << 64
        | 0b10 << _RANDOM_BITS
        | secrets.randbits(_RANDOM_BITS)
    )
