"""Files in an S3-compatible bucket, for more than one machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from inspections.evidence.errors import StorageUnavailable

RETRY_AFTER_S = 30
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
# Somebody else has put, or is just putting, the same content under this key.
_PRESENT = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


class Bucket:
    """A place in the bucket that a django-storages S3Storage is configured for."""

    def __init__(self, storage: S3Storage) -> None:
        self._storage = storage

    @property
    def scratch(self) -> Path:
        return Path(settings.DATA_DIR) / "incoming"

    def keep(self, source: Path, key: str) -> None:
        with source.open("rb") as body, _outages(_PRESENT):
            self._client.put_object(**self._where(key), Body=body, IfNoneMatch="*")
            return
        if self.size(key) != source.stat().st_size:
            raise _unavailable()

    def size(self, key: str) -> int | None:
        with _outages(_ABSENT):
            return int(self._client.head_object(**self._where(key))["ContentLength"])
        return None

    def open(self, key: str) -> BinaryIO:
        with _outages(_ABSENT):
            return cast("BinaryIO", self._client.get_object(**self._where(key))["Body"])
        raise FileNotFoundError(key)

    @property
    def _client(self) -> Any:
        return self._storage.connection.meta.client

    def _where(self, key: str) -> dict[str, str]:
        prefix = self._storage.location.strip("/")
        return {
            "Bucket": self._storage.bucket_name,
            "Key": f"{prefix}/{key}" if prefix else key,
        }


@contextmanager
def _outages(expected: frozenset[str]) -> Iterator[None]:
    """Swallow the ``expected`` answers; any other failure of the object store is an outage."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in expected:
            raise _unavailable() from error
    except BotoCoreError as error:
        raise _unavailable() from error


def _unavailable() -> StorageUnavailable:
    return StorageUnavailable(headers={"Retry-After": str(RETRY_AFTER_S)})
