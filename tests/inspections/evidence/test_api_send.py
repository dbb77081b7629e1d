"""PUT /api/v1/evidence/{sha256}/"""

import logging
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from backend.accounts.current import Person
from backend.audit.models import AuditEntry
from inspections.evidence import lifecycle
from inspections.evidence.models import Evidence, EvidenceUpload
from tests.inspections.evidence.pictures import animated, digest, picture, png_of_size
from tests.inspections.evidence.visits import a_person, api_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("photos")]

PHOTO = picture()


def send(data: bytes, sha256: str = "", *, by: Person | None = None, **extra: Any) -> Any:
    kind = extra.pop("content_type", "image/jpeg")
    path = f"/api/v1/evidence/{sha256 or digest(data)}/"
    return api_as(by or a_person()).put(path, data, content_type=kind, **extra)


def stored(photos: Path) -> list[str]:
    return sorted(path.name for path in photos.rglob("*") if path.is_file())


def test_a_photo_is_new_once_and_known_ever_after(photos: Path) -> None:
    first, again = send(PHOTO), send(PHOTO)

    assert (first.status_code, again.status_code) == (201, 200)
    body = first.json()
    assert body == again.json()
    assert body.pop("received_at")
    assert body == {
        "sha256": digest(PHOTO),
        "media_type": "image/jpeg",
        "size_bytes": len(PHOTO),
        "width": 48,
        "height": 32,
    }
    assert stored(photos) == [digest(PHOTO)]
    assert (photos / digest(PHOTO)[:2] / digest(PHOTO)[2:4] / digest(PHOTO)).read_bytes() == PHOTO
    assert list(AuditEntry.objects.values_list("action", "subject", "actor")) == [
        ("evidence.received", f"evidence:{digest(PHOTO)}", "lan")
    ]


@pytest.mark.parametrize("role", ["inspector", "manager", "department"])
def test_every_role_may_send(role: str) -> None:
    assert send(PHOTO, by=a_person("someone", role)).status_code == 201


def test_nobody_sends_without_signing_in(photos: Path) -> None:
    response = (
        api_as(a_person())
        .__class__()
        .put(f"/api/v1/evidence/{digest(PHOTO)}/", PHOTO, content_type="image/jpeg")
    )

    assert response.status_code == 401
    assert stored(photos) == []


def test_a_jpeg_of_several_pictures_is_a_jpeg() -> None:
    response = send(animated("MPO"))

    assert (response.status_code, response.json()["media_type"]) == (201, "image/jpeg")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_kind_is_what_the_bytes_are_and_not_what_the_label_says(kind: str) -> None:
    response = send(picture(kind), content_type="image/jpeg")

    assert response.json()["media_type"] == f"image/{kind.lower()}"


def test_a_second_sender_becomes_a_reader_by_sending_the_bytes() -> None:
    send(PHOTO)
    other = a_person("other", "manager")

    assert send(PHOTO[:-1], digest(PHOTO), by=other).status_code == 422
    assert not EvidenceUpload.objects.filter(sender_id=other.id).exists()
    assert send(PHOTO, by=other).status_code == 200
    assert EvidenceUpload.objects.filter(sender_id=other.id).exists()
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "sha256", "status", "code"),
    [
        pytest.param(PHOTO, "0" * 64, 422, "digest_mismatch", id="other digest"),
        pytest.param(PHOTO[:99], digest(PHOTO), 422, "digest_mismatch", id="cut on the way"),
        pytest.param(PHOTO[:99], "", 415, "not_an_image", id="cut before"),
        pytest.param(b"x", "", 415, "not_an_image", id="one byte"),
        pytest.param(b"<html></html>", "", 415, "not_an_image", id="a page"),
        pytest.param(animated("PNG"), "", 415, "not_an_image", id="animated"),
        pytest.param(png_of_size(13_377, 13_377), "", 413, "too_large", id="pixels"),
        pytest.param(b"", "", 400, "malformed", id="empty"),
        pytest.param(PHOTO + bytes(10 * 2**20), "", 413, "too_large", id="bytes"),
    ],
)
def test_what_is_refused_leaves_nothing(
    photos: Path, data: bytes, sha256: str, status: int, code: str
) -> None:
    response = send(data, sha256)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert stored(photos) == []
    assert not Evidence.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "kind",
    ["image/gif", "text/plain", "application/json", "multipart/form-data", "image/", "a" * 5000],
)
def test_other_content_types_are_refused(kind: str) -> None:
    response = send(PHOTO, content_type=kind)

    assert (response.status_code, response.json()["code"]) == (415, "not_an_image")


@pytest.mark.parametrize(
    "sha256",
    ["0" * 63, "0" * 65, digest(PHOTO).upper(), "g" * 64, "../" * 20, "missing", "%00"],
    ids=lambda sha256: sha256[:20] + str(len(sha256)),
)
def test_what_is_no_digest_is_no_address(sha256: str) -> None:
    response = api_as(a_person()).put(
        f"/api/v1/evidence/{sha256}/", PHOTO, content_type="image/jpeg"
    )

    assert response.status_code in {404, 405}
    assert response["Content-Type"] == "application/problem+json"


def test_a_photo_of_exactly_ten_mebibytes_is_taken() -> None:
    data = PHOTO + bytes(10 * 2**20 - len(PHOTO))

    assert send(data).status_code == 201
    assert send(data + b"x").status_code == 413


def test_a_body_that_ends_too_early_is_incomplete(photos: Path) -> None:
    cut: dict[str, Any] = {"wsgi.input": BytesIO(PHOTO[:-1]), "CONTENT_LENGTH": str(len(PHOTO))}
    response = send(PHOTO, **cut)

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert stored(photos) == []


def test_the_body_never_lies_in_memory_as_a_whole(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert send(PHOTO).status_code == 201


def test_an_unknown_parameter_is_refused() -> None:
    response = api_as(a_person()).put(
        f"/api/v1/evidence/{digest(PHOTO)}/?overwrite=1", PHOTO, content_type="image/jpeg"
    )

    assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")


def test_the_row_comes_after_the_file(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the two there is a file without a row, and sending again mends that."""

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(lifecycle, "_register", die)
    with pytest.raises(Killed):
        send(PHOTO)
    monkeypatch.undo()

    assert stored(photos) == [digest(PHOTO)]
    assert not Evidence.objects.exists()
    assert send(PHOTO).status_code == 201


def test_a_lost_or_damaged_file_is_healed_by_sending_it_again(photos: Path) -> None:
    send(PHOTO)
    path = photos / digest(PHOTO)[:2] / digest(PHOTO)[2:4] / digest(PHOTO)
    path.write_bytes(PHOTO[:10])

    assert send(PHOTO).status_code == 200
    assert path.read_bytes() == PHOTO


def test_a_failing_disk_is_an_outage(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fsync(_: int) -> None:
        raise OSError(5, "Input/output error")

    caplog.set_level(logging.CRITICAL + 1)
    monkeypatch.setattr("os.fsync", fsync)
    response = send(PHOTO)

    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
    assert response["Retry-After"]
    assert not Evidence.objects.exists()


def test_a_full_disk_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fsync(_: int) -> None:
        raise OSError(28, "No space left on device")

    caplog.set_level(logging.CRITICAL + 1)
    monkeypatch.setattr("os.fsync", fsync)

    assert send(PHOTO).status_code == 507


def test_sending_costs_the_same_for_any_photo() -> None:
    def queries(data: bytes) -> int:
        with CaptureQueriesContext(connection) as captured:
            send(data)
        return len(captured)

    a_person()
    send(PHOTO)
    small, large = queries(picture(seed=1)), queries(picture(size=(1600, 1200), seed=2))

    assert small == large
    assert queries(PHOTO) < small


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_make_one_file_and_one_row(photos: Path) -> None:
    by = a_person()
    statuses = at_once(50, lambda: send(PHOTO, by=by).status_code)

    assert sorted(statuses) == [200] * 49 + [201]
    assert stored(photos) == [digest(PHOTO)]
    assert Evidence.objects.count() == 1
    assert EvidenceUpload.objects.count() == 1
    assert AuditEntry.objects.filter(action="evidence.received").count() == 1


def at_once(count: int, call: Callable[[], Any]) -> list[Any]:
    results: list[Any] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            results.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
