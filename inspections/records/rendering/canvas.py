"""A document before anything is drawn on it; what it says of itself depends on no clock."""

import hashlib
from datetime import datetime
from threading import Lock
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from inspections.records.rendering import fonts
from inspections.records.rendering.sheet import PAGE_HEIGHT, PAGE_WIDTH
from inspections.records.rendering.text import register

# Subsets of a face are cut by moving a cursor in the shared face, so one document at a time.
faces = Lock()


def new(
    out: Any, identity: str, *, title: str, author: str, subject: str, creator: str, at: datetime
) -> Canvas:
    """A4, in Vietnamese. ``identity`` makes the file identifier, ``at`` its dates."""
    register()
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        initialFontName=fonts.REGULAR,
        lang="vi-VN",
    )
    canvas.setTitle(fonts.printable(title))
    canvas.setAuthor(fonts.printable(author))
    canvas.setSubject(fonts.printable(subject))
    canvas.setCreator(creator)
    offset = at.strftime("%z")
    stamp = f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
    canvas.setDateFormatter(lambda *_: stamp)
    # The file identifier takes in the clock or SOURCE_DATE_EPOCH; here it comes from the record.
    document = canvas._doc  # noqa: SLF001 (no public name)
    document.signature = hashlib.md5(identity.encode(), usedforsecurity=False)
    return canvas
