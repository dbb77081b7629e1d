"""POST /api/v1/sync/push/, many at the same moment."""

from collections import Counter
from typing import Any

from inspections.demo.phone import Phone
from tests.concurrency.test_submit import audit, phones
from tests.live import Live, at_once, visit


def push(phone: Phone, *documents: dict[str, Any]) -> list[Any]:
    items = [{"op": "inspection.submit", "id": each["id"], "data": each} for each in documents]
    answer = phone.post("sync/push/", {"items": items})
    assert answer.status == 200, answer
    results: list[Any] = answer.json()["results"]
    return results


def test_one_visit_pushed_64_times_is_created_once(live: Live) -> None:
    body, devices = visit(), phones(live, 64)

    [*results] = at_once(64, lambda number: push(devices[number], body)[0])

    assert Counter(result["status"] for result in results) == {"duplicate": 63, "created": 1}
    assert len({str(result["receipt"]) for result in results}) == 1
    [entry] = audit(live, subject=f"inspection:{body['id']}")
    assert entry["action"] == "inspection.submitted"


def test_good_ones_get_consecutive_numbers_whatever_is_between_them(live: Live) -> None:
    devices = phones(live, 10)
    batches = [(visit(), visit(signatures=[]), visit()) for _ in range(10)]

    found = at_once(10, lambda number: push(devices[number], *batches[number]))

    assert [[result["status"] for result in results] for results in found] == [
        ["created", "invalid", "created"]
    ] * 10
    numbers = sorted(
        int(result["receipt"]["number"].partition("/")[0])
        for results in found
        for result in results
        if result["status"] == "created"
    )
    assert numbers == list(range(numbers[0], numbers[0] + 20))


def test_one_batch_sent_by_eight_phones_is_stored_once(live: Live) -> None:
    devices, batch = phones(live, 8), [visit() for _ in range(5)]

    found = at_once(8, lambda number: push(devices[number], *batch))

    for each in zip(*found, strict=True):
        assert Counter(result["status"] for result in each) == {"created": 1, "duplicate": 7}
