"""One-time sign-in codes: how long they are good, and what a phone's camera sees.

The code stands behind the ``#`` of the address, which browsers send nowhere, so that it reaches
no log on the way.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

LIFETIME = timedelta(minutes=15)
_PIXELS_PER_MODULE = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the officer who made a code gets to see of it."""

    code: str
    url: str
    expires_at: datetime
    qr_svg: str


def shown(code: str, expires_at: datetime) -> Shown:
    import segno  # seldom needed

    url = f"{settings.PUBLIC_URL}/app/#/link/{code}"
    # White behind it whatever the page looks like, and no class that a style sheet may know.
    drawn = segno.make_qr(url, error="m").svg_inline(
        scale=_PIXELS_PER_MODULE, light="white", svgclass=None, lineclass=None
    )
    return Shown(code, url, expires_at, drawn)


def digest(code: str) -> str:
    """What is kept of a code; it is random and long, so no salt is needed."""
    return hashlib.sha256(code.encode()).hexdigest()
