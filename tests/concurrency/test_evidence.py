"""PUT /api/v1/evidence/{sha256}/ at the same moment as itself and as what names the photo."""

from typing import Any

from inspections.demo.phone import Answer
from tests.inspections.evidence.pictures import digest
from tests.live import Live, at_once, photo, statuses, visit


def issued(live: Live, body: dict[str, Any]) -> dict[str, Any]:
    """The record as JSON, once its file is there."""
    inspector = live.person("inspector")
    answer = inspector.wait_for_record(body["id"])
    assert answer.status == 200, answer
    record: dict[str, Any] = inspector.get(f"inspections/{body['id']}/record/").json()
    assert record["file_sha256"] == digest(answer.body)
    return record


def test_one_photo_sent_50_times_is_kept_once(live: Live) -> None:
    content = photo(5000)
    devices = [live.person("inspector") for _ in range(50)]

    answers = at_once(50, lambda number: devices[number].put_photo(content))

    assert statuses(answers) == {200: 49, 201: 1}
    assert devices[0].get(f"evidence/{digest(content)}/").body == content


def test_a_record_is_issued_whether_its_photo_or_its_answers_come_last(live: Live) -> None:
    for seed in range(5100, 5112):
        content = photo(seed)
        body = visit(content)
        one, other = live.person("inspector"), live.person("inspector")

        def send(n: int, b: Any = body, c: bytes = content, x: Any = one, y: Any = other) -> Answer:
            answer: Answer = y.put_photo(c) if n else x.submit(b)
            return answer

        submitted, received = at_once(2, send)

        assert (submitted.status, received.status) == (201, 201)
        assert issued(live, body)["status"] == "issued"


def test_the_last_of_many_photos_issues_the_record_once(live: Live) -> None:
    contents = [photo(seed) for seed in range(5200, 5210)]
    body = visit(*contents)
    devices = [live.person("inspector") for _ in contents]
    assert devices[0].submit(body).status == 201

    answers = at_once(10, lambda number: devices[number].put_photo(contents[number]))

    assert statuses(answers) == {201: 10}
    record = issued(live, body)
    entries = live.person("department").get(f"audit/?subject=record:{record['id']}").json()
    assert [entry["action"] for entry in entries["results"]] == ["record.issued"]


def test_closing_the_evidence_while_the_last_photo_arrives_issues_one_record(live: Live) -> None:
    for seed in range(5300, 5306):
        content = photo(seed)
        body = visit(content)
        inspector, department = live.person("inspector"), live.person("department")
        assert inspector.submit(body).status == 201
        path = f"inspections/{body['id']}/close-evidence/"

        def send(
            n: int, c: bytes = content, p: str = path, x: Any = inspector, y: Any = department
        ) -> Answer:
            answer: Answer = y.post(p, {"reason": "Mất máy."}) if n else x.put_photo(c)
            return answer

        received, closed = at_once(2, send)

        assert received.status == 201
        assert closed.status in (200, 409), closed
        assert issued(live, body)["status"] == "issued"
