"""Answers to findings and returns of bags, many at the same moment."""

from typing import Any
from uuid import uuid4

from tests.live import Live, at_once, photo, statuses, visit

MARKET_MANAGER, STORE_MANAGER = "manager.bocbo", "manager.sieuthi"


def a_finding(live: Live, seed: int) -> str:
    sent, inspector = visit(photo(seed), fails=["G03"]), live.person("inspector")
    assert inspector.submit(sent).status == 201
    [found] = inspector.get(f"inspections/{sent['id']}/result/").json()["findings"]
    return str(found["id"])


def test_one_answer_sent_32_times_is_one_correction(live: Live) -> None:
    finding = a_finding(live, 6000)
    devices = [live.person(MARKET_MANAGER) for _ in range(32)]
    body = {"id": str(uuid4()), "text": "Đã thay lưới", "done_on": "2026-11-21"}

    answers = at_once(32, lambda n: devices[n].post(f"findings/{finding}/respond/", body))

    assert statuses(answers) == {200: 31, 201: 1}
    entries = live.person("department").get(f"audit/?subject=finding:{finding}").json()["results"]
    assert [entry["action"] for entry in entries] == ["finding.answered"]


def test_of_24_returns_of_one_month_one_counts_and_all_are_kept(live: Live) -> None:
    devices = [live.person(STORE_MANAGER) for _ in range(24)]
    bodies = [
        {"id": str(uuid4()), "measures": {"PM01": str(n)}, "source": "declared"} for n in range(24)
    ]
    route = "bag-returns/SAMPLE-01/2026-08/"

    answers = at_once(24, lambda n: devices[n].put(route, bodies[n % 12 * 2]))

    assert statuses(answers) == {200: 23, 201: 1}
    month = devices[0].get(route).json()
    kept = [month["id"], *(row["id"] for row in month["history"])]
    assert len(kept) == 12
    assert set(kept) == {body["id"] for body in bodies[::2]}
    assert month["replaced_at"] is None
    assert all(row["replaced_at"] for row in month["history"])


def test_of_verifiers_who_disagree_at_once_one_decides(live: Live) -> None:
    manager, finding = live.person(MARKET_MANAGER), a_finding(live, 6001)
    body = {"id": str(uuid4()), "text": "Đã thay lưới", "done_on": "2026-11-21"}
    assert manager.post(f"findings/{finding}/respond/", body).status == 201
    people = [live.person("inspector" if n % 2 else "department") for n in range(16)]

    def decide(n: int) -> Any:
        verb, given = ("accept", {}) if n % 2 else ("refuse", {"reason": "Chưa đạt"})
        return people[n].post(f"findings/{finding}/{verb}/", given)

    answers = at_once(16, decide)

    assert statuses(answers) == {200: 8, 409: 8}
    entries = live.person("department").get(f"audit/?subject=finding:{finding}").json()["results"]
    assert len(entries) == 2
    [known] = [row for row in manager.get("findings/").json()["results"] if row["id"] == finding]
    assert (entries[0]["action"], known["status"]) in {
        ("finding.accepted", "closed"),
        ("finding.refused", "reopened"),
    }
