"""Do the lock files still say what pyproject.toml asks for? Needs no network.

Every direct dependency must be pinned to a version in its range, every pin must carry hashes,
and the two files must agree. ``make lock`` writes them anew.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
Pins = dict[str, Version]


def pins(path: Path) -> Pins:
    """Name and version of every package of a lock file. Raises SystemExit for one without hash."""
    found: Pins = {}
    for entry in path.read_text().replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        if "--hash=sha256:" not in entry:
            sys.exit(f"{path.name}: no hash: {entry.split()[0]}")
        name, _, rest = entry.partition("==")
        found[canonicalize_name(name)] = Version(rest.split()[0].rstrip(";"))
    return found


def drift(wanted: list[str], locked: Pins, where: str) -> Iterator[str]:
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{where}: {requirement.name} is not locked"
        elif version not in requirement.specifier:
            yield f"{where}: {requirement.name} {version} is not {requirement.specifier}"


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")
    faults = [
        *drift(project["project"]["dependencies"], runtime, "requirements.txt"),
        *drift(project["dependency-groups"]["dev"], development, "requirements-dev.txt"),
        *(
            f"requirements-dev.txt: {name} differs from requirements.txt"
            for name, version in runtime.items()
            if development.get(name) != version
        ),
    ]
    sys.stdout.write("\n".join(faults or [f"locks: {len(development)} packages, no drift"]) + "\n")
    return bool(faults)


if __name__ == "__main__":
    raise SystemExit(main())
