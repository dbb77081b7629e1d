"""The life of an inspection as a table. Rules T1 and T2 of docs/rules/transitions.md.

Source: product contract, sections 2 and 10 point 12.
"""

from typing import Literal

Status = Literal["draft", "submitted", "issued", "superseded", "voided"]
Move = Literal["submit", "discard", "close_evidence", "issue", "supersede", "void"]

# T1: where each move leads. A discarded draft is gone: None.
MOVES: dict[Status, dict[Move, Status | None]] = {
    "draft": {"submit": "submitted", "discard": None},
    "submitted": {
        "close_evidence": "submitted",  # issued once the record is drawn
        "issue": "issued",
        "supersede": "superseded",
        "void": "voided",
    },
    "issued": {"supersede": "superseded", "void": "voided"},
    "superseded": {},
    "voided": {},
}


def legal_moves(status: Status) -> list[Move]:
    """What may be done now, in the order of the table; nothing to what has ended (T2)."""
    return [move for move in MOVES[status] if move != "issue"]  # the server's own
