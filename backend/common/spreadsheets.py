"""Tables that a spreadsheet opens and runs nothing of."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula or a command at the beginning of a cell.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """``text`` as a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def as_csv(head: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with a mark at its beginning, without which Excel takes it for another encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(map(harmless, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")
