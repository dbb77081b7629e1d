"""The life of an inspection, cell by cell, and due dates: rules T1, T2, U1, U2."""

from datetime import date
from typing import get_args

import pytest

from inspections.fieldwork.rules.due import due_on
from inspections.fieldwork.rules.transitions import MOVES, Move, Status, legal_moves
from tests.inspections.fieldwork.builders import shipped

LEGAL = {
    "draft": {"submit", "discard"},
    "submitted": {"close_evidence", "issue", "supersede", "void"},
    "issued": {"supersede", "void"},
    "superseded": set(),
    "voided": set(),
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("move", get_args(Move))
def test_each_move_is_legal_only_where_the_table_says_t1(status, move):
    assert (move in MOVES[status]) == (move in LEGAL[status])
    shown = move in LEGAL[status] and move != "issue"  # nobody but the server issues
    assert (move in legal_moves(status)) == shown


def test_moves_lead_where_the_contract_says_t1():
    assert MOVES["draft"] == {"submit": "submitted", "discard": None}
    assert MOVES["submitted"]["issue"] == "issued"
    assert MOVES["submitted"]["close_evidence"] == "submitted"
    for status in ("submitted", "issued"):
        assert MOVES[status]["supersede"] == "superseded"
        assert MOVES[status]["void"] == "voided"


@pytest.mark.parametrize(
    ("severity", "due"), [("critical", "11-25"), ("major", "12-07"), ("minor", "12-22")]
)
def test_days_are_counted_from_the_day_of_receipt_u1(severity, due):
    severities = shipped("market_food_safety").severities
    assert due_on(severities[severity], date(2026, 11, 22)).isoformat() == f"2026-{due}"


def test_never_before_the_next_market_day_u2():
    critical = shipped("market_food_safety").severities["critical"]
    received_on = date(2026, 11, 22)
    assert due_on(critical, received_on, date(2026, 11, 27)) == date(2026, 11, 27)
    assert due_on(critical, received_on, date(2026, 11, 24)) == date(2026, 11, 25)
