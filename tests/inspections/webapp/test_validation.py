"""What the phone finds wrong with a visit is what the server would refuse it for."""

import copy
import random
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from backend.accounts.current import Person
from backend.common.typeface import CODE_POINTS
from inspections.checklists.definition import Checklist, parse
from inspections.checklists.lifecycle import read
from inspections.demo.document import document
from inspections.fieldwork.rules import carried
from inspections.submission import normal
from inspections.submission.assessment import assess
from inspections.submission.document import decode_submission
from inspections.submission.errors import SubmissionRefused
from inspections.submission.facts import Facts
from tests.inspections.webapp.lab import Lab, library

DAY = date(2026, 11, 22)
SENDER = Person(1, "lan.ht", "inspector", UUID(int=7))
STALLS = {
    "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a0" + str(number): commodity
    for number, commodity in enumerate(["animal_products", "seafood", "produce"])
}
LETTERS = ",".join(f"{first:x}-{last:x}" for first, last in CODE_POINTS)
CONTENT = read(library("market_food_safety").read_text(encoding="utf-8"))
CHECKLIST = parse(CONTENT)

Tree = dict[str, Any]
Change = Callable[[Tree, random.Random], Any]


def visit(**changes: Any) -> Tree:
    return document(
        "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01",
        CHECKLIST,
        establishment="BOC-BO",
        inspector=SENDER.username,
        stalls=[{"id": id_, "commodity": sold} for id_, sold in STALLS.items()],
        photo=lambda _: "a" * 64,
        **changes,
    )


def refused(tree: Tree) -> list[tuple[str, str]]:
    """Pointer and code of everything that the server finds, in its order."""
    stall = {id_: SimpleNamespace(commodity=sold) for id_, sold in STALLS.items()}
    facts = Facts(
        day=DAY,
        place=cast("Any", SimpleNamespace(kind="market", authority="SCT")),
        checklist=cast("Any", SimpleNamespace(definition=CHECKLIST)),
        people={SENDER.username: SimpleNamespace(pk=1, full_name="Lan", title="")},
        register=cast("Any", stall),
        retired={},
        elsewhere=frozenset(),
        arrived={},
        follows=None,
        supersedes=cast("Any", "known"),
    )
    try:
        assess(decode_submission(tree), tree, normal.spell(tree), facts, SENDER)
    except SubmissionRefused as refusal:
        return [(error.pointer, error.code) for error in refusal.errors]
    return []


def found(lab: Lab, trees: list[Tree], first: Any = None) -> Iterator[list[tuple[str, str]]]:
    place = {
        "code": "BOC-BO",
        "kind": "market",
        "stalls": [{"id": id_, "number": "1", "commodity": sold} for id_, sold in STALLS.items()],
    }
    script = """
      const [{ parse }, { validate }, { letters }] =
        [await logic("checklist"), await logic("validation"), await logic("text")];
      const known = { ...arg.known, checklist: parse(arg.content), letters: letters(arg.letters) };
      return arg.trees.map((tree) => validate(tree, known));
    """
    known = {"username": SENDER.username, "place": place, "first": first}
    given = {"content": CONTENT, "letters": LETTERS, "known": known, "trees": trees}
    for errors in lab.run(script, given):
        yield [(error["pointer"], error["code"]) for error in errors]


def _sheet(tree: Tree, luck: random.Random) -> Tree:
    sheets = [tree["answers"], *(sheet.get("answers", {}) for sheet in tree["stalls"])]
    chosen: Tree = luck.choice([sheet for sheet in sheets if sheet])
    return chosen


def _answer(change: Callable[[Tree], Any]) -> Change:
    def apply(tree: Tree, luck: random.Random) -> None:
        sheet = _sheet(tree, luck)
        change(sheet[luck.choice(sorted(sheet))])

    return apply


def _drop(tree: Tree, luck: random.Random) -> None:
    sheet = _sheet(tree, luck)
    del sheet[luck.choice(sorted(sheet))]


def _value(value: Any) -> Change:
    return _answer(lambda answer: answer.update(value=value))


def _stall(place: int, **change: Any) -> Change:
    def apply(tree: Tree, _: random.Random) -> None:
        for sheet in tree["stalls"][place : place + 1]:
            sheet.update(change)

    return apply


def _first_signature(strokes: list[Any]) -> Change:
    def apply(tree: Tree, _: random.Random) -> None:
        for signature in tree["signatures"][:1]:
            signature.update(strokes=strokes)

    return apply


CHANGES: dict[str, Change] = {
    "an answer is missing": _drop,
    "an answer has no value": _answer(lambda answer: answer.pop("value", None)),
    "fails without a note": _answer(lambda answer: answer.update(value="fail", photos=[])),
    "fails with a blank note": _answer(lambda answer: answer.update(value="fail", note=" ")),
    "is not applicable": _answer(
        lambda answer: (answer.pop("value", None), answer.update(not_applicable=True))
    ),
    "is not applicable, with a value": _answer(lambda a: a.update(not_applicable=True, note="x")),
    "was not shown": _value(None),
    "is a number": _value("3,5"),
    "is a long number": _value("1" * 19),
    "is below its minimum": _value("-1"),
    "is a ratio of nothing": _value({"numerator": 0, "denominator": 0}),
    "is a ratio above one": _value({"numerator": 3, "denominator": 2}),
    "is half a document": _value({"number": " ", "issued_on": "2026-02-30"}),
    "has no photo": _answer(lambda answer: answer.update(photos=[])),
    "has a letter that no font has": _answer(lambda answer: answer.update(note="ok 😀")),
    "an item of another checklist": lambda t, luck: _sheet(t, luck).update({"Z/9~": {"value": 1}}),
    "a stall sells something else": _stall(1, commodity="catering"),
    "a stall sells something unheard of": _stall(1, commodity="gold"),
    "a stall is closed": _stall(0, absent="Nghỉ", answers={}),
    "a stall is closed, with answers": _stall(0, absent="Nghỉ"),
    "a stall is closed, nobody says why": _stall(2, absent="  "),
    "a stall comes twice": lambda t, _: t["stalls"].extend(copy.deepcopy(t["stalls"][:1])),
    "a new stall of unknown trade": lambda t, _: t["stalls"].append(
        {"new": {"id": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7aff", "number": "9"}, "answers": {}}
    ),
    "a recognition without all stalls": lambda t, _: (
        t.update(kind="recognition", stalls=t["stalls"][1:]),
    ),
    "a follow-up of nothing": lambda t, _: t.update(kind="follow_up"),
    "something else that follows": lambda t, _: t.update(follows=t["id"]),
    "supersedes without a reason": lambda t, _: t.update(supersedes=t["id"], reason=" "),
    "off the globe": lambda t, _: t.update(
        location={"latitude": "90,5", "longitude": "-180.5", "accuracy_m": "-1"}
    ),
    "two heads": lambda t, _: t["team"].append({"role": "head", "username": SENDER.username}),
    "nobody of that team sends": lambda t, _: t.update(team=[{"role": "member", "title": "x"}]),
    "nobody signed": lambda t, _: t.update(signatures=[]),
    "only the head signed": lambda t, _: t.update(signatures=t["signatures"][:1]),
    "a signature without a stroke": _first_signature([[]]),
    "a touch for a signature": _first_signature([[[3, 1]], [[4, 4], [4, 4]]]),
    "a paper that expired before it was issued": _value(
        {"number": "1", "issuer": "x", "issued_on": "2026-01-10", "expires_on": "2026-01-09"}
    ),
    "a stroke outside its field": _first_signature([[[341, 1]]]),
    "refused without a witness": lambda t, _: t.update(
        refusal={"role": "representative", "reason": " "}
    ),
    "a measure that nobody asked for": lambda t, _: t.update(measures={"PM01": "-1"}),
    "a sample of an unknown stall": lambda t, _: t["samples"].append(
        {"kind": "borax", "result": "negative", "stall": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7aee"}
    ),
    "an opinion with a letter that no font has": lambda t, _: t.update(opinion="漢"),
}  # fmt: skip


def changed(seed: int) -> Tree:
    luck = random.Random(seed)  # noqa: S311 (made-up faults, no secret)
    tree = visit(fails=luck.sample([item.code for item in CHECKLIST.establishment_items], 5))
    for change in luck.sample(list(CHANGES.values()), luck.randint(1, 6)):
        change(tree, luck)
    if tree["kind"] == "follow_up":
        tree["follows"] = None  # whether a visit is one to follow, only the server knows
    return tree


def test_a_good_visit_has_no_fault(desk: Lab) -> None:
    (errors,) = found(desk, [visit()])

    assert errors == refused(visit()) == []


@pytest.mark.parametrize("name", CHANGES)
def test_each_fault_is_named_as_the_server_names_it(desk: Lab, name: str) -> None:
    trees = []
    for seed in range(20):
        tree = visit()
        CHANGES[name](tree, random.Random(seed))  # noqa: S311
        trees.append(tree)

    errors = list(found(desk, trees))

    assert errors == [refused(tree) for tree in trees]
    assert any(errors) or name == "a stall is closed"


def test_many_faults_at_once_are_named_in_the_order_of_the_server(desk: Lab) -> None:
    trees = [changed(seed) for seed in range(200)]

    for tree, errors in zip(trees, found(desk, trees), strict=True):
        assert errors == refused(tree)


def _first(luck: random.Random) -> Tree:
    tree = visit(
        fails=luck.sample([item.code for item in CHECKLIST.establishment_items], 6),
        stall_fails={id_: ["J01", "J03"] for id_ in luck.sample(sorted(STALLS), 2)},
    )
    for sheet in tree["stalls"]:
        if luck.random() < 0.2:
            sheet.update(absent="Nghỉ", answers={})
    return tree


def _again(checklist: Checklist, first: Tree, luck: random.Random) -> Tree:
    tree = copy.deepcopy(first)
    for sheet in [tree, *tree["stalls"]]:
        codes = sorted(sheet["answers"])
        for code in luck.sample(codes, len(codes) // 2):
            del sheet["answers"][code]
    if luck.random() < 0.5:
        tree["stalls"].pop(luck.randrange(3))
    if luck.random() < 0.3:
        tree["stalls"][0].update(absent="Nghỉ", answers={})
    return tree


def test_a_follow_up_is_completed_as_on_the_server(desk: Lab) -> None:
    pairs = []
    for seed in range(100):
        luck = random.Random(seed)  # noqa: S311
        first = _first(luck)
        pairs.append((first, _again(CHECKLIST, first, luck)))
    open_at = [
        {(code, None) for code, a in first["answers"].items() if a["value"] in ("fail", None)}
        | {
            (code, sheet["stall"])
            for sheet in first["stalls"]
            for code, answer in sheet["answers"].items()
            if answer["value"] == "fail"
        }
        for first, _ in pairs
    ]
    script = """
      const [{ parse }, { merge }] = [await logic("checklist"), await logic("carried")];
      const checklist = parse(arg.content);
      return arg.pairs.map(([first, given]) => merge(checklist, "2026-11-22", first, given));
    """
    given = [
        [{**first, "findings": [{"item": i, "stall": s} for i, s in findings]}, again]
        for (first, again), findings in zip(pairs, open_at, strict=True)
    ]

    merged = desk.run(script, {"content": CONTENT, "pairs": given})

    for (first, again), findings, on_phone in zip(pairs, open_at, merged, strict=True):
        on_server = carried.merge(
            CHECKLIST,
            DAY,
            (first["answers"], first["stalls"]),
            (again["answers"], again["stalls"]),
            findings,
        )
        assert on_phone["answers"] == {c: _own(a) for c, a in on_server.answers.items()}
        assert [(s["stall"], s["answers"]) for s in on_phone["stalls"]] == [
            (s["stall"], {c: _own(a) for c, a in s["answers"].items()}) for s in on_server.stalls
        ]
        assert [e["code"] for e in on_phone["errors"]] == [e.code for e in on_server.errors]


def _own(answer: Any) -> Tree:
    return {key: value for key, value in answer.items() if key != "carried"}


def test_a_pointer_leads_to_the_item_and_its_stall(desk: Lab) -> None:
    tree = visit()
    pointers = [
        "/answers/B02/value",
        "/stalls/1/answers/J01/photos",
        "/stalls/1/commodity",
        "/team",
    ]

    places = [desk.call("validation", "where", each, tree) for each in pointers]

    stall = list(STALLS)[1]
    assert places == [
        {"member": "answers", "item": "B02", "stall": None},
        {"member": "stalls", "item": "J01", "stall": stall},
        {"member": "stalls", "item": None, "stall": stall},
        {"member": "team", "item": None, "stall": None},
    ]
