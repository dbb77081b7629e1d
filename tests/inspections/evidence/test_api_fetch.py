"""GET and HEAD /api/v1/evidence/{sha256}/, GET its thumbnail/, POST /api/v1/evidence/missing/"""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from moto import mock_aws
from PIL import Image
from pytest_django import Settings
from rest_framework.test import APIClient

from backend.accounts.current import Person
from backend.env import ObjectStore
from backend.storage import configuration
from inspections.evidence import lifecycle
from tests.inspections.evidence.pictures import SECRET, digest, picture, telling
from tests.inspections.evidence.visits import a_market, a_person, an_inspection, api_as, appoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("photos")]

PHOTO = telling("JPEG")
DIGEST = digest(PHOTO)
URL = f"/api/v1/evidence/{DIGEST}/"


def sent(by: Person, data: bytes = PHOTO) -> str:
    return lifecycle.receive([data], digest(data), by)[0].sha256


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def missing(by: Person, *digests: str) -> list[str]:
    response = api_as(by).post("/api/v1/evidence/missing/", {"sha256": digests}, format="json")
    assert response.status_code == 200
    return list(response.json()["missing"])


def test_the_sender_gets_what_was_sent() -> None:
    lan = a_person()
    sent(lan)

    response = api_as(lan).get(URL)

    assert response.status_code == 200
    assert body(response) == PHOTO
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(PHOTO))
    assert response["ETag"] == f'"{DIGEST}"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["Content-Disposition"] == f'attachment; filename="{DIGEST}.jpg"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_others_get_the_picture_and_nothing_that_it_tells(photos: Path) -> None:
    lan, officer = a_person(), a_person("officer", "department")
    an_inspection(lan, a_market(), sent(lan))

    first, again = api_as(officer).get(URL), api_as(officer).get(URL)

    assert (first.status_code, first["Content-Type"]) == (200, "image/jpeg")
    assert SECRET.encode() not in first.content
    assert first.content == again.content
    assert first["ETag"] != api_as(lan).get(URL)["ETag"]
    assert first["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert len(list((photos / "shown").rglob(DIGEST))) == 1


def test_a_full_disk_does_not_hide_a_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    lan, officer = a_person(), a_person("officer", "department")
    an_inspection(lan, a_market(), sent(lan))

    def fsync(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fsync)

    assert api_as(officer).get(URL).status_code == 200


def test_who_may_read_follows_from_the_inspections_that_name_it() -> None:
    lan, market = a_person(), a_market()
    own, stranger = a_person("own", "manager"), a_person("stranger", "manager")
    officer, colleague = a_person("officer", "department"), a_person("colleague")
    everybody = [lan, own, stranger, officer, colleague]
    appoint(own, market)
    appoint(stranger, a_market("PHU-THONG"))
    sent(lan)

    before = [api_as(who).get(URL).status_code for who in everybody]
    an_inspection(lan, market, DIGEST)
    after = [api_as(who).get(URL).status_code for who in everybody]

    assert before == [200, 404, 404, 404, 404]
    assert after == [200, 200, 404, 200, 200]
    for who, status in zip(everybody, after, strict=True):
        assert api_as(who).head(URL).status_code == status
        assert missing(who, DIGEST) == ([] if status == 200 else [DIGEST])


def test_a_named_photo_that_has_not_come_is_not_there() -> None:
    lan = a_person()
    an_inspection(lan, a_market(), DIGEST)

    assert api_as(lan).get(URL).status_code == 404
    assert api_as(lan).head(URL).status_code == 404
    assert missing(lan, DIGEST) == [DIGEST]


def test_nobody_reads_without_signing_in() -> None:
    sent(a_person())
    client = APIClient()

    assert client.get(URL).status_code == 401
    assert client.head(URL).status_code == 401
    assert client.post("/api/v1/evidence/missing/", {"sha256": []}).status_code == 401


@pytest.mark.parametrize("template", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_a_photo_that_the_client_has_is_not_sent_again(template: str) -> None:
    lan = a_person()
    sent(lan)

    response = api_as(lan).get(URL, HTTP_IF_NONE_MATCH=template.format(DIGEST))

    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == f'"{DIGEST}"'


def test_head_tells_what_get_would_give() -> None:
    lan, officer = a_person(), a_person("officer", "department")
    an_inspection(lan, a_market(), sent(lan))

    for who in (lan, officer):
        head, full = api_as(who).head(URL), api_as(who).get(URL)

        assert head.content == b""
        assert head["Content-Length"] == str(len(body(full)))
        for name in ("Content-Type", "ETag", "Cache-Control"):
            assert head[name] == full[name]


def test_a_picture_may_be_asked_for_by_its_kind() -> None:
    lan = a_person()
    sent(lan)

    assert api_as(lan).get(URL, HTTP_ACCEPT="image/avif,image/webp,image/*").status_code == 200
    absent = api_as(lan).get(f"/api/v1/evidence/{'0' * 64}/", HTTP_ACCEPT="image/*")
    assert (absent.status_code, absent["Content-Type"]) == (404, "application/problem+json")
    assert absent.json()["code"] == "not_found"


def test_a_damaged_file_is_not_handed_out(photos: Path) -> None:
    lan = a_person()
    sent(lan)
    (photos / DIGEST[:2] / DIGEST[2:4] / DIGEST).write_bytes(PHOTO[:-1])

    response = api_as(lan).get(URL)

    assert (response.status_code, response.json()["code"]) == (503, "file_damaged")
    assert response["Retry-After"] == "3600"


def test_photos_in_a_bucket_are_sent_and_fetched_in_the_same_way(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    bucket = ObjectStore("photos", None, "us-east-1", "key", "secret", path_style=True)
    settings.STORAGES = settings.STORAGES | {"evidence": configuration(bucket, tmp_path / "photos")}
    lan, officer = a_person(), a_person("officer", "department")
    an_inspection(lan, a_market(), DIGEST)
    with mock_aws():
        storages["evidence"].connection.create_bucket(Bucket="photos")  # type: ignore[attr-defined]
        statuses = [
            api_as(lan).put(URL, PHOTO, content_type="image/jpeg").status_code for _ in range(2)
        ]
        original, shown, again = (api_as(who).get(URL) for who in (lan, officer, officer))

        assert statuses == [201, 200]
        assert body(original) == PHOTO
        assert SECRET.encode() not in body(shown)
        assert body(again) == body(shown)
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_thumbnail_is_the_same_small_jpeg_for_everybody_who_may_see_the_photo(
    photos: Path,
) -> None:
    lan, officer, stranger = a_person(), a_person("officer", "department"), a_person("colleague")
    large = picture("PNG", (1200, 800))
    sent(lan, large)
    small = f"/api/v1/evidence/{digest(large)}/thumbnail/"

    before = [api_as(who).get(small).status_code for who in (lan, officer, stranger)]
    an_inspection(lan, a_market(), digest(large))
    own, other = api_as(lan).get(small), api_as(officer).get(small)

    assert before == [200, 404, 404]
    assert own.content == other.content
    assert Image.open(BytesIO(own.content)).size == (320, 213)
    assert own["Content-Type"] == "image/jpeg"
    assert own["ETag"] == other["ETag"] == f'"{digest(large)}-thumbnail"'
    assert own["Cache-Control"] == "private, max-age=31536000, immutable"
    assert own["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert len(list((photos / "thumbnail").rglob(digest(large)))) == 1


def test_a_thumbnail_that_the_client_has_is_not_made_or_sent_again() -> None:
    lan = a_person()
    sent(lan)

    response = api_as(lan).get(f"{URL}thumbnail/", HTTP_IF_NONE_MATCH=f'"{DIGEST}-thumbnail"')

    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"


def test_missing_keeps_the_order_and_names_each_once() -> None:
    lan = a_person()
    sent(lan)
    b, a = "b" * 64, "a" * 64

    assert missing(lan, b, DIGEST, a, b) == [b, a]
    assert missing(lan) == []


@pytest.mark.parametrize(
    "content",
    [
        {"sha256": ["0" * 63]},
        {"sha256": ["A" * 64]},
        {"sha256": ["0" * 64 + "\n"]},
        {"sha256": [5]},
        {"sha256": "0" * 64},
        {"sha256": None},
        {"sha256": ["0" * 64] * 2001},
        {"sha256": [], "other": 1},
        {},
        [],
    ],
    ids=lambda content: str(content)[:30],
)
def test_a_question_of_another_shape_is_malformed(content: object) -> None:
    response = api_as(a_person()).post("/api/v1/evidence/missing/", content, format="json")

    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_asking_costs_the_same_for_one_photo_and_for_two_thousand() -> None:
    lan = a_person()
    several = [sent(lan, picture(seed=seed)) for seed in range(20)]

    def queries(*digests: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            missing(lan, *digests)
        return len(captured)

    assert queries(several[0]) == queries(*several, *(f"{n:064x}" for n in range(1980))) == 1


def test_reading_a_photo_costs_one_query() -> None:
    lan = a_person()
    sent(lan)

    with CaptureQueriesContext(connection) as captured:
        body(api_as(lan).get(URL))

    assert len(captured) == 1
