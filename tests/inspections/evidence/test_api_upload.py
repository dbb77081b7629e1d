"""HEAD and PATCH /api/v1/evidence/{sha256}/upload/: photos that come in pieces"""

import os
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from moto import mock_aws
from pytest_django import Settings
from rest_framework.test import APIClient

from backend.accounts.current import Person
from backend.audit.models import AuditEntry
from backend.env import ObjectStore
from backend.storage import configuration
from inspections.evidence import lifecycle, storage, uploads
from inspections.evidence.errors import StorageUnavailable
from inspections.evidence.models import Evidence, EvidenceUpload
from tests.inspections.evidence.pictures import digest, picture
from tests.inspections.evidence.visits import a_market, a_person, an_inspection, api_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("photos")]

PHOTO = picture("PNG", (300, 200))
HALF = len(PHOTO) // 2
PIECE = "application/partial-upload"


def address(data: bytes = PHOTO) -> str:
    return f"/api/v1/evidence/{digest(data)}/upload/"


def send(
    piece: bytes, at: int, *, last: bool = False, of: bytes = PHOTO, by: Person | None = None,
    **extra: Any,
) -> Any:  # fmt: skip
    headers = {"Upload-Offset": str(at), "Upload-Complete": "?1" if last else "?0"}
    return api_as(by or a_person()).patch(
        address(of), piece, content_type=extra.pop("content_type", PIECE), headers=headers, **extra
    )


def state(by: Person | None = None, data: bytes = PHOTO) -> tuple[int, str, str]:
    answer = api_as(by or a_person()).head(address(data))
    return answer.status_code, answer["Upload-Offset"], answer["Upload-Complete"]


def stored(photos: Path) -> list[str]:
    return sorted(path.name for path in photos.rglob("*") if path.is_file())


def test_a_photo_in_three_pieces_is_the_photo(photos: Path) -> None:
    assert state() == (204, "0", "?0")

    first = send(PHOTO[:100], 0)
    second = send(PHOTO[100:HALF], 100)
    assert state() == (204, str(HALF), "?0")
    last = send(PHOTO[HALF:], HALF, last=True)

    assert [(a.status_code, a["Upload-Offset"], a["Upload-Complete"]) for a in (first, second)] == [
        (204, "100", "?0"),
        (204, str(HALF), "?0"),
    ]
    assert (last.status_code, last["Upload-Complete"]) == (201, "?1")
    assert last.json()["sha256"] == digest(PHOTO)
    assert last.json()["width"] == 300
    assert state() == (204, str(len(PHOTO)), "?1")
    assert stored(photos) == [digest(PHOTO)]
    assert (photos / digest(PHOTO)[:2] / digest(PHOTO)[2:4] / digest(PHOTO)).read_bytes() == PHOTO
    assert [entry.action for entry in AuditEntry.objects.all()] == ["evidence.received"]
    assert EvidenceUpload.objects.count() == 1


def test_one_piece_may_be_all_and_the_last_may_be_empty() -> None:
    other = picture("PNG", seed=5)

    assert send(PHOTO, 0, last=True).status_code == 201
    assert send(other, 0, of=other).status_code == 204
    assert send(b"", len(other), last=True, of=other).status_code == 201


def test_the_limit_is_told() -> None:
    assert api_as(a_person()).head(address())["Upload-Limit"] == "max-size=10485760"


def test_a_piece_that_does_not_follow_is_refused_with_the_place_to_go_on(photos: Path) -> None:
    send(PHOTO[:100], 0)

    for at in (0, 99, 101):
        refused = send(PHOTO[at:HALF], at)
        assert (refused.status_code, refused.json()["code"]) == (409, "mismatching_upload_offset")
        assert (refused["Upload-Offset"], refused["Upload-Complete"]) == ("100", "?0")
        assert (refused.json()["expected_offset"], refused.json()["provided_offset"]) == (100, at)

    assert send(PHOTO[100:], 100, last=True).status_code == 201
    nothing = picture("PNG", seed=9)
    assert send(nothing[5:], 5, of=nothing)["Upload-Offset"] == "0"
    assert stored(photos) == [digest(PHOTO)]


def test_an_answer_that_was_lost_is_given_again() -> None:
    send(PHOTO[:HALF], 0)
    send(PHOTO[HALF:], HALF, last=True)

    repeated = send(PHOTO[HALF:], HALF, last=True)
    asked = send(b"", len(PHOTO), last=True)

    assert (repeated.status_code, repeated["Upload-Complete"]) == (409, "?1")
    assert repeated["Upload-Offset"] == str(len(PHOTO))
    assert (asked.status_code, asked.json()["sha256"]) == (200, digest(PHOTO))


def test_what_came_before_the_line_was_cut_is_kept() -> None:
    cut: dict[str, Any] = {"wsgi.input": BytesIO(PHOTO[:70]), "CONTENT_LENGTH": str(HALF)}

    broken = send(PHOTO[:HALF], 0, last=True, **cut)

    assert (broken.status_code, broken.json()["code"]) == (400, "malformed")
    assert state() == (204, "70", "?0")
    assert send(PHOTO[70:], 70, last=True).status_code == 201


def test_pieces_belong_to_their_sender() -> None:
    lan, other = a_person(), a_person("other", "manager")
    send(PHOTO[:HALF], 0, by=lan)

    assert state(other) == (204, "0", "?0")
    assert send(PHOTO[HALF:], HALF, last=True, by=other).status_code == 409
    assert send(PHOTO, 0, last=True, by=other).status_code == 201
    # That another has sent it all is nothing that this one may know.
    assert state(lan) == (204, str(HALF), "?0")
    assert send(PHOTO[HALF:], HALF, last=True, by=lan).status_code == 200
    assert EvidenceUpload.objects.count() == 2


def test_a_photo_that_a_visit_of_ones_own_names_is_complete_once_a_colleague_sent_it() -> None:
    lan, colleague = a_person(), a_person("colleague")
    an_inspection(lan, a_market(), digest(PHOTO))
    send(PHOTO, 0, last=True, by=colleague)

    assert state(lan) == (204, str(len(PHOTO)), "?1")


def test_what_is_refused_when_whole_is_thrown_away_and_said_to_be_whole(photos: Path) -> None:
    text = b"no picture"
    send(b"x" + PHOTO[1:HALF], 0)

    damaged = send(PHOTO[HALF:], HALF, last=True)
    no_picture = send(text, 0, last=True, of=text)
    empty = send(b"", 0, last=True, of=b"")

    assert (damaged.status_code, damaged.json()["code"]) == (422, "digest_mismatch")
    assert (no_picture.status_code, no_picture.json()["code"]) == (415, "not_an_image")
    assert (empty.status_code, empty.json()["code"]) == (400, "malformed")
    assert damaged["Upload-Complete"] == no_picture["Upload-Complete"] == "?1"
    assert stored(photos) == []
    assert state() == (204, "0", "?0")
    assert send(PHOTO, 0, last=True).status_code == 201


def test_more_than_a_photo_may_have_is_thrown_away(photos: Path, settings: Settings) -> None:
    settings.EVIDENCE_LIMIT = len(PHOTO) - 1
    send(PHOTO[:HALF], 0)

    refused = send(PHOTO[HALF:], HALF, last=True)

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert refused["Upload-Limit"] == f"max-size={len(PHOTO) - 1}"
    assert stored(photos) == []


def test_after_an_outage_the_last_piece_need_not_be_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise StorageUnavailable(headers={"Retry-After": "10"})

    monkeypatch.setattr(lifecycle, "receive", fail)
    refused = send(PHOTO, 0, last=True)
    monkeypatch.undo()

    assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
    assert "Upload-Complete" not in refused
    assert state() == (204, str(len(PHOTO)), "?0")
    assert send(b"", len(PHOTO), last=True).status_code == 201


def test_whoever_comes_while_another_adds_is_asked_to_come_back() -> None:
    lan = a_person()
    send(PHOTO[:HALF], 0)

    with uploads._opened(uploads._path(digest(PHOTO), lan)):
        answers = [send(PHOTO[HALF:], HALF, last=True), api_as(lan).head(address())]

    for answer in answers:
        assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert send(PHOTO[HALF:], HALF, last=True).status_code == 201


def test_an_upload_that_ended_while_one_waited_for_it_is_not_added_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = uploads._path(digest(PHOTO), a_person())
    path.write_bytes(PHOTO[:HALF])
    monkeypatch.setattr("fcntl.flock", lambda *_: path.unlink())

    assert send(PHOTO[HALF:], HALF, last=True).status_code == 503
    monkeypatch.undo()

    assert state() == (204, "0", "?0")


def test_ten_are_begun_and_then_the_oldest_goes(photos: Path) -> None:
    lan, other = a_person(), a_person("other")
    begun = [picture("PNG", seed=seed) for seed in range(11)]
    send(begun[0][:50], 0, of=begun[0], by=other)
    for age, data in enumerate(begun[:10]):
        send(data[:50], 0, of=data, by=lan)
        os.utime(uploads._path(digest(data), lan), (time.time() - 1000 + age,) * 2)
    send(begun[0][50:60], 50, of=begun[0], by=lan)

    send(begun[10][:50], 0, of=begun[10], by=lan)

    offsets = [state(lan, data)[1] for data in begun]
    assert offsets == ["60", "0", *["50"] * 9]
    assert state(other, begun[0])[1] == "50"


def test_pieces_without_a_successor_go_after_a_day(photos: Path) -> None:
    lan = a_person()
    old, young = picture("PNG", seed=1), picture("PNG", seed=2)
    for data, age_s in ((old, 25 * 3600), (young, 23 * 3600)):
        send(data[:50], 0, of=data)
        os.utime(uploads._path(digest(data), lan), (time.time() - age_s,) * 2)

    storage.sweep(photos / "incoming")

    assert (state(lan, old)[1], state(lan, young)[1]) == ("0", "50")


def test_pieces_for_a_bucket_are_kept_on_the_machine(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    bucket = ObjectStore("photos", None, "us-east-1", "key", "secret", path_style=True)
    settings.STORAGES = settings.STORAGES | {"evidence": configuration(bucket, tmp_path / "photos")}
    with mock_aws():
        storages["evidence"].connection.create_bucket(Bucket="photos")  # type: ignore[attr-defined]
        send(PHOTO[:HALF], 0)
        assert len(list((tmp_path / "incoming").iterdir())) == 1

        assert send(PHOTO[HALF:], HALF, last=True).status_code == 201

    assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("offset", "complete"),
    [
        (None, "?0"), ("0", None), ("", "?0"), ("-1", "?0"), ("0x0", "?0"), ("٠", "?0"),
        ("1" * 16, "?0"), ("0;a=1", "?0"), ("0", "1"), ("0", "true"), ("0", "?2"), ("0", "?1, ?0"),
    ],
)  # fmt: skip
def test_headers_that_say_nothing_are_malformed(
    photos: Path, offset: str | None, complete: str | None
) -> None:
    given = {"Upload-Offset": offset, "Upload-Complete": complete}
    headers = {name: value for name, value in given.items() if value is not None}

    answer = api_as(a_person()).patch(address(), PHOTO, content_type=PIECE, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert stored(photos) == []


@pytest.mark.parametrize("kind", ["image/jpeg", "application/json", "application/partial-up"])
def test_a_piece_is_called_one(kind: str) -> None:
    answer = send(PHOTO, 0, content_type=kind)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_nobody_sends_pieces_without_signing_in(photos: Path) -> None:
    headers = {"Upload-Offset": "0", "Upload-Complete": "?1"}

    assert (
        APIClient().patch(address(), PHOTO, content_type=PIECE, headers=headers).status_code == 401
    )
    assert APIClient().head(address()).status_code == 401
    assert stored(photos) == []
    assert not Evidence.objects.exists()
