"""`backup` and `restore`: whole while others write, complete elsewhere, refused when damaged."""

import hashlib
import io
import json
import os
import shutil
import tarfile
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.operations.backups import databases, make, restore
from backend.operations.backups.layout import BackupTrouble
from inspections.demo.own_server import OwnServer, ServerFailedError
from tests.live import Live, live_server, new_database, photo, visit


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup folder, and the numbers that had been given when it was begun."""

    folder: Path
    numbers: list[str]
    said: str


def issue(live: Live, seed: int) -> str:
    """A whole inspection with a photo of its own, up to the signed file; its number."""
    phone, body = live.person("inspector"), visit(photo(seed))
    number = str(phone.submit(body).json()["number"])
    phone.put_photo(photo(seed), "image/png")
    assert phone.wait_for_record(body["id"]).status == 200
    return number


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Made while an inspector keeps submitting; the server it came from is gone."""
    folder = tmp_path_factory.mktemp("backup")
    with live_server(tmp_path_factory.mktemp("origin")) as live:
        numbers = [issue(live, seed) for seed in (1, 2)]
        stop = threading.Event()

        def keep_submitting() -> None:
            phone, seed = live.person("inspector"), 10
            while not stop.is_set():
                phone.submit(visit(photo(seed)))
                phone.put_photo(photo(seed), "image/png")
                seed += 1

        writer = threading.Thread(target=keep_submitting)
        writer.start()
        said = live.server.run("backup", str(folder))
        stop.set()
        writer.join()
        assert json.loads(live.person("inspector").get("/readyz").body)["last_backup_age_s"] < 60
        yield Kept(folder, numbers, said)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[OwnServer]:
    """An empty installation: a new folder and a new database."""
    server_url = os.environ.get("TEST_DATABASE_URL", "")
    with new_database(server_url) if server_url else nullcontext("") as url:
        server = OwnServer(tmp_path / "elsewhere", {"DATABASE_URL": url})
        server.folder.mkdir()
        yield server
        server.stop()


def snapshot(folder: Path) -> Path:
    [found] = (folder / "snapshots").iterdir()
    return found


def copy(kept: Kept, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept.folder, tmp_path / "copy"))


def test_a_restored_service_has_every_record_and_continues_the_numbers(
    kept: Kept, elsewhere: OwnServer
) -> None:
    elsewhere.run("restore", str(kept.folder))
    assert (elsewhere.folder / "pki" / "signing.p12").stat().st_mode & 0o077 == 0
    elsewhere.prepare().start()
    live = Live(elsewhere)
    department = live.person("department")
    found = department.get("inspections/?page_size=200").json()["results"]
    given = sorted(int(row["number"].split("/")[0]) for row in found)
    assert given == list(range(1, len(given) + 1))
    assert {row["number"] for row in found} >= set(kept.numbers)

    for row in found:
        if row["number"] not in kept.numbers:
            continue
        pdf = department.get(f"inspections/{row['id']}/record.pdf")
        assert pdf.status == 200
        record = department.get(f"inspections/{row['id']}/record/").json()
        assert hashlib.sha256(pdf.body).hexdigest() == record["file_sha256"]
        verdict = department.send(
            "POST", "public/verify/", pdf.body, {"Content-Type": "application/pdf"}
        )
        assert (verdict.status, verdict.json()["verdict"]) == (200, "genuine")

    assert issue(live, 5000).split("/")[0] == f"{len(given) + 1:02}"
    assert "Whole" in elsewhere.run("verify_audit")


def test_a_snapshot_is_private_and_holds_no_keys(kept: Kept) -> None:
    files = [path for path in kept.folder.rglob("*") if path.is_file()]
    assert {oct(path.stat().st_mode & 0o077) for path in files} == {"0o0"}
    [archive] = (kept.folder / "keys").iterdir()
    assert str(archive) in kept.said
    with tarfile.open(archive) as content:
        names = content.getnames()
        passphrase = content.extractfile("pki/signing.passphrase")
        assert passphrase is not None
        secret = passphrase.read()
    assert {"secrets/secret_key", "secrets/jwt_signing_key", "pki/signing.p12"} <= set(names)
    assert not any(secret in path.read_bytes() for path in files if path != archive)


def test_without_the_keys_a_restored_service_makes_its_own(
    kept: Kept, elsewhere: OwnServer, tmp_path: Path
) -> None:
    folder = copy(kept, tmp_path)
    shutil.rmtree(folder / "keys")
    elsewhere.run("restore", str(folder))
    elsewhere.prepare().start()
    assert Live(elsewhere).person("inspector").get("auth/me/").status == 200


def test_only_an_empty_place_is_restored_into(kept: Kept, elsewhere: OwnServer) -> None:
    elsewhere.prepare()
    with pytest.raises(ServerFailedError, match="not empty"):
        elsewhere.run("restore", str(kept.folder))


def test_the_signing_key_of_another_place_is_not_overwritten(
    kept: Kept, elsewhere: OwnServer
) -> None:
    (elsewhere.folder / "pki").mkdir()
    (elsewhere.folder / "pki" / "signing.p12").write_bytes(b"another key")
    with pytest.raises(ServerFailedError, match="is another key"):
        elsewhere.run("restore", str(kept.folder))
    assert (elsewhere.folder / "pki" / "signing.p12").read_bytes() == b"another key"


@pytest.mark.parametrize("what", ["snapshots/*/database.*", "evidence/*/*/*", "records/*/*/*"])
def test_a_damaged_backup_is_refused_before_the_database_is_touched(
    kept: Kept, elsewhere: OwnServer, tmp_path: Path, what: str
) -> None:
    folder = copy(kept, tmp_path)
    victim = next(path for path in sorted(folder.glob(what)))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    with pytest.raises(ServerFailedError, match="is damaged"):
        elsewhere.run("restore", str(folder))
    elsewhere.run("restore", str(kept.folder))  # what was interrupted is simply repeated


def test_an_unfinished_snapshot_is_none(elsewhere: OwnServer, kept: Kept, tmp_path: Path) -> None:
    folder = copy(kept, tmp_path)
    (snapshot(folder) / "manifest.json").unlink()
    with pytest.raises(ServerFailedError, match="no snapshot"):
        elsewhere.run("restore", str(folder))


def test_a_second_backup_copies_only_what_is_new_and_a_lost_photo_is_noticed(
    tmp_path: Path,
) -> None:
    with live_server(tmp_path / "origin") as live:
        issue(live, 1)
        backup = tmp_path / "backup"
        live.server.run("backup", str(backup))
        before = {path: path.stat().st_mtime_ns for path in (backup / "evidence").rglob("*")}
        issue(live, 2)
        live.server.run("backup", str(backup))
        after = {path: path.stat().st_mtime_ns for path in (backup / "evidence").rglob("*")}
        files = {path for path in after if path.is_file()}
        assert {path for path in before if path.is_file()} < files
        assert all(after[path] == before[path] for path in before if path.is_file())
        assert len(list((backup / "snapshots").iterdir())) == 2

        issue(live, 3)
        lost = hashlib.sha256(photo(3)).hexdigest()
        (live.server.folder / "photos" / lost[:2] / lost[2:4] / lost).unlink()
        with pytest.raises(ServerFailedError, match=lost):
            live.server.run("backup", str(backup))
        assert len(list((backup / "snapshots").glob("2*"))) == 2


def test_a_backup_that_fails_leaves_no_copy_of_the_database(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dump(folder: Path) -> Path:
        (folder / "database").write_bytes(b"everything")
        raise BackupTrouble("the disk is full")

    monkeypatch.setattr(databases, "dump", dump)

    with pytest.raises(BackupTrouble):
        make.make(tmp_path)

    assert not list((tmp_path / "snapshots").iterdir())


def key_archive(path: Path, *members: tuple[str, bytes | None, int]) -> Path:
    """``members``: name, content (None for a folder), mode."""
    with tarfile.open(path, "w") as archive:
        for name, content, mode in members:
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            member.size, member.mode = len(content or b""), mode
            archive.addfile(member, io.BytesIO(content or b""))
    return path


KEYS = (
    ("secrets", None, 0o700),
    ("secrets/pki_secret", b"of there", 0o600),
    ("pki", None, 0o700),
    ("pki/signing.p12", b"key", 0o600),
    ("pki/signing-ca.pem", b"certificate", 0o644),
    ("pki/former", None, 0o750),
)


def test_keys_come_back_with_the_modes_that_they_had(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    (tmp_path / "data" / "secrets").mkdir(parents=True, mode=0o755)
    mask = os.umask(0o022)
    try:
        restore.put_back_keys(key_archive(tmp_path / "keys.tar", *KEYS))
    finally:
        os.umask(mask)

    found = {name: (tmp_path / "data" / name).stat().st_mode & 0o777 for name, _, _ in KEYS}
    assert found == {name: mode for name, _, mode in KEYS}


def test_only_what_lies_in_the_folder_pki_is_a_signing_key(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "secrets").mkdir()
    secret = tmp_path / "secrets" / "pki_secret"
    secret.write_bytes(b"made here")
    restore.put_back_keys(key_archive(tmp_path / "keys.tar", *KEYS))
    assert secret.read_bytes() == b"of there"

    (tmp_path / "pki" / "signing.p12").write_bytes(b"another")
    with pytest.raises(BackupTrouble, match="is another key"):
        restore.put_back_keys(tmp_path / "keys.tar")


@pytest.mark.parametrize("name", ["pkix/key", "photos/secrets", "pki/../../key", "/pki/key"])
def test_another_archive_is_no_key_archive(tmp_path: Path, settings: Any, name: str) -> None:
    settings.DATA_DIR = tmp_path / "data"
    archive = key_archive(tmp_path / "keys.tar", (name, b"key", 0o600))
    with pytest.raises(BackupTrouble, match="is no key archive"):
        restore.put_back_keys(archive)
    assert not list((tmp_path / "data").glob("**/*key*"))
