"""The content-addressed store: the same promises in a folder and in a bucket."""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from storages.backends.s3 import S3Storage

from inspections.evidence import storage
from inspections.evidence.errors import FileDamaged, StorageUnavailable
from inspections.evidence.s3 import Bucket
from inspections.evidence.storage import Folder, Store

DATA = b"signed bytes"
DIGEST = hashlib.sha256(DATA).hexdigest()


def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    monkeypatch.setattr("django.conf.settings.DATA_DIR", tmp_path)
    configured = S3Storage(
        bucket_name="photos",
        access_key="test",
        secret_key="test",
        region_name="us-east-1",
        location="site/",
    )
    configured.connection.create_bucket(Bucket="photos")
    return Bucket(configured)


@pytest.fixture(params=["folder", "bucket"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    if request.param == "folder":
        yield Store(Folder(tmp_path / "photos"))
        return
    with mock_aws():
        yield Store(bucket(tmp_path, monkeypatch))


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_what_was_put_is_read_by_its_digest(store: Store) -> None:
    assert store.put(DATA) == DIGEST

    assert store.exists(DIGEST)
    assert store.size(DIGEST) == len(DATA)
    assert store.read(DIGEST, len(DATA)) == DATA


def test_putting_again_changes_nothing(store: Store) -> None:
    store.put(DATA)

    assert store.put(DATA) == DIGEST
    assert store.read(DIGEST, len(DATA)) == DATA


def test_a_file_of_another_length_is_not_handed_out(store: Store) -> None:
    store.put(DATA)

    with pytest.raises(FileDamaged):
        store.read(DIGEST, len(DATA) + 1)
    with pytest.raises(FileDamaged):
        store.open("0" * 64, 5)
    assert not store.exists("0" * 64)


def test_what_was_derived_lies_beside_the_content(store: Store) -> None:
    assert store.read_derived("shown", DIGEST) is None

    store.put_derived("shown", DIGEST, b"smaller")

    assert store.read_derived("shown", DIGEST) == b"smaller"
    assert not store.exists(DIGEST)


def test_what_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    with Store(Folder(tmp_path)).receive() as incoming:
        incoming.write(DATA)
        assert len(files(tmp_path)) == 1

    assert files(tmp_path) == []


def test_the_address_is_the_digest_and_only_the_owner_may_read(tmp_path: Path) -> None:
    Store(Folder(tmp_path / "photos")).put(DATA)

    path = tmp_path / "photos" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert files(tmp_path / "photos") == [str(path.relative_to(tmp_path / "photos"))]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_file_and_every_new_folder_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    Store(Folder(tmp_path / "photos")).put(DATA)

    file = next(name for name in synced if name.endswith(".part"))
    # After the file itself: the new folders, outermost first, and the one that names the file.
    assert synced[synced.index(file) :] == [file, tmp_path.name, "photos", DIGEST[:2], DIGEST[2:4]]


def test_a_failed_sync_is_an_outage_and_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(Folder(tmp_path))
    store.put(b"makes the folders")
    calls: list[int] = []

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StorageUnavailable) as refused:
        store.put(DATA)

    assert len(calls) == 1
    assert "Retry-After" in refused.value.headers
    assert not store.exists(DIGEST)


def test_leavings_of_killed_processes_go_after_a_day(tmp_path: Path) -> None:
    left, arriving = tmp_path / "left.part", tmp_path / "arriving.part"
    for path, age_s in ((left, 25 * 3600), (arriving, 3600)):
        path.touch()
        os.utime(path, (time.time() - age_s,) * 2)

    storage.sweep(tmp_path)

    assert not left.exists()
    assert arriving.exists()


def test_a_bucket_never_replaces_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_aws():
        place = bucket(tmp_path, monkeypatch)
        Store(place).put(DATA)
        client = place._client
        sent: list[dict[str, Any]] = []
        client.meta.events.register(
            "before-call.s3.PutObject", lambda params, **_: sent.append(params["headers"])
        )

        Store(place).put(DATA)

        assert [headers["If-None-Match"] for headers in sent] == ["*"]
        keys = [item["Key"] for item in client.list_objects_v2(Bucket="photos")["Contents"]]
        assert keys == [f"site/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"]


def test_an_absent_bucket_is_an_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        place = bucket(tmp_path, monkeypatch)
        place._client.delete_bucket(Bucket="photos")

        with pytest.raises(StorageUnavailable):
            Store(place).put(DATA)
