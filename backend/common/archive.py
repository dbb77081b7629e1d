"""What a workbook may hold, counted before anything is made of it.

A few kilobytes can unpack to millions of empty cells, formats or sheets, and the library that
reads them makes an object of each, a whole row at a time.
"""

import io
import zipfile
from collections import Counter
from typing import IO, Any
from xml.parsers import expat

MAX_UNPACKED_BYTES = 30 * 1024 * 1024
MAX_PARTS = 200
MAX_CELLS = 100_000
# Formats, column widths, merged cells, defined names: each costs ten times what a cell costs.
MAX_OTHER_ELEMENTS = 30_000
# A sheet that does not say how large it is is looked through once more, all of them.
MAX_LOOKED_THROUGH = 2_000_000

_OF_CELLS = frozenset({"c", "f", "is", "row", "si", "t", "v"})
_CHUNK = 64 * 1024


class TooLarge(Exception):
    """More than a file of an office needs."""


def check_archive(body: bytes) -> None:
    """Raise TooLarge, as soon as it shows, or whatever a damaged archive makes of itself.

    The sizes are those that the archive declares; reading stops at them, so they hold.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise TooLarge
        counts: Counter[str] = Counter()
        for part in parts:
            with archive.open(part) as content:
                _count_elements(content, counts)
    if sum(counts[name] for name in _OF_CELLS) * counts["sheet"] > MAX_LOOKED_THROUGH:
        raise TooLarge


def _count_elements(content: IO[bytes], counts: Counter[str]) -> None:
    """Add the elements of a part, as far as it is XML, whatever its name says."""

    def begin(name: str, _: Any) -> None:
        name = name.rpartition(" ")[2]
        counts[name if name in _OF_CELLS else "other"] += 1
        counts["sheet"] += name == "sheet"
        if counts["other"] > MAX_OTHER_ELEMENTS or counts[name] > MAX_CELLS:
            raise TooLarge

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = begin
    try:
        while chunk := content.read(_CHUNK):
            parser.Parse(chunk, False)
    except expat.ExpatError:
        return
