"""``manage.py restore``: put a snapshot into an empty installation."""

import tarfile
from pathlib import Path

from django.conf import settings

from backend.operations.backups import databases, files, layout
from backend.operations.backups.layout import BackupTrouble, Layout, Manifest
from backend.operations.backups.make import KEY_FOLDERS
from inspections.evidence.storage import store


def restore(root: Path, snapshot: str = "", keys: Path | None = None) -> str:
    """Restore ``snapshot`` (the newest without a name) and return its name.

    Everything is checked against its digest before the database is touched, which comes last:
    what was interrupted has no database, and can simply be repeated into the same place.
    Without a key archive the installation makes keys of its own.
    """
    source = Layout(root)
    name = snapshot or source.newest()
    manifest = source.manifest(name)
    if not databases.is_empty():
        raise BackupTrouble("the database is not empty; restore into a new one")
    database = source.snapshots / name / manifest.database
    if files.sha256(database) != manifest.database_sha256:
        raise BackupTrouble(f"{database} is damaged")
    for alias in layout.STORES:
        _put_back(alias, source, manifest)
    archive = keys or source.keys(name)
    if archive.is_file():
        put_back_keys(archive)
    databases.load(database)
    return name


def _put_back(alias: str, source: Layout, manifest: Manifest) -> None:
    target = store(alias)
    for sha256 in manifest.files[alias]:
        path = source.content(alias, sha256)
        with target.receive() as incoming, path.open("rb") as file:
            for chunk in files.chunks(file):
                incoming.write(chunk)
            if incoming.sha256 != sha256:
                raise BackupTrouble(f"{path} is damaged")
            incoming.keep()


def put_back_keys(archive: Path) -> None:
    """Secrets of a development machine are replaced; a signing key of another place is not.

    Files and folders get the modes that they had. Raises BackupTrouble.
    """
    try:
        with tarfile.open(archive) as content:
            for member in content:
                _check_key(archive, content, member)
            content.extractall(settings.DATA_DIR, filter=_as_it_was)  # noqa: S202 (filtered)
    except tarfile.TarError as error:
        raise BackupTrouble(f"{archive} is no key archive") from error


def _check_key(archive: Path, content: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    folder = member.name.partition("/")[0]
    if folder not in KEY_FOLDERS:
        raise BackupTrouble(f"{archive} is no key archive")
    present = Path(settings.DATA_DIR, member.name)
    packed = content.extractfile(member)
    if packed is None or folder != "pki" or not present.is_file():
        return
    if present.read_bytes() != packed.read():
        raise BackupTrouble(f"{present} is another key; restore into a new DATA_DIR")


def _as_it_was(member: tarfile.TarInfo, target: str) -> tarfile.TarInfo:
    """Python's filter for archives that one does not trust gives folders the mode of the day."""
    kept = tarfile.data_filter(member, target)
    return kept.replace(mode=member.mode & 0o755, deep=False) if member.isdir() else kept
