"""The app behind a line that is cut again and again: what is in its queue arrives once."""

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPhone
from tests.journeys.handset import Handset
from tests.line import Cut, Line, line_to
from tests.live import Live, live_server, visit

VISITS = 12
PATIENCE_S = 180
# As the screens do it, without a tap for each answer. The server judges the document.
SUBMIT = """async ({ text, place, digest }) => {
  const logic = (name) => import(`/static/app/logic/${name}.js`);
  const [bundles, drafts, photos] =
    await Promise.all(["bundle", "drafts", "photos"].map(logic));
  const { edit } = await logic("draft-store");
  const bundle = await bundles.load();
  const checklist = bundles.checklist(bundle, "MARKET-FS");
  const { id, document: { started_at } } = await drafts.begin(
    { bundle, establishment: place, checklist, kind: "planned", assignment: null, follows: null });
  const canvas = new OffscreenCanvas(80, 60);
  const pen = canvas.getContext("2d");
  for (let dot = 0; dot < 60; dot += 1) {
    pen.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
    pen.fillRect(Math.random() * 80, Math.random() * 60, 9, 9);
  }
  const kept = await photos.keep(await canvas.convertToBlob({ type: "image/jpeg" }));
  const whole = JSON.parse(text.replaceAll(digest, kept.sha256));
  const document = { ...whole, id, started_at, ended_at: null };
  await edit(id, (draft) => { draft.document = document; return Object.keys(document); });
  await drafts.submit(id, place);
  return [id, kept.sha256];
}"""
ASK = "async () => (await import('/static/app/logic/sync.js')).now('asked')"
QUEUE = "async () => (await import('/static/app/logic/outbox.js')).list()"
SENT = "async () => (await import('/static/app/logic/outbox.js')).sent()"

DEVICE = "async () => (await import('/static/app/logic/session.js')).thisDevice()"
EXPORT = """async (id) =>
  (await (await import('/static/app/logic/outbox.js')).exportItem(id)).text()"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server that hands out the modules one by one, so that they can be called by name.

    In one process, in which a revocation bites at once: others may take ten seconds.
    """
    with live_server(tmp_path_factory.mktemp("cut"), DEBUG="1", WEB_PROCESSES="1") as running:
        yield running


@pytest.fixture
def line(own: Live) -> Iterator[Line]:
    with line_to(own.server.port, seed=random.SystemRandom().randrange(10**9)) as made:
        yield made


def of_api(request: str) -> bool:
    return "/api/v1/" in request


def submit(phone: Handset, stalls: int = 3) -> tuple[str, str]:
    """The id of a visit that is in the queue now, and the digest of its photo."""
    document = visit()
    digest = next(a["photos"][0] for a in document["answers"].values() if "photos" in a)
    document["stalls"] = document["stalls"][:stalls]
    given = {"text": json.dumps(document), "place": "BOC-BO", "digest": digest}
    made: list[str] = phone.page.evaluate(SUBMIT, given)
    return made[0], made[1]


def check(own: Live, phone: Handset, sent: dict[str, str]) -> None:
    """Each visit is there once, under the number of the receipt, with its photo and record."""
    receipts = {row["id"]: row["receipt"]["number"] for row in phone.page.evaluate(SENT)}
    inspector = own.person("inspector")
    rows = inspector.get("inspections/?page_size=200").json()["results"]
    numbers = {row["id"]: row["number"] for row in rows if row["status"] != "draft"}
    assert len(rows) == len(numbers)
    assert sorted(numbers.values()) == [f"{n:02}/BB-SCT" for n in range(1, len(numbers) + 1)]
    for identifier, sha256 in sent.items():
        assert receipts[identifier] == numbers[identifier]
        told = inspector.get(f"inspections/{identifier}/").json()
        assert told["missing_evidence"] == []
        assert {sha256} == {p for a in told["answers"].values() for p in a.get("photos", ())}
        assert inspector.wait_for_record(identifier).status == 200
    assert own.person("department").get("audit/verify/").json()["whole"]


def test_what_is_in_the_queue_arrives_once_however_the_line_is_cut(
    own: Live, line: Line, new_phone: NewPhone
) -> None:
    phone = Handset(new_phone(), line.url)
    phone.sign_in("inspector")
    fates = cycle((Cut.REQUEST, None, Cut.ANSWER, Cut.SWALLOWED, None))
    line.choose = lambda request: next(fates) if of_api(request) else None
    sent = dict(submit(phone) for _ in range(VISITS))
    deadline, rounds = time.monotonic() + PATIENCE_S, 0

    while phone.page.evaluate(QUEUE):
        assert time.monotonic() < deadline, phone.page.evaluate(QUEUE)
        rounds += 1
        if rounds % 5 == 0:  # the browser was killed in the middle of it
            phone.page.reload()
            expect(phone.page.locator("#search")).to_be_visible()
        phone.page.evaluate(ASK)

    assert set(line.cuts) == set(Cut)
    assert line.cuts.total() >= VISITS
    check(own, phone, sent)
    assert phone.complaints == []


def test_twenty_visits_go_in_one_push_when_the_network_is_back(
    own: Live, line: Line, new_phone: NewPhone
) -> None:
    phone = Handset(new_phone(), line.url)
    phone.sign_in("inspector")
    line.choose = lambda request: Cut.REQUEST if of_api(request) else None
    sent = dict(submit(phone, stalls=1) for _ in range(20))
    assert len(phone.page.evaluate(QUEUE)) == 20

    line.choose = lambda _: None
    before = len(line.asked)
    phone.page.evaluate(ASK)

    assert phone.page.evaluate(QUEUE) == []
    asked: list[Any] = [request for request in line.asked[before:] if of_api(request)]
    assert sum(request.endswith("/sync/push/") for request in asked) == 1
    assert sum(request.startswith("PUT /api/v1/evidence/") for request in asked) == 20
    assert [request for request in asked if "missing" in request] == []
    check(own, phone, sent)
    assert phone.complaints == []


def test_a_revoked_phone_keeps_its_queue_and_can_export_it(
    own: Live, line: Line, new_phone: NewPhone
) -> None:
    phone = Handset(new_phone(), line.url)
    phone.sign_in("inspector")
    line.choose = lambda request: Cut.REQUEST if of_api(request) else None
    identifier, sha256 = submit(phone)
    device = phone.page.evaluate(DEVICE)["id"]
    department = own.person("department")
    listed = department.get("auth/devices/?page_size=200").json()["results"]
    [row] = [each for each in listed if each["identifier"] == device]
    assert department.post(f"auth/devices/{row['id']}/revoke/").status == 200
    line.choose = lambda _: None

    phone.page.evaluate(ASK)
    phone.page.reload()
    expect(phone.page.locator("#search")).to_be_visible()

    assert [item["id"] for item in phone.page.evaluate(QUEUE)] == [identifier]
    exported = json.loads(phone.page.evaluate(EXPORT, identifier))
    assert exported["item"]["data"]["id"] == identifier
    assert [photo["sha256"] for photo in exported["photos"]] == [sha256]
    assert own.person("inspector").get(f"inspections/{identifier}/").status == 404


@pytest.mark.parametrize("days", [3, -3])
def test_a_clock_that_is_days_off_refuses_nothing(
    own: Live, line: Line, new_phone: NewPhone, days: int
) -> None:
    context = new_phone()
    context.clock.install(time=datetime.now(UTC) + timedelta(days=days))
    phone = Handset(context, line.url)
    phone.sign_in("inspector")

    sent = dict([submit(phone)])
    phone.page.evaluate(ASK)

    assert phone.page.evaluate(QUEUE) == []
    check(own, phone, sent)
    [identifier] = sent
    told = own.person("inspector").get(f"inspections/{identifier}/").json()
    took = datetime.fromisoformat(told["ended_at"]) - datetime.fromisoformat(told["started_at"])
    assert timedelta() <= took < timedelta(minutes=10)
    assert abs(abs(told["clock_skew_s"]) - 3 * 86_400) < 600
    assert phone.complaints == []
