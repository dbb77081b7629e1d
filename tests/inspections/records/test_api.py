"""Record and public verification over HTTP: what they cost, and what they do without a key"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from inspections.fieldwork.models import Inspection
from inspections.records import drawing, lifecycle
from inspections.records.models import Record
from inspections.records.rendering import pdf
from tests.inspections.evidence.pictures import digest, picture
from tests.inspections.evidence.visits import api_as
from tests.inspections.records import authorities
from tests.inspections.visits import Visits

PHOTO = picture()


def record_pdf(visits: Visits, inspection: Inspection, query: str = "") -> Any:
    path = f"/api/v1/inspections/{inspection.pk}/record.pdf{query}"
    return api_as(visits.inspector).get(path)


def provisional(visits: Visits, inspection: Inspection) -> Any:
    return record_pdf(visits, inspection, "?provisional=true")


def test_one_provisional_record_is_drawn_at_a_time(visits: Visits) -> None:
    """A large one takes seconds, and the thread that draws it answers nobody else."""
    inspection = visits.submit()

    with drawing._provisional:
        busy = provisional(visits, inspection)

    assert (busy.status_code, busy.json()["code"]) == (429, "throttled")
    assert int(busy["Retry-After"]) > 0
    assert provisional(visits, inspection).status_code == 200


def test_a_drawing_that_fails_does_not_shut_out_the_next(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = visits.submit()

    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(pdf, "render", fails)
        with pytest.raises(MemoryError):
            drawing.draw_provisional(inspection.record, [])

    assert provisional(visits, inspection).status_code == 200


# Without a key


@pytest.fixture
def lost_key(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """The path of the organisation's key, where there is none."""
    settings.SIGNING_P12 = tmp_path / "key.p12"
    settings.SIGNING_P12_PASSPHRASE = authorities.PASSPHRASE
    drawing.signer.cache_clear()
    yield settings.SIGNING_P12
    drawing.signer.cache_clear()


def make_key(folder: Path) -> None:
    authorities.key_file(folder, authorities.key(), authorities.certificate(authorities.key()))


def test_the_doors_stay_open_without_a_key_and_the_record_comes_with_it(
    visits: Visits, lost_key: Path
) -> None:
    sent = visits.document(photo=lambda _: digest(PHOTO))
    api = api_as(visits.inspector)

    submitted = api.post(f"/api/v1/inspections/{sent['id']}/submit/", sent, format="json")
    photo = api.put(f"/api/v1/evidence/{digest(PHOTO)}/", PHOTO, content_type="image/jpeg")
    [inspection] = Inspection.objects.all()

    assert (submitted.status_code, photo.status_code) == (201, 201)
    assert provisional(visits, inspection).status_code == 200
    assert record_pdf(visits, inspection).status_code == 202
    assert Record.objects.get().issue_note is None

    make_key(lost_key.parent)

    assert lifecycle.issue_waiting() == 1
    assert Record.objects.get().issue_note["test"] is False


@pytest.mark.django_db
def test_without_a_key_records_of_former_ones_are_verified_and_of_others_nothing_is_said(
    client: Client, visits: Visits, lost_key: Path, settings: Settings, tmp_path: Path
) -> None:
    make_key(lost_key.parent)
    inspection = visits.submit(photo=lambda _: digest(PHOTO))
    api_as(visits.inspector).put(
        f"/api/v1/evidence/{digest(PHOTO)}/", PHOTO, content_type="image/jpeg"
    )
    assert lifecycle.issue_waiting() == 1
    content = drawing.read(Record.objects.get(inspection=inspection))
    former = drawing.trusted_roots().certificates
    lost_key.unlink()
    drawing.signer.cache_clear()
    settings.DATA_DIR = tmp_path

    unknown = client.post("/api/v1/public/verify/", content, content_type="application/pdf")
    (tmp_path / "pki" / "former").mkdir(parents=True)
    (tmp_path / "pki" / "former" / "2025.pem").write_bytes(b"".join(former))
    known = client.post("/api/v1/public/verify/", content, content_type="application/pdf")

    assert (unknown.status_code, unknown.json()["code"]) == (503, "unavailable")
    assert int(unknown["Retry-After"]) > 0
    assert "các khóa trước đây" in unknown.json()["detail"]
    assert (known.status_code, known.json()["verdict"]) == (200, "genuine")


@pytest.mark.django_db
def test_without_a_key_what_is_no_record_is_still_told(client: Client, lost_key: Path) -> None:
    answer = client.post("/api/v1/public/verify/", b"no PDF", content_type="application/pdf")

    assert answer.json()["verdict"] == "unreadable"
