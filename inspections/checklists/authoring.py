"""The files in which checklists are written, read into content.

A file of YAML has the shape of the content that is stored (docs/rules/checklists.md); only
defaults are filled in, decimals get one spelling and texts their composed form. ``CHECKLIST``
below is the whole format, of workbooks too (``xlsform``).
"""

import re
from collections.abc import Sequence
from typing import Any

from backend.common.errors import FieldError
from backend.common.text import Bilingual
from backend.common.workbooks import column_letters
from inspections.checklists import rules, yaml_nodes
from inspections.checklists.definition import ALL_COMMODITIES
from inspections.checklists.nodes import Node
from inspections.checklists.shapes import (
    UNREADABLE,
    Count,
    Day,
    DecimalText,
    Fault,
    Flag,
    ListOf,
    MapOf,
    OneOf,
    Pattern,
    Reading,
    Record,
    Shape,
    Text,
    Variant,
)
from inspections.checklists.yaml_nodes import YamlError

# Quantities that can be below zero; all others start at 0 unless the item says otherwise.
UNITS_BELOW_ZERO = frozenset({"celsius"})


class ChecklistUnreadable(Exception):
    """The file is no checklist; ``faults`` says all that is wrong with it, in file order.

    ``errors`` are the same with the place in words. ``sheets`` of a workbook are in its order.
    """

    def __init__(self, faults: list[Fault], sheets: Sequence[str] = ()) -> None:
        order = {sheet: number for number, sheet in enumerate(sheets)}
        self.faults = tuple(
            sorted(faults, key=lambda f: (order.get(f.sheet, len(order)), f.line, f.column))
        )
        self.errors = tuple(_field_error(fault) for fault in self.faults)
        super().__init__("; ".join(error.detail.en for error in self.errors))


def parse_yaml(text: str) -> dict[str, Any]:
    """Read a checklist file into content. Raises ``ChecklistUnreadable`` with every fault."""
    try:
        root = yaml_nodes.read(text)
    except YamlError as error:
        raise ChecklistUnreadable(
            [Fault(error.line, error.column, "", error.code, error.detail)]
        ) from error
    return content_of(root)


def content_of(
    root: Node, known: Sequence[Fault] = (), sheets: Sequence[str] = ()
) -> dict[str, Any]:
    """Read a whole tree; ``known`` faults were found while it was made.

    Raises ``ChecklistUnreadable`` with every fault.
    """
    reading = Reading(faults=list(known), nodes={"": root})
    content = CHECKLIST.read(root, "", reading)
    if content is not UNREADABLE:
        _fill_defaults(content)
        reading.faults += [_located(error, reading.nodes) for error in rules.problems(content)]
    if reading.faults:
        # What follows from a fault in the same place is not told again.
        told = {fault.place for fault in known}
        later = [fault for fault in reading.faults[len(known) :] if fault.place not in told]
        raise ChecklistUnreadable([*known, *later], sheets)
    return dict(content)


def _field_error(fault: Fault) -> FieldError:
    if not fault.sheet:
        vi, en = (
            f"Dòng {fault.line}, cột {fault.column}",
            f"Line {fault.line}, column {fault.column}",
        )
        column, sheet = str(fault.column), None
    else:
        column, sheet = column_letters(fault.column), fault.sheet
        vi = f"Trang {sheet}, dòng {fault.line}, cột {column}"
        en = f"Sheet {sheet}, row {fault.line}, column {column}"
    detail = Bilingual(vi=f"{vi}: {fault.detail.vi}", en=f"{en}: {fault.detail.en}")
    return FieldError(fault.pointer, fault.code, detail, fault.line, column, sheet)


def _located(error: FieldError, nodes: dict[str, Node]) -> Fault:
    node = nodes[error.pointer]
    return Fault(node.line, node.column, error.pointer, error.code, error.detail, node.sheet)


def _fill_defaults(content: dict[str, Any]) -> None:
    """An item has the points and level of its severity; a section is of the establishment."""
    severities = content.get("severities", {})
    for section in filter(None, content.get("sections") or ()):
        section.setdefault("scope", "establishment")
        section.setdefault("commodity", ALL_COMMODITIES)
        for item in filter(None, section.get("items") or ()):
            severity = severities.get(item.get("severity"), {})
            for key in ("points", "level"):
                if key in severity:
                    item.setdefault(key, severity[key])
            answer = item.get("answer", {})
            if answer.get("type") == "number" and answer.get("unit") not in UNITS_BELOW_ZERO:
                answer.setdefault("minimum", "0")


_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
# What phones send must fit the inspection document; CODE@VERSION stands in addresses.
_SENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
_CHECKLIST_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,34}")
_FORMULA = re.compile(r"[A-Z0-9_a-z+*/() -]{1,200}")

CODE = Pattern(_CODE, "A01")
NAME: dict[str, Shape] = {"vi": Text(), "en": Text()}
BILINGUAL = Record(NAME)
LEVEL = OneOf(("A", "B"))
OPERATOR = OneOf((">=", "<=", ">", "<", "=="))
CERTAINTY = OneOf(("verified", "secondary", "memory", "proposal"))
POINTS = Count(1, 10)
CODES = ListOf(CODE)
SENT_CODE = Pattern(_SENT, "A01")

SEVERITY = Record({**NAME, "points": POINTS, "level": LEVEL, "correct_within_days": Count(0, 365)})
_RULE_SET = Record(
    {
        "code": CODE,
        "status": CERTAINTY,
        "source": Text(),
        "bands": MapOf(_CODE, DecimalText()),
        "verdicts": Record({"pass": BILINGUAL, "to_complete": BILINGUAL, "fail": BILINGUAL}),
    }
)
_MEASURE = Variant(
    "kind",
    {
        "input": Record({"code": SENT_CODE, **NAME, "unit": Text(40), "kind": Text()}),
        "derived": Record(
            {
                "code": CODE,
                **NAME,
                "unit": Text(40),
                "kind": Text(),
                "formula": Pattern(_FORMULA, "100 * PM01 / PM05"),
            }
        ),
    },
)
_BAG_TYPE = Record({"code": CODE, **NAME, "counts_as_eco": Flag()})
_BAG_PROOF_TYPE = Record(
    {"code": CODE, "vi": Text(), "status": CERTAINTY},
    {"valid_until": Day(), "criteria": Text(), "note_vi": Text()},
)
COMPLIANCE_LEVEL = Record(
    {"code": CODE, **NAME, "counts_for": CODES, "status": CERTAINTY},
    {
        "must_pass": CODES,
        "may_be_na": CODES,
        "reported": Record(
            {
                "measure": CODE,
                "op": OPERATOR,
                "value": DecimalText(),
                "months": Count(1, 36),
            }
        ),
    },
)
_COMPLIANCE = Record(
    {
        "levels": ListOf(
            COMPLIANCE_LEVEL,
            least=1,
        ),
        "not_assessed": Record(
            {
                **NAME,
                "assessment_valid_months": Count(1, 120),
                "reported_within_months": Count(1, 36),
                "note": Text(),
            }
        ),
    }
)
_TARGET = Record(
    {
        "code": CODE,
        "value": DecimalText(),
        "unit": Text(40),
        "due": Day(),
        "source": Text(),
        "status": CERTAINTY,
        "wording": Text(),
    }
)
_INDICATOR = Record({"code": CODE, **NAME, "unit": Text(40), "rule": Text()})
_STALL_MODE = Record(
    {"code": CODE, **NAME, "status": CERTAINTY},
    {"sample_size": ListOf(Record({}, {"max_stalls": Count(1, 10_000), "take": Count(1, 10_000)}))},
)
_THRESHOLD: dict[str, Shape] = {"unit": CODE, "op": OPERATOR, "threshold": DecimalText()}
_ANSWER = Variant(
    "type",
    {
        "pass_fail": Record({"type": Text()}),
        "number": Record({"type": Text(), **_THRESHOLD}, {"minimum": DecimalText(), "param": CODE}),
        "ratio": Record({"type": Text(), **_THRESHOLD, "numerator_of": CODE}, {"param": CODE}),
        "document": Record({"type": Text(), "expires": Flag()}),
        "choice": Record(
            {"type": Text(), "options": ListOf(CODE, 2, 30), "pass_options": ListOf(CODE, 1, 30)}
        ),
    },
)
ITEM = Record(
    {
        "code": SENT_CODE,
        "text": BILINGUAL,
        "severity": OneOf(("critical", "major", "minor")),
        "answer": _ANSWER,
        "photo": OneOf(("always", "on_fail", "never")),
        "na_allowed": Flag(),
        "refs": ListOf(Record({"text": Text(), "status": CERTAINTY}), most=20),
    },
    {
        "points": POINTS,
        "level": LEVEL,
        "note_vi": Text(),
        "na_when": BILINGUAL,
        "mandatory_from": Day(),
    },
)
SECTION = Record(
    {"code": CODE, "title": BILINGUAL, "items": ListOf(ITEM, 1, 200)},
    {"scope": OneOf(("establishment", "stall")), "commodity": CODE},
)
CHECKLIST = Record(
    {
        "code": Pattern(_CHECKLIST_CODE, "MARKET-FS"),
        "version": Count(1, 9999),
        "title": Record({"vi": Text(300), "en": Text(300)}),
        "kinds": ListOf(OneOf(("market", "supermarket", "trade_centre")), 1, 3),
        "rule_set": CODE,
        "severities": Record({"critical": SEVERITY, "major": SEVERITY, "minor": SEVERITY}),
        "rule_sets": ListOf(_RULE_SET, 1, 10),
        "sections": ListOf(SECTION, 1, 60),
    },
    {
        "item_count": Count(1, 1000),
        "notice": Text(),
        "status_legend": MapOf(_CODE, Text()),
        "commodities": MapOf(_SENT, Text(100)),
        "stall_modes": ListOf(_STALL_MODE),
        "measures": ListOf(_MEASURE),
        "measure_rules": ListOf(Text()),
        "bag_types": ListOf(_BAG_TYPE),
        "bag_proof_types": ListOf(_BAG_PROOF_TYPE),
        "compliance": _COMPLIANCE,
        "provincial_indicators": ListOf(_INDICATOR),
        "targets": ListOf(_TARGET),
    },
)
