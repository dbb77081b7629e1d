"""``manage.py backup``: a consistent copy of everything, taken while the service runs."""

import io
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from backend.operations.backups import databases, files, layout, marks
from backend.operations.backups.layout import BackupTrouble, Layout, Manifest
from inspections.evidence.errors import FileDamaged
from inspections.evidence.storage import store

KEY_FOLDERS = ("secrets", "pki")


def make(root: Path) -> str:
    """Add a snapshot to the backup folder ``root`` and return its name.

    The database is copied first and the files afterwards: a row is written only after its file
    is durable, so every file that the copied rows name is there by then. A snapshot appears
    whole, by the renaming of its folder; BackupTrouble leaves none.
    """
    target = Layout(root)
    moment = timezone.now()
    name = layout.snapshot_name(moment)
    draft = target.snapshots / f".{name}.part"
    draft.mkdir(mode=0o700, parents=True)
    try:
        _fill(draft, target, name, moment)
    except BaseException:
        # A copy of the whole database each night would fill the disk.
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(target.snapshots / name)
    files.sync_folder(target.snapshots)
    marks.set_now()
    return name


def _fill(draft: Path, target: Layout, name: str, moment: datetime) -> None:
    database = databases.dump(draft)
    manifest = Manifest(
        format=layout.FORMAT,
        made_at=moment.isoformat(),
        database=database.name,
        database_sha256=files.sha256(database),
        files={alias: _copy_contents(alias, target) for alias in layout.STORES},
    )
    files.write_durably(draft / layout.MANIFEST, manifest.dumps())
    _copy_keys(target.keys(name))


def _copy_contents(alias: str, target: Layout) -> dict[str, int]:
    """Copy what the folder does not hold yet; every copied byte is checked against its name."""
    source, copied, damaged = store(alias), {}, []
    for sha256, size in layout.contents(alias):
        path = target.content(alias, sha256)
        copied[sha256] = size
        if path.is_file() and path.stat().st_size == size:
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with source.open(sha256, size) as file:
                files.write_durably(path, files.chunks(file), expected=sha256)
        except (FileDamaged, files.Damaged):
            damaged.append(sha256)
    if damaged:
        raise BackupTrouble(f"{alias}: missing or damaged in the store: {', '.join(damaged)}")
    return copied


def _copy_keys(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for folder in KEY_FOLDERS:
            if (source := Path(settings.DATA_DIR) / folder).is_dir():
                archive.add(source, arcname=folder)
    files.write_durably(path, buffer.getvalue())
