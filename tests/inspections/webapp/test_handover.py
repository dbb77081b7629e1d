"""A colleague's stall sheets come over as a file; nothing that either has written is lost."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.inspections.webapp.lab import Lab
from tests.inspections.webapp.server import PICTURE, STALL, Server, begin, sign_in

OTHER = "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a0f"
PACK = """
  const [{ pack }, drafts] = [await logic("handover"), await logic("drafts")];
  return await (await pack(await drafts.get(arg.visit), arg.stalls)).text();
"""
UNPACK = """
  const { unpack, preview, take } = await logic("handover");
  const drafts = await logic("drafts");
  try {
    const handover = await unpack(new Blob([arg.file]));
    const found = preview(await drafts.get(arg.visit), handover);
    if (arg.choices) await take(arg.visit, handover, arg.choices);
    return { ...found, from: handover.from.username };
  } catch (error) { return error.code ?? String(error); }
"""


def answer(lab: Lab, visit: str, stall: str, item: str, value: Any) -> None:
    lab.call("drafts", "answer", visit, {"item": item, "stall": stall}, {"value": value})


@pytest.fixture
def mine(lab: Lab) -> str:
    Server(lab)
    sign_in(lab)
    visit = begin(lab)
    lab.call("drafts", "addStall", visit, {"stall": STALL, "commodity": "produce"})
    answer(lab, visit, STALL, "J01", "0,75")
    answer(lab, visit, STALL, "J02", "pass")
    return visit


@pytest.fixture
def file(browser: Browser) -> str:
    """Of a second phone: the same stall, differently in J02, and another one with a photo."""
    context = browser.new_context()
    lab = Lab(context)
    Server(lab)
    sign_in(lab, "inspector2")
    visit = begin(lab)
    for stall in (STALL, OTHER):
        lab.call("drafts", "addStall", visit, {"stall": stall, "commodity": "produce"})
        answer(lab, visit, stall, "J02", "fail")
    answer(lab, visit, STALL, "J03", "pass")
    photo = PICTURE + (
        "await (await logic('drafts')).addPhoto("
        "arg.visit, { item: 'J02', stall: arg.stall }, picture);"
    )
    lab.run(photo, {"visit": visit, "stall": OTHER})
    packed: str = lab.run(PACK, {"visit": visit, "stalls": [STALL, OTHER]})
    context.close()
    return packed


def test_new_sheets_and_new_answers_come_in_and_ours_stay(lab: Lab, mine: str, file: str) -> None:
    found = lab.run(UNPACK, {"visit": mine, "file": file, "choices": {}})

    assert found["from"] == "inspector2"
    assert [sheet["stall"] for sheet in found["added"]] == [STALL, OTHER]
    assert found["differing"] == [
        {"stall": STALL, "item": "J02", "here": {"value": "pass"}, "other": {"value": "fail"}}
    ]
    ours, theirs = lab.call("drafts", "get", mine)["document"]["stalls"]
    assert ours["answers"] == {
        "J01": {"value": "0,75"}, "J02": {"value": "pass"}, "J03": {"value": "pass"},
    }  # fmt: skip
    (digest,) = theirs["answers"]["J02"]["photos"]
    assert lab.run("return (await (await logic('photos')).get(arg)).size;", digest) > 100


def test_where_both_answered_a_person_chooses(lab: Lab, mine: str, file: str) -> None:
    lab.run(UNPACK, {"visit": mine, "file": file, "choices": {f"{STALL}.J02": "other"}})

    ours = lab.call("drafts", "get", mine)["document"]["stalls"][0]
    assert ours["answers"]["J02"] == {"value": "fail"}
    changed = lab.call("drafts", "get", mine)["changed"]
    assert f"stalls.{STALL}.answers.J02" in changed


def test_the_same_file_twice_changes_nothing(lab: Lab, mine: str, file: str) -> None:
    lab.run(UNPACK, {"visit": mine, "file": file, "choices": {f"{STALL}.J02": "other"}})
    before = lab.call("drafts", "get", mine)["document"]

    found = lab.run(UNPACK, {"visit": mine, "file": file, "choices": {}})

    assert (found["added"], found["differing"], len(found["same"])) == ([], [], 2)
    assert lab.call("drafts", "get", mine)["document"] == before


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("food-safety-handover", "holiday-pictures", "unreadable"),
        ('"stalls"', '"stalls', "unreadable"),
        ("BOC-BO", "PHU-THONG", "other_place"),
        ("MARKET-FS@1", "MARKET-FS@2", "other_checklist"),
        ('"content":"/9j', '"content":"/8j', "damaged"),
        ('"content":"/9j', '"content":"*9j', "damaged"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(
    lab: Lab, mine: str, file: str, old: str, new: str, code: str
) -> None:
    assert old in file
    before = lab.call("drafts", "get", mine)["document"]

    given = {"visit": mine, "file": file.replace(old, new), "choices": {}}
    assert lab.run(UNPACK, given) == code

    assert lab.call("drafts", "get", mine)["document"] == before
