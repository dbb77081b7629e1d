"""What a backup folder looks like.

::

    evidence/ab/cd/<sha256>    photos, shared by all snapshots of the folder: content never changes
    records/ab/cd/<sha256>     signed files, likewise
    snapshots/<moment>/        one backup: the database and manifest.json
    keys/<moment>.tar          secrets and signing keys of DATA_DIR: to be kept elsewhere
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from inspections.evidence.models import Evidence
from inspections.evidence.storage import address
from inspections.records.models import Record

FORMAT = 1
MANIFEST = "manifest.json"
STORES = ("evidence", "records")


class BackupTrouble(RuntimeError):
    """A backup that cannot be made, read or put back; the text says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files``: for each store, the size in bytes of every content by its SHA-256."""

    format: int
    made_at: str
    database: str
    database_sha256: str
    files: dict[str, dict[str, int]]

    def dumps(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Layout:
    root: Path

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    def content(self, store: str, sha256: str) -> Path:
        return self.root / store / address(sha256)

    def keys(self, snapshot: str) -> Path:
        return self.root / "keys" / f"{snapshot}.tar"

    def newest(self) -> str:
        names = sorted(path.parent.name for path in self.snapshots.glob(f"2*/{MANIFEST}"))
        if not names:
            raise BackupTrouble(f"no snapshot in {self.root}")
        return names[-1]

    def manifest(self, snapshot: str) -> Manifest:
        try:
            document = json.loads((self.snapshots / snapshot / MANIFEST).read_text())
            manifest = Manifest(**document)
        except (OSError, ValueError, TypeError) as error:
            raise BackupTrouble(f"snapshot {snapshot} has no readable manifest") from error
        if manifest.format != FORMAT:
            raise BackupTrouble(f"snapshot {snapshot} has the unknown format {manifest.format}")
        return manifest


def snapshot_name(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")


def contents(store: str) -> list[tuple[str, int]]:
    """Digest and size of every file that the database names at this moment.

    A list: an open cursor would keep the writers of SQLite waiting while files are copied.
    """
    if store == "evidence":
        return list(Evidence.objects.order_by().values_list("sha256", "size_bytes"))
    signed = Record.objects.filter(size_bytes__isnull=False).order_by()
    return [(sha256, size or 0) for sha256, size in signed.values_list("file_sha256", "size_bytes")]
