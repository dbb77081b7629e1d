"""Two phones and more that bring their changes of one draft at the same moment."""

from typing import Any

from inspections.demo.phone import Phone
from tests.live import Live, at_once, checklist, visit

PEOPLE = ("inspector", "inspector2")
TEAM = [{"role": "head", "username": PEOPLE[0]}, {"role": "member", "username": PEOPLE[1]}]
# Passes or fails, each; one for each of the phones.
ITEMS = [
    item.code
    for section in checklist().sections
    if section.scope == "establishment"
    for item in section.items
    if item.answer.type == "pass_fail"
][:8]


def begun(live: Live) -> dict[str, Any]:
    """A draft that the server has in its first version."""
    document = {**visit(), "team": TEAM, "answers": {}, "signatures": []}
    told = bring(live.person(PEOPLE[0]), document, 0)
    assert told["version"] == 1
    return document


def bring(phone: Phone, document: dict[str, Any], version: int, *changed: str) -> Any:
    """What the server makes of it, sent until it comes to it."""
    data = {"document": document, "version": version, "changed": changed, "resolved": []}
    item = {"op": "inspection.draft", "id": document["id"], "data": data}
    while True:
        answer = phone.post("sync/push/", {"items": [item]})
        assert answer.status == 200, answer
        [told] = answer.json()["results"]
        if told["status"] != "retry":
            return told


def test_different_answers_of_eight_phones_are_all_there(live: Live) -> None:
    document = begun(live)
    phones = [live.person(PEOPLE[number % 2]) for number in range(8)]

    def answer(number: int) -> Any:
        item = ITEMS[number]
        mine = {**document, "answers": {item: {"value": "pass"}}}
        return bring(phones[number], mine, 1, f"answers.{item}")

    told = at_once(8, answer)

    assert [each["status"] for each in told] == ["created"] * 8
    assert sorted(each["version"] for each in told) == list(range(2, 10))
    seen = phones[0].get(f"inspections/{document['id']}/").json()
    assert seen["answers"] == {item: {"value": "pass"} for item in ITEMS}
    assert "conflicts" not in seen


def test_of_two_values_at_once_one_is_there_and_the_other_is_asked_about(live: Live) -> None:
    for item in ITEMS:
        document = begun(live)
        phones = [live.person(username) for username in PEOPLE]
        values = [{"value": "pass"}, {"value": "fail", "note": "Chưa đạt"}]

        def answer(number: int) -> Any:
            mine = {**document, "answers": {item: values[number]}}  # noqa: B023 (used at once)
            return bring(phones[number], mine, 1, f"answers.{item}")  # noqa: B023

        told = at_once(2, answer)

        assert sorted(each["status"] for each in told) == ["conflict", "created"]
        seen = phones[0].get(f"inspections/{document['id']}/").json()
        [conflict] = seen["conflicts"]
        assert conflict["path"] == f"answers.{item}"
        both = [conflict["here"]["value"], conflict["other"]["value"]]
        assert both in (values, values[::-1])
        assert seen["answers"][item] == conflict["here"]["value"]


def test_the_same_change_sent_16_times_at_once_counts_once_and_asks_nothing(live: Live) -> None:
    document = begun(live)
    phones = [live.person(PEOPLE[0]) for _ in range(16)]
    mine = {**document, "answers": {ITEMS[0]: {"value": "pass"}}}

    told = at_once(16, lambda number: bring(phones[number], mine, 1, f"answers.{ITEMS[0]}"))

    statuses = [each["status"] for each in told]
    assert (statuses.count("created"), statuses.count("duplicate")) == (1, 15)
    assert {each["version"] for each in told} == {2}
