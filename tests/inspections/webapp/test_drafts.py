"""A visit in progress is on the disk after every tap, here and, when it can be, on the server."""

import pytest

from tests.inspections.webapp.lab import Lab, Reply
from tests.inspections.webapp.server import (
    BEGIN,
    CONTENT,
    PICTURE,
    PLACE,
    STALL,
    Server,
    begin,
    sign_in,
    sync,
)


@pytest.fixture
def server(lab: Lab) -> Server:
    made = Server(lab)
    sign_in(lab)
    return made


@pytest.fixture
def visit(lab: Lab, server: Server) -> str:
    return begin(lab)


def document(lab: Lab, visit: str) -> dict[str, object]:
    found: dict[str, object] = lab.call("drafts", "get", visit)["document"]
    return found


def test_a_visit_begins_with_its_head_and_without_answers(lab: Lab, visit: str) -> None:
    begun = document(lab, visit)

    assert begun["team"] == [{"role": "head", "username": "inspector"}]
    assert (begun["answers"], begun["kind"], begun["checklist"]) == ({}, "planned", "MARKET-FS@1")


def test_facts_of_the_place_are_no_answers_until_they_are_confirmed(lab: Lab, visit: str) -> None:
    fact = PLACE["facts"]["A01"]
    assert lab.call("drafts", "get", visit)["suggested"] == {"A01": fact}

    lab.call("drafts", "confirm", visit, ["A01"])

    draft = lab.call("drafts", "get", visit)
    assert (draft["suggested"], draft["document"]["answers"]) == ({}, {"A01": fact})


def test_every_tap_survives_a_killed_page(lab: Lab, visit: str) -> None:
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"value": "fail"})
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"note": "Chưa niêm yết"})
    lab.call("drafts", "camera", visit, {"item": "A02"})
    lab.page.close()

    page = lab.open()
    lab.call("session", "start", page=page)
    draft = lab.call("drafts", "get", visit, page=page)
    assert draft["document"]["answers"] == {"A02": {"value": "fail", "note": "Chưa niêm yết"}}
    assert draft["camera"] == {"item": "A02"}


def test_a_value_and_not_applicable_exclude_each_other(lab: Lab, visit: str) -> None:
    at = {"item": "E01"}
    lab.call("drafts", "answer", visit, at, {"value": "pass", "note": "x"})
    lab.call("drafts", "answer", visit, at, {"not_applicable": True})
    assert document(lab, visit)["answers"] == {"E01": {"not_applicable": True, "note": "x"}}

    lab.call("drafts", "answer", visit, at, {"value": "fail"})
    assert document(lab, visit)["answers"] == {"E01": {"value": "fail", "note": "x"}}


def test_the_rest_of_a_section_passes_but_never_what_is_critical(lab: Lab, visit: str) -> None:
    script = """
      const [{ parse, asOf }, drafts] = [await logic("checklist"), await logic("drafts")];
      const dated = asOf(parse(arg.content), "2026-11-22");
      const section = dated.sections.find(({ code }) => code === arg.section);
      await drafts.restPasses(arg.visit, section);
    """
    lab.call("drafts", "answer", visit, {"item": "G03"}, {"value": "fail", "note": "x"})

    for section in "ABCDEFGHI":
        lab.run(script, {"content": CONTENT, "visit": visit, "section": section})

    answers = lab.call("drafts", "get", visit)["document"]["answers"]
    asked = {item["code"]: item for s in CONTENT["sections"] for item in s["items"]
             if s["code"] in "ABCDEFGHI"}  # fmt: skip
    routine = {
        code
        for code, item in asked.items()
        if item["severity"] != "critical"
        and item["answer"]["type"] == "pass_fail"
        and item["photo"] != "always"
    }
    assert answers.pop("G03") == {"value": "fail", "note": "x"}
    assert answers == {code: {"value": "pass"} for code in routine - {"G03"}}
    assert len(routine) == 10


def test_stalls_come_and_go(lab: Lab, visit: str) -> None:
    lab.call("drafts", "addStall", visit, {"stall": STALL, "commodity": "produce"})
    lab.call("drafts", "addStall", visit, {"stall": STALL, "commodity": "produce"})
    lab.call("drafts", "answer", visit, {"item": "J01", "stall": STALL}, {"value": "0,75"})
    new = {"new": {"number": "27", "commodity": "seafood"}}
    draft = lab.call("drafts", "addStall", visit, new)
    met = draft["document"]["stalls"][1]["new"]["id"]
    lab.call("drafts", "setStall", visit, met, {"absent": "Nghỉ"})

    assert document(lab, visit)["stalls"] == [
        {"stall": STALL, "commodity": "produce", "answers": {"J01": {"value": "0,75"}}},
        {**new, "new": {**new["new"], "id": met}, "answers": {}, "absent": "Nghỉ"},
    ]
    lab.call("drafts", "removeStall", visit, STALL)
    assert len(document(lab, visit)["stalls"]) == 1  # type: ignore[arg-type]


def test_progress_counts_what_is_asked_and_rightly_answered(lab: Lab, visit: str) -> None:
    lab.call("drafts", "addStall", visit, {"stall": STALL, "commodity": "produce"})
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"value": "pass"})
    lab.call("drafts", "answer", visit, {"item": "B02"}, {"value": "nhiều"})
    script = """
      const [{ parse }, { progress }] = [await logic("checklist"), await logic("progress")];
      const draft = await (await logic("drafts")).get(arg.visit);
      return progress(draft, parse(arg.content));
    """

    found = lab.run(script, {"visit": visit, "content": CONTENT})

    at_place = sum(len(s["items"]) for s in CONTENT["sections"] if s["scope"] != "stall")
    at_stall = sum(
        len(s["items"]) for s in CONTENT["sections"]
        if s["scope"] == "stall" and s["commodity"] in ("all", "produce")
    )  # fmt: skip
    assert (found["answered"], found["total"]) == (1, at_place + at_stall)
    assert found["stalls"][0]["total"] == at_stall
    assert "B02" in next(s["open"] for s in found["sections"] if s["code"] == "B")


def test_photos_are_named_by_the_answer_that_they_belong_to(lab: Lab, visit: str) -> None:
    script = (
        PICTURE
        + """
      const drafts = await logic("drafts");
      const draft = await drafts.addPhoto(arg.visit, { item: "A02" }, picture);
      return draft.document.answers.A02.photos;
    """
    )

    (digest,) = lab.run(script, {"visit": visit})

    lab.call("drafts", "removePhoto", visit, {"item": "A02"}, digest)
    assert document(lab, visit)["answers"] == {"A02": {"photos": []}}


def test_two_tabs_do_not_undo_each_other(lab: Lab, visit: str) -> None:
    other = lab.open()
    lab.call("session", "start", page=other)
    for number in range(10):
        page = (lab.page, other)[number % 2]
        lab.call("drafts", "answer", visit, {"item": f"A0{number}"}, {"value": "pass"}, page=page)

    assert len(document(lab, visit)["answers"]) == 10  # type: ignore[arg-type]


def test_a_full_phone_says_so_until_it_can_keep_again(lab: Lab, visit: str) -> None:
    script = """
      const [drafts, db] = [await logic("drafts"), await logic("db")];
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
      const told = [];
      (await logic("live")).listen(["room"], () => told.push(db.isFull()));
      try { await drafts.answer(arg, { item: "A02" }, { value: "pass" }); } catch {}
      IDBObjectStore.prototype.put = put;
      await drafts.answer(arg, { item: "A03" }, { value: null, note: "x" });
      return [told, Object.keys((await drafts.get(arg)).document.answers)];
    """

    assert lab.run(script, visit) == [[True, False], ["A03"]]


def test_a_submitted_visit_is_no_draft_any_more(lab: Lab, visit: str) -> None:
    item = lab.call("drafts", "submit", visit, "Chợ Bộc Bố")

    assert lab.call("drafts", "list") == []
    assert item["data"]["ended_at"] is not None
    assert item["data"]["device"]["id"]
    script = """
      const { answer, Gone } = await logic("drafts");
      try { await answer(arg, { item: "A01" }, {}); }
      catch (error) { return error instanceof Gone; }
    """
    assert lab.run(script, visit) is True


def test_the_server_gets_a_copy_with_what_was_changed(lab: Lab, server: Server, visit: str) -> None:
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"value": "pass"})
    lab.call("drafts", "set", visit, {"parties": [{"role": "representative", "name": " "}]})

    sync(lab)

    (copy,) = server.drafts
    assert (copy["version"], set(copy["changed"])) == (
        None, {"establishment", "answers.A02", "parties"},
    )  # fmt: skip
    # Half a name would be refused, and the whole copy with it.
    assert copy["document"]["parties"] == []
    draft = lab.call("drafts", "get", visit)
    assert (draft["version"], draft["changed"]) == (1, {})


def push(lab: Lab, visit: str, **told: object) -> None:
    """The server answers the copy of the draft with ``told``."""
    result = {"id": visit, "op": "inspection.draft", **told}
    lab.on("POST", "sync/push/", lambda _: Reply(200, {"results": [result], "bundle_etag": "b1"}))


def test_what_another_phone_changed_comes_in_and_what_is_newer_here_stays(
    lab: Lab, visit: str
) -> None:
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"value": "pass"})
    merged = document(lab, visit) | {
        "answers": {"A02": {"value": "pass"}, "A03": {"value": None, "note": "khác"}},
        "opinion": "của máy kia",
    }
    push(lab, visit, status="created", version=4, document=merged)
    meanwhile = """
      const [drafts, mirror] = [await logic("drafts"), await logic("mirror")];
      const sent = await drafts.get(arg.visit);
      await drafts.answer(arg.visit, { item: "A02" }, { value: "fail" });
      await mirror.takeIn((await logic("session")).speaker(), sent, arg.result);
    """

    lab.run(
        meanwhile,
        {"visit": visit, "result": {"status": "created", "version": 4, "document": merged}},
    )

    draft = lab.call("drafts", "get", visit)
    assert draft["document"]["answers"] == {
        "A02": {"value": "fail"}, "A03": {"value": None, "note": "khác"},
    }  # fmt: skip
    assert draft["document"]["opinion"] == "của máy kia"
    assert (draft["version"], list(draft["changed"])) == (4, ["answers.A02"])


def test_an_answer_that_two_phones_gave_is_kept_twice_until_somebody_chooses(
    lab: Lab, visit: str
) -> None:
    sides = {
        "path": "answers.A02",
        "here": {"value": {"value": "fail"}, "by": "inspector2", "at": "2026-11-22T08:00:00Z"},
        "other": {"value": {"value": "pass"}, "by": "inspector", "at": "2026-11-22T09:00:00Z"},
    }
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"value": "pass"})
    push(lab, visit, status="conflict", version=2, conflicts=[sides])

    sync(lab)
    assert lab.call("drafts", "get", visit)["conflicts"] == [sides]
    lab.call("mirror", "resolve", visit, "answers.A02", {"value": "fail"})

    draft = lab.call("drafts", "get", visit)
    assert (draft["conflicts"], draft["resolved"]) == ([], ["answers.A02"])
    assert draft["document"]["answers"] == {"A02": {"value": "fail"}}


def test_what_somebody_else_has_chosen_about_is_no_longer_asked(lab: Lab, visit: str) -> None:
    side = {"value": None, "by": "", "at": ""}
    sides = {"path": "answers.A02", "here": side, "other": side}
    push(lab, visit, status="conflict", version=2, conflicts=[sides])
    sync(lab)
    assert lab.call("drafts", "get", visit)["conflicts"] == [sides]
    result = {"status": "duplicate", "version": 3}
    script = """
      const [drafts, mirror] = [await logic("drafts"), await logic("mirror")];
      const me = (await logic("session")).speaker();
      await mirror.takeIn(me, await drafts.get(arg.visit), arg.result);
    """

    lab.run(script, {"visit": visit, "result": result})

    assert lab.call("drafts", "get", visit)["conflicts"] == []


def test_a_newer_copy_on_the_server_is_brought_with_the_bundle(
    lab: Lab, server: Server, visit: str
) -> None:
    sync(lab)
    newer = document(lab, visit) | {"opinion": "của máy kia"}
    lab.on("GET", "inspections/*", lambda _: Reply(200, newer, {"ETag": '"5"'}))
    server.told_drafts = [{"id": visit, "version": 5}, {"id": "another", "version": 9}]

    sync(lab)

    draft = lab.call("drafts", "get", visit)
    assert (draft["version"], draft["document"]["opinion"]) == (5, "của máy kia")
    assert server.asked("GET", "inspections/") == 1


def test_a_copy_that_the_server_refuses_is_not_sent_before_the_next_change(
    lab: Lab, server: Server, visit: str
) -> None:
    push(lab, visit, status="invalid", problem={"code": "unknown_establishment"})
    sync(lab)
    asked = server.asked("POST", "sync/push/")
    script = """
      const { isBehind } = await logic("mirror");
      return isBehind(await (await logic("drafts")).get(arg));
    """

    assert asked == 1
    assert lab.run(script, visit) is False
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"value": "pass"})
    assert lab.run(script, visit) is True


def test_a_draft_that_only_the_server_has_can_be_taken_up(lab: Lab, server: Server) -> None:
    body = {"id": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a09", "establishment": "BOC-BO",
            "checklist": "MARKET-FS@1", "kind": "planned", "answers": {"A02": {"value": "pass"}},
            "started_at": "2026-11-22T06:40:00+07:00", "status": "draft", "verdict": None,
            "team": [{"role": "head", "username": "inspector"}]}  # fmt: skip
    lab.on("GET", "inspections/*", lambda _: Reply(200, body, {"ETag": 'W/"7"'}))

    draft = lab.call("mirror", "fetchDraft", body["id"])

    assert (draft["version"], draft["changed"]) == (7, {})
    assert draft["document"]["answers"] == body["answers"]
    assert "status" not in draft["document"]
    assert [row["id"] for row in lab.call("drafts", "list")] == [body["id"]]


def test_today_lists_what_is_due_first_and_then_the_other_places(lab: Lab) -> None:
    bundle = {
        "establishments": [{"code": code, "name": code, "kind": "market"} for code in "ABC"],
        "assignments": [
            {"id": "2", "establishment": "C", "due_on": "2026-11-25"},
            {"id": "1", "establishment": "B", "due_on": "2026-11-20"},
        ],
    }

    rows = lab.call("bundle", "today", bundle, "2026-11-22")

    assert [(row["establishment"]["code"], row["overdue"]) for row in rows] == [
        ("B", True), ("C", False), ("A", False),
    ]  # fmt: skip


def test_an_unchanged_bundle_is_not_fetched_again(lab: Lab, server: Server) -> None:
    lab.run(BEGIN)
    before = lab.call("bundle", "freshness")

    lab.call("bundle", "refresh")

    after = lab.call("bundle", "freshness")
    assert after["fetchedAt"] == before["fetchedAt"]
    assert after["checkedAt"] > before["checkedAt"]
    assert lab.call("bundle", "isCurrent", "b1") is True
    assert lab.call("bundle", "isCurrent", '"b2"') is False
