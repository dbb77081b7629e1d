"""The life of a finding as a table. Rules A7 and A8 of docs/rules/followup.md."""

from typing import Literal

Status = Literal["open", "answered", "reopened", "excepted", "closed"]
Move = Literal["respond", "accept", "refuse", "except", "reopen"]

# A7: what may be done in each state. Where each move leads is derived (``followup.queries``):
# an answer that is accepted may have put right a part only.
MOVES: dict[Status, tuple[Move, ...]] = {
    "open": ("respond", "except"),
    "answered": ("respond", "accept", "refuse"),
    "reopened": ("respond", "except"),
    "excepted": ("respond", "except", "reopen"),
    "closed": ("reopen",),
}


def legal_moves(status: Status, *, by_visit: bool) -> tuple[Move, ...]:
    """What may be done now. ``by_visit``: another visit closed it, or its own stands no more.

    A8: what a visit has closed, only a visit opens: it finds the fault anew.
    """
    return () if by_visit else MOVES[status]
