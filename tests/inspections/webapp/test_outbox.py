"""What a phone has collected reaches the server exactly once, whatever goes wrong on the way."""

import random
import time
from typing import Any

import pytest
from playwright.sync_api import Request

from tests.inspections.webapp.lab import Lab, Reply
from tests.inspections.webapp.server import (
    BEGIN,
    PICTURE,
    Server,
    begin,
    finish,
    problem,
    queue,
    sign_in,
    sync,
)


@pytest.fixture
def server(lab: Lab) -> Server:
    made = Server(lab)
    sign_in(lab)
    return made


def test_a_visit_is_sent_with_its_photos_and_then_leaves_the_queue(
    lab: Lab, server: Server
) -> None:
    visit = finish(lab, photos=2)

    sync(lab)

    assert list(server.submitted) == [visit]
    assert len(server.photos) == 2
    assert queue(lab) == []
    (sent,) = lab.call("outbox", "sent")
    assert (sent["id"], sent["receipt"]["number"]) == (visit, "01/BB-SCT")
    # A new receipt says which photos are missing: nobody asks again.
    assert (server.asked("POST", "sync/push"), server.asked("POST", "evidence/missing")) == (1, 0)
    assert lab.run("return (await (await logic('session')).store().all('photos')).length") == 0


@pytest.mark.parametrize("fault", ["cut before", "cut after"])
def test_what_is_cut_is_sent_again_and_counted_once(lab: Lab, server: Server, fault: str) -> None:
    visit = finish(lab, photos=1)
    server.faults = iter([fault])

    sync(lab)
    assert [item["state"] for item in queue(lab)] == ["waiting"]
    assert lab.call("sync", "current")["problem"]["code"] == "unreachable"
    sync(lab)

    assert list(server.submitted) == [visit]
    assert queue(lab) == []
    assert server.asked("POST", "sync/push") == 2


@pytest.mark.parametrize("before", [[], [None]], ids=["visit", "photo"])
def test_what_a_gate_of_the_network_answers_is_no_answer(
    lab: Lab, server: Server, before: list[None]
) -> None:
    visit = finish(lab, photos=1)
    server.faults = iter([*before, Reply(200, {"welcome": "Wi-Fi"}, is_ours=False)])

    sync(lab)
    assert lab.call("sync", "current")["problem"]["code"] == "unreachable"
    assert [item["id"] for item in queue(lab)] == [visit]
    sync(lab)

    assert (list(server.submitted), len(server.photos)) == ([visit], 1)
    assert queue(lab) == []


def test_nothing_is_lost_or_doubled_however_often_the_line_is_cut(lab: Lab, server: Server) -> None:
    luck = random.Random(20261122)  # noqa: S311 (made-up faults, no secret)
    kinds: list[Reply | str | None]
    kinds = ["cut before", "cut after", "cut after", problem(500, "internal_error"), None]
    faults = [luck.choice(kinds) for _ in range(120)]
    server.faults = iter(faults)
    visits = {finish(lab, photos=luck.randint(0, 2)) for _ in range(25)}
    named = {digest for item in queue(lab) for digest in item["photos"]}

    rounds = 0
    while queue(lab):
        sync(lab)
        rounds += 1
        assert rounds < 2 * len(faults)

    assert rounds > 40
    assert set(server.submitted) == visits
    assert set(server.photos) == named
    assert {sent["id"] for sent in lab.call("outbox", "sent")} == visits


def test_a_photo_whose_answer_was_lost_is_not_sent_twice(lab: Lab, server: Server) -> None:
    finish(lab, photos=1)
    server.faults = iter([None, "cut after"])

    sync(lab)
    assert [item["state"] for item in queue(lab)] == ["photos"]
    sync(lab)

    assert (queue(lab), len(server.photos)) == ([], 1)


def test_a_bad_entry_holds_up_no_good_one(lab: Lab, server: Server) -> None:
    good, bad, other = finish(lab), finish(lab), finish(lab)
    fault = {"pointer": "/answers/A02/photos", "code": "photo_required", "detail": ""}
    server.refuse = lambda item: (
        {"status": "invalid", "problem": {"code": "answers_invalid", "errors": [fault]}}
        if item["id"] == bad
        else None
    )

    sync(lab)

    assert sorted(server.submitted) == sorted([good, other])
    (left,) = queue(lab)
    assert (left["id"], left["state"], left["reason"]["errors"]) == (bad, "rejected", [fault])
    draft = lab.call("outbox", "reopen", bad)
    assert (draft["errors"], draft["document"]["ended_at"]) == ([fault], None)
    assert queue(lab) == []


def test_a_reopened_visit_can_be_put_right_and_sent(lab: Lab, server: Server) -> None:
    visit = finish(lab)
    server.refuse = lambda _: {"status": "invalid", "problem": {"code": "x", "errors": []}}
    sync(lab)
    server.refuse = lambda _: None

    lab.call("outbox", "reopen", visit)
    lab.call("drafts", "answer", visit, {"item": "A02"}, {"note": "có ảnh"})
    lab.call("drafts", "submit", visit, "Chợ Bộc Bố")
    sync(lab)

    assert server.submitted[visit]["answers"]["A02"] == {"value": "pass", "note": "có ảnh"}


def test_another_body_under_the_same_id_stays_for_the_department(lab: Lab, server: Server) -> None:
    visit = finish(lab)
    server.submitted[visit] = {"id": visit, "answers": {}}

    sync(lab)

    assert [(item["id"], item["state"]) for item in queue(lab)] == [(visit, "conflict")]


def test_an_envelope_that_is_refused_is_halved_until_the_culprit_is_found(
    lab: Lab, server: Server
) -> None:
    visits = [finish(lab) for _ in range(4)]
    culprit = visits[2]

    def push(request: Request) -> Reply:
        items = request.post_data_json["items"]
        if any(item["id"] == culprit for item in items):
            return problem(400, "malformed")
        return Server._push(server, request)

    lab.on("POST", "sync/push/", push)
    sync(lab)

    assert sorted(server.submitted) == sorted(set(visits) - {culprit})
    assert [(item["id"], item["reason"]["code"]) for item in queue(lab)] == [(culprit, "malformed")]


@pytest.mark.parametrize("status", [503, 429])
def test_the_whole_queue_waits_as_long_as_the_server_asks(
    lab: Lab, server: Server, status: int
) -> None:
    finish(lab, photos=1)
    server.faults = iter([Reply(status, {"code": "unavailable"}, {"Retry-After": "3"})])

    sync(lab)
    begun, asked = time.monotonic(), len(lab.asked)
    while time.monotonic() - begun < 2:
        for why in ("asked", "queue", "timer", "online"):
            sync(lab, why)
        time.sleep(0.2)
    assert len(lab.asked) == asked

    time.sleep(1.5)
    sync(lab, "timer")
    assert queue(lab) == []


def test_a_failure_that_names_no_time_waits_longer_each_time(lab: Lab, server: Server) -> None:
    finish(lab)
    server.faults = iter([problem(500, "internal_error")] * 4)
    waits = []

    for _ in range(4):
        sync(lab, "asked")
        pause = lab.run("return JSON.parse(localStorage.getItem('pause inspector'))")
        waits.append(pause["until"] / 1000 - time.time())
        asked = len(lab.asked)
        sync(lab, "timer")
        assert len(lab.asked) == asked

    assert all(0.4 * 2**n < wait < 1.6 * 2**n for n, wait in enumerate(waits)), waits


def test_a_photo_that_the_server_will_never_take_is_told_and_holds_nothing_up(
    lab: Lab, server: Server
) -> None:
    visit = finish(lab, photos=2)
    other = finish(lab, photos=1)
    server.faults = iter([None, problem(415, "not_an_image")])

    sync(lab)

    (left,) = queue(lab)
    assert (left["id"], left["state"]) == (visit, "photos_lost")
    assert [lost["code"] for lost in left["lost"]] == ["not_an_image"]
    assert len(server.photos) == 2
    lab.call("outbox", "settle", visit)
    assert queue(lab) == []
    assert {sent["id"] for sent in lab.call("outbox", "sent")} == {visit, other}


def test_uploads_that_fail_do_not_keep_the_bundle_from_coming(lab: Lab, server: Server) -> None:
    finish(lab, photos=1)
    server.faults = iter([None, problem(500, "internal_error")])
    before = lab.call("bundle", "freshness")["checkedAt"]

    sync(lab)

    assert [item["state"] for item in queue(lab)] == ["photos"]
    assert lab.call("bundle", "freshness")["checkedAt"] > before


def test_twenty_visits_go_in_one_push(lab: Lab, server: Server) -> None:
    visits = {finish(lab) for _ in range(20)}

    sync(lab)

    assert set(server.submitted) == visits
    assert server.asked("POST", "sync/push") == 1


def test_more_than_twenty_go_in_batches(lab: Lab, server: Server) -> None:
    visits = {finish(lab) for _ in range(21)}

    sync(lab)

    assert set(server.submitted) == visits
    assert server.asked("POST", "sync/push") == 2


def test_what_is_asked_for_while_a_round_is_running_is_done_whole(lab: Lab, server: Server) -> None:
    visit = begin(lab)
    sync(lab)  # copies of drafts now wait a while for more changes
    answer = "(await logic('drafts')).answer(arg, { item: 'A02' }, { value: 'pass' });"
    lab.run(f"await {answer}", visit)

    lab.run("const { now } = await logic('sync'); void now('timer'); await now('asked');")

    assert [each["changed"] for each in server.drafts][1:] == [["answers.A02"]]


def test_two_tabs_at_once_make_one_push(lab: Lab, server: Server) -> None:
    other = lab.open()
    lab.call("session", "start", page=other)
    finish(lab)
    start = """
      const { now } = await logic("sync");
      window.done = now("asked");
      return null;
    """

    lab.run(start)
    lab.run(start, page=other)
    for page in (lab.page, other):
        lab.run("await window.done;", page=page)

    assert len(server.submitted) == 1
    assert server.asked("POST", "sync/push") == 1


LARGE = 700 * 1024


def keep_large_photo(lab: Lab) -> str:
    """The digest of a photo that waits on the phone and is sent in pieces."""
    keep = """
      const bytes = new Uint8Array(arg.width).map((_, place) => place % 251);
      const { sha256 } = await logic("photos");
      const store = (await logic("session")).store();
      const blob = new Blob([bytes], { type: "image/jpeg" });
      const digest = await sha256(blob);
      await store.put("photos", { sha256: digest, blob, width: 1, height: 1, taken_at: "" });
      await (await logic("outbox")).enqueue(
        { id: arg.id, op: "finding.respond", data: {}, title: "", photos: [digest] });
      return digest;
    """
    digest: str = lab.run(keep, {"width": LARGE, "id": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"})
    return digest


def test_a_large_photo_goes_on_where_it_was_cut(lab: Lab, server: Server) -> None:
    digest = keep_large_photo(lab)
    # push, first part, then the second part arrives and its answer does not
    server.faults = iter([None, None, "cut after"])

    sync(lab)
    assert len(server.parts[digest]) == 512 * 1024
    sync(lab)

    assert len(server.photos[digest]) == LARGE
    assert queue(lab) == []
    assert server.asked("PATCH", "evidence") == 3


def test_a_large_photo_of_which_every_byte_is_there_is_finished_all_the_same(
    lab: Lab, server: Server
) -> None:
    digest = keep_large_photo(lab)
    # As after an outage of the server between the last byte and the examination.
    server.parts[digest] = bytes(place % 251 for place in range(LARGE))

    sync(lab)

    assert len(server.photos[digest]) == LARGE
    assert queue(lab) == []
    assert server.asked("PATCH", "evidence") == 1


def test_a_colleague_on_the_same_phone_neither_sends_nor_sees_what_waits(
    lab: Lab, server: Server
) -> None:
    visit = finish(lab)
    lab.call("session", "signOut")
    sign_in(lab, "inspector2")

    sync(lab)
    assert (server.submitted, queue(lab)) == ({}, [])
    waiting = {row["username"]: row["waiting"] for row in lab.call("session", "accounts")}
    assert waiting == {"inspector": 1, "inspector2": 0}

    sign_in(lab)
    sync(lab)
    assert server.by == {visit: "inspector"}


def test_a_revoked_session_stops_only_the_sending(lab: Lab, server: Server) -> None:
    visit = finish(lab)
    gone = problem(401, "session_revoked")
    server.faults = iter([gone, gone])

    sync(lab)
    asked = len(lab.asked)
    sync(lab)
    draft = begin_offline(lab)

    assert len(lab.asked) == asked
    assert lab.call("session", "account")["asleep"] is True
    assert lab.call("sync", "current")["problem"]["code"] == "asleep"
    assert [item["id"] for item in queue(lab)] == [visit]
    assert lab.call("drafts", "get", draft)["id"] == draft
    sign_in(lab)
    sync(lab)
    assert list(server.submitted) == [visit]


def test_what_an_ended_session_left_can_be_handed_to_the_department(
    lab: Lab, server: Server
) -> None:
    visit = finish(lab, photos=1)
    server.faults = iter([problem(401, "session_revoked")] * 2)
    sync(lab)
    brought: list[Any] = []
    kept: list[bytes | None] = []

    def take(request: Request) -> Reply:
        brought.extend(request.post_data_json["items"])
        assert request.headers["authorization"].startswith("Bearer access inspector")
        return Reply(202, {"results": []})

    def keep(request: Request) -> Reply:
        kept.append(request.post_data_buffer)
        return Reply(201)

    lab.on("POST", "sync/quarantine/", take)
    lab.on("PUT", "sync/quarantine/evidence/*", keep)

    assert lab.call("hand-in", "isPossible") is True
    assert lab.call("hand-in", "handIn") == 1

    assert [item["id"] for item in brought] == [visit]
    assert len(kept) == 1
    assert [item["state"] for item in queue(lab)] == ["handed_in"]
    # An account that wakes up sends it as usual, and the server knows it again.
    sign_in(lab)
    assert lab.call("hand-in", "isPossible") is False
    sync(lab)
    assert (list(server.submitted), queue(lab)) == ([visit], [])


def test_what_the_department_cannot_read_goes_on_waiting(lab: Lab, server: Server) -> None:
    good, odd = finish(lab), finish(lab)
    server.faults = iter([problem(401, "session_revoked")] * 2)
    sync(lab)
    results = [{"id": good, "status": "quarantined"}, {"id": odd, "status": "invalid"}]
    lab.on("POST", "sync/quarantine/", lambda _: Reply(202, {"results": results}))

    assert lab.call("hand-in", "handIn") == 1

    states = {item["id"]: item["state"] for item in queue(lab)}
    assert states == {good: "handed_in", odd: "waiting"}


def begin_offline(lab: Lab) -> str:
    made: str = lab.run(BEGIN.replace("bundles.refresh()", "bundles.load()") + "return draft.id;")
    return made


def test_an_export_holds_the_visit_and_its_photos(lab: Lab, server: Server) -> None:
    visit = finish(lab, photos=1)
    script = "return JSON.parse(await (await (await logic('outbox')).exportItem(arg)).text());"

    exported = lab.run(script, visit)

    assert exported["item"]["id"] == visit
    assert [photo["sha256"] for photo in exported["photos"]] == exported["item"]["photos"]
    assert len(exported["photos"][0]["content"]) > 100


def test_only_what_is_refused_can_be_given_up(lab: Lab, server: Server) -> None:
    visit = finish(lab)
    script = """
      try { await (await logic("outbox")).discard(arg); return "gone"; }
      catch { return "kept"; }
    """

    assert lab.run(script, visit) == "kept"
    server.refuse = lambda _: {"status": "invalid", "problem": {"code": "x"}}
    sync(lab)
    assert lab.run(script, visit) == "gone"


def test_a_draft_that_is_discarded_disappears_from_the_server_too(lab: Lab, server: Server) -> None:
    visit = begin(lab)
    lab.on("DELETE", "inspections/*", lambda _: Reply(204))
    sync(lab)
    assert lab.call("drafts", "get", visit)["version"] == 1

    lab.call("drafts", "discard", visit)
    sync(lab)

    assert server.asked("DELETE", f"inspections/{visit}/") == 1
    assert queue(lab) == []


def test_a_picture_of_a_camera_is_made_small(lab: Lab, server: Server) -> None:
    script = (
        PICTURE
        + """
      const { blob, width, height } = await (await logic("photos")).scale(picture);
      return { before: picture.size, after: blob.size, type: blob.type, width, height };
    """
    )

    scaled = lab.run(script, {"width": 4000, "height": 3000, "dots": 60_000})

    assert scaled["before"] > 1_000_000
    assert scaled["after"] <= 200 * 1024
    assert scaled["type"] == "image/jpeg"
    assert scaled["width"] / scaled["height"] == pytest.approx(4 / 3, abs=0.01)
