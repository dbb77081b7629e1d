"""Two officers decide about one item of the quarantine at the same moment."""

from typing import Any

from inspections.demo.phone import Answer
from tests.live import Live, at_once, statuses, visit


def test_of_ten_decisions_at_once_one_counts_and_the_visit_is_there_or_not(live: Live) -> None:
    inspector, officer = live.person("inspector"), live.person("department")
    for _ in range(4):
        document = visit()
        body = {"items": [{"op": "inspection.submit", "id": document["id"], "data": document}]}
        assert inspector.post("sync/quarantine/", body).status == 202
        (item,) = officer.get("quarantine/?status=waiting").json()["results"]
        officers = [live.person("department") for _ in range(10)]

        def decide(number: int, pk: str = item["id"], by: Any = officers) -> Answer:
            if number % 2:
                answer: Answer = by[number].post(f"quarantine/{pk}/reject/", {"reason": "Nhầm"})
            else:
                answer = by[number].post(f"quarantine/{pk}/accept/")
            return answer

        answers = at_once(10, decide)

        assert statuses(answers) == {200: 1, 409: 9}, answers
        decided = officer.get(f"quarantine/{item['id']}/").json()["status"]
        there = officer.get(f"inspections/{document['id']}/").status
        assert (decided, there) in {("accepted", 200), ("rejected", 404)}
