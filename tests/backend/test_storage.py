"""Where photos and records lie: a folder, or a bucket that need not be Amazon's."""

from pathlib import Path
from typing import Any

from django.core.files.storage import storages

from backend import storage
from backend.env import ObjectStore
from inspections.evidence.s3 import Bucket

STORE = ObjectStore(
    bucket="inspections",
    endpoint_url="https://s3.example.vn",
    region="vn-1",
    access_key="key",
    secret_key="secret",
    path_style=True,
)


def built(store: ObjectStore | None, folder: Path) -> Any:
    """The storage as Django makes it of the entry."""
    return storages.create_storage(storage.configuration(store, folder))


def test_without_a_bucket_files_lie_in_their_folder_and_only_the_owner_reads(
    tmp_path: Path,
) -> None:
    found = built(None, tmp_path / "photos")
    assert found.location == str(tmp_path / "photos")
    assert found.file_permissions_mode == 0o600


def test_in_a_bucket_each_store_has_a_prefix_of_its_own() -> None:
    photos, records = (built(STORE, Path("data") / name) for name in ("photos", "records"))
    assert (photos.bucket_name, photos.location) == ("inspections", "photos")
    assert records.location == "records"


def test_the_client_asks_for_nothing_that_other_servers_lack() -> None:
    config = Bucket(built(STORE, Path("photos")))._client.meta.config
    assert config.s3["addressing_style"] == "path"
    assert config.signature_version == "s3v4"
    assert config.request_checksum_calculation == "when_required"
    assert config.response_checksum_validation == "when_required"
