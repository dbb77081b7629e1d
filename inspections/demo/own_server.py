"""A server of our own: the product as a child process, with a folder and a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from backend.env import BASE_DIR
from inspections.demo.phone import Phone

# Nothing else of our environment reaches the child: no key, no database, no bucket.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH")
START_S = 60.0
STOP_S = 30.0
LOG = "server.log"


class ServerFailedError(RuntimeError):
    """A command failed, or the server did not become ready; the text holds what it said last."""


class OwnServer:
    """``folder`` takes everything that it writes. ``settings`` are environment variables."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            **(settings or {}),
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Also the number of its process group."""
        if self._process is None:
            raise ServerFailedError("the server does not run")
        return self._process.pid

    def prepare(self) -> Self:
        """Tables, places, checklists, demo accounts. Safe to repeat."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run("prepare")
        return self

    def run(self, *arguments: str) -> str:
        """What ``manage.py`` printed. Raises ServerFailedError when it fails."""
        finished = subprocess.run(  # noqa: S603 (our own program)
            self._command(*arguments),
            env=self._environment,
            cwd=BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = finished.stdout.decode(errors="replace")
        if finished.returncode:
            raise ServerFailedError(f"manage.py {' '.join(arguments)}:\n{said[-2000:]}")
        return said

    def start(self) -> Self:
        """Ready when this returns. Raises ServerFailedError."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                self._command("serve"),
                env=self._environment,
                cwd=BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise ServerFailedError(f"the server did not become ready:\n{self.last_words()}")
            time.sleep(0.05)
        return self

    def stop(self) -> int:
        """Ask for a graceful end; its exit status. What does not end in time is killed."""
        if self._process is None:
            return 0
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_S)
        return self.kill()

    def kill(self) -> int:
        """End the whole process group at once, as a power cut would."""
        if self._process is None:
            return 0
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        self._process = None
        return status

    @property
    def log(self) -> Path:
        return self.folder / LOG

    def last_words(self) -> str:
        return self.log.read_bytes()[-2000:].decode(errors="replace")

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]

    def _is_ready(self) -> bool:
        with suppress(OSError):
            return Phone(self.port).get("/readyz").status == 200
        return False


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[OwnServer]:
    """A prepared server that ends with the block."""
    server = OwnServer(folder, settings).prepare().start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
