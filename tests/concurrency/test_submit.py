"""POST /api/v1/inspections/{id}/submit/, many at the same moment."""

import json
from typing import Any

from inspections.demo.phone import Answer, Phone
from tests.live import Live, at_once, photo, statuses, visit


def phones(live: Live, count: int, username: str = "inspector") -> list[Phone]:
    """With their connections open, so that what they send arrives together."""
    found = [live.person(username) for _ in range(count)]
    for phone in found:
        assert phone.get("/healthz").status == 200
    return found


def audit(live: Live, **query: str) -> list[dict[str, Any]]:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    answer = live.person("department").get(f"audit/?page_size=200&{text}")
    assert answer.status == 200, answer
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_one_body_sent_64_times_is_one_submission_with_one_receipt(live: Live) -> None:
    body, devices = visit(), phones(live, 64)

    answers = at_once(64, lambda number: devices[number].submit(body))

    assert statuses(answers) == {200: 63, 201: 1}
    assert len({answer.body for answer in answers}) == 1
    [entry] = audit(live, subject=f"inspection:{body['id']}")
    assert entry["action"] == "inspection.submitted"
    assert entry["data"]["number"] == answers[0].json()["number"]


def test_a_body_that_differs_in_its_device_only_is_the_same_body(live: Live) -> None:
    body, devices = visit(), phones(live, 16)

    answers = at_once(
        16,
        lambda n: devices[n].submit({**body, "device": {**body["device"], "counter": 41 + n}}),
    )

    assert statuses(answers) == {200: 15, 201: 1}
    assert len({answer.body for answer in answers}) == 1


def test_of_50_bodies_under_one_id_one_wins_and_49_are_kept_aside(live: Live) -> None:
    first, devices = visit(), phones(live, 50)
    bodies = [{**first, "opinion": f"Ý kiến thứ {number}."} for number in range(50)]

    answers = at_once(50, lambda number: devices[number].submit(bodies[number]))

    assert statuses(answers) == {201: 1, 409: 49}
    [winner] = [number for number, answer in enumerate(answers) if answer.status == 201]
    refused = [answer.json() for answer in answers if answer.status == 409]
    assert {problem["code"] for problem in refused} == {"other_answers_already_submitted"}
    submitted = answers[winner].json()["answers_sha256"]
    assert {problem["submitted_sha256"] for problem in refused} == {submitted}
    assert len({problem["received_sha256"] for problem in refused}) == 49
    stored = live.person("inspector").get(f"inspections/{first['id']}/").json()
    assert stored["opinion"] == bodies[winner]["opinion"]
    kept = audit(live, subject=f"inspection:{first['id']}", action="submission.refused")
    assert {entry["data"]["received_sha256"] for entry in kept} == {
        problem["received_sha256"] for problem in refused
    }


def test_50_inspections_at_once_get_50_consecutive_numbers(live: Live) -> None:
    devices = phones(live, 25) + phones(live, 25, "inspector2")
    bodies = [visit(inspector="inspector" if number < 25 else "inspector2") for number in range(50)]

    answers = at_once(50, lambda number: devices[number].submit(bodies[number]))

    assert statuses(answers) == {201: 50}
    numbers = sorted(int(answer.json()["number"].partition("/")[0]) for answer in answers)
    assert numbers == list(range(numbers[0], numbers[0] + 50))


def test_a_refused_submission_takes_no_number(live: Live) -> None:
    """Two copies of which one is rolled back, and others that break a rule, leave no gap."""
    devices = phones(live, 20)
    good = [visit() for _ in range(5)]
    bad = [visit(signatures=[]) for _ in range(5)]
    bodies = [*good, *good, *bad, *bad]

    answers = at_once(20, lambda number: devices[number].submit(bodies[number]))

    assert statuses(answers) == {200: 5, 201: 5, 422: 10}
    numbers = sorted({int(a.json()["number"].partition("/")[0]) for a in answers[:10]})
    assert numbers == list(range(numbers[0], numbers[0] + 5))


def test_a_draft_that_is_submitted_twice_at_once_is_submitted_once(live: Live) -> None:
    body, devices = visit(), phones(live, 12)
    assert devices[0].put(f"inspections/{body['id']}/", body).status == 201

    answers = at_once(12, lambda number: devices[number].submit(body))

    assert statuses(answers) == {200: 11, 201: 1}
    assert len({answer.body for answer in answers}) == 1


def test_of_20_replacements_of_one_version_of_a_draft_one_wins(live: Live) -> None:
    body, devices = visit(), phones(live, 20)
    path = f"inspections/{body['id']}/"
    tag = devices[0].put(path, body).headers["etag"]

    answers = at_once(
        20,
        lambda n: devices[n].put(path, {**body, "opinion": f"Bản {n}"}, **{"If-Match": tag}),
    )

    assert statuses(answers) == {200: 1, 412: 19}
    [winner] = [number for number, answer in enumerate(answers) if answer.status == 200]
    assert devices[0].get(path).json()["opinion"] == f"Bản {winner}"


def test_a_draft_that_is_replaced_and_submitted_at_once_ends_as_submitted(live: Live) -> None:
    for _ in range(5):
        body, (one, other) = visit(), phones(live, 2)
        path = f"inspections/{body['id']}/"
        tag = one.put(path, body).headers["etag"]

        submitted, replaced = at_once(
            2,
            lambda n, b=body, p=path, t=tag, x=one, y=other: (  # type: ignore[misc]
                y.put(p, {**b, "opinion": "Bản khác"}, **{"If-Match": t}) if n else x.submit(b)
            ),
        )

        assert submitted.status == 201, submitted
        assert replaced.status in (200, 409, 412), replaced
        stored = one.get(path).json()
        assert (stored["status"], stored["opinion"]) == ("submitted", body["opinion"])


def test_a_draft_that_is_put_submitted_and_discarded_at_once_comes_to_one_end(live: Live) -> None:
    for is_mirrored in (False, True) * 4:
        body, devices = visit(), phones(live, 3)
        path = f"inspections/{body['id']}/"
        headers = {}
        if is_mirrored:
            headers = {"If-Match": devices[0].put(path, body).headers["etag"]}

        def send(
            n: int, b: Any = body, p: str = path, d: Any = devices, h: Any = headers
        ) -> Answer:
            answer: Answer = (
                d[0].submit(b)
                if n == 0
                else d[1].put(p, b, **h)
                if n == 1
                else d[2].send("DELETE", p)
            )
            return answer

        submitted, put, discarded = at_once(3, send)

        assert submitted.status == 201, submitted
        assert put.status in (200, 201, 409, 412, 428), put
        assert discarded.status in (204, 404, 409), discarded
        assert devices[0].get(path).json()["status"] == "submitted"


def test_voiding_and_superseding_at_once_leaves_one_winner(live: Live) -> None:
    for _ in range(6):
        first = visit()
        inspector, department = phones(live, 1)[0], phones(live, 1, "department")[0]
        assert inspector.submit(first).status == 201
        second = visit(supersedes=first["id"], reason="Ghi nhầm số đo.")

        answers = at_once(
            2,
            lambda n, f=first, s=second, i=inspector, d=department: (  # type: ignore[misc]
                d.post(f"inspections/{f['id']}/void/", {"reason": "Lập nhầm."})
                if n
                else i.submit(s)
            ),
        )

        superseded, voided = (answer.status in (200, 201) for answer in answers)
        assert superseded != voided, [str(answer) for answer in answers]
        loser = answers[0] if voided else answers[1]
        assert (loser.status, loser.json()["code"]) == (409, "illegal_move")
        stored = department.get(f"inspections/{first['id']}/").json()
        assert stored["status"] == ("voided" if voided else "superseded")
        assert (stored["superseded_by"] == second["id"]) == superseded


def test_two_that_supersede_one_record_at_once_leave_one_successor(live: Live) -> None:
    first, devices = visit(), phones(live, 8)
    assert devices[0].submit(first).status == 201
    successors = [visit(supersedes=first["id"], reason=f"Lần {n}") for n in range(8)]

    answers = at_once(8, lambda number: devices[number].submit(successors[number]))

    assert statuses(answers) == {201: 1, 409: 7}, json.dumps([str(a) for a in answers])
    [winner] = [n for n, answer in enumerate(answers) if answer.status == 201]
    stored = devices[0].get(f"inspections/{first['id']}/").json()
    assert stored["superseded_by"] == successors[winner]["id"]


def test_the_trail_is_whole_after_all_of_it(live: Live) -> None:
    devices = phones(live, 10)
    at_once(10, lambda number: devices[number].submit(visit(photo(number))))

    verdict = live.person("department").get("audit/verify/").json()

    assert verdict["whole"], verdict
