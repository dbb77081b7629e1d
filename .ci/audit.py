"""Does a known advisory apply to a locked package? No package may go unasked.

First pip-audit asks the advisory service. Where that cannot be reached, or knows nothing of a
package (a mirror without advisory data makes pip-audit green and blind), the dated list in
advisories.json answers for it, and the output says so. Fails on an advisory, on a version below
its floor, and on a package that neither source covers. ``--live`` fails unless the service
answered for all; ``--record`` writes what it answered into the list.
See docs/adr/0024-dependency-audit.md.
"""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

from locks import ROOT, Pins, pins
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCK = ROOT / "requirements-dev.txt"  # holds the runtime packages too
LIST = ROOT / ".ci" / "advisories.json"
STALE = timedelta(days=30)
PATIENCE_S = 240


def ask_service() -> dict[str, list[str]]:
    """Advisories by package, for those that the service answered for; {} where it is silent."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip",
               "--progress-spinner=off", "--format=json", "--timeout=15"]  # fmt: skip
    try:
        result = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        answered = json.loads(result.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return {}
    return {
        canonicalize_name(entry["name"]): [found["id"] for found in entry["vulns"]]
        for entry in answered
        if "skip_reason" not in entry
    }


def against_list(name: str, version: Version, known: dict[str, Any]) -> str:
    """Why the list does not clear this version; "" where it does."""
    entry = known.get(name)
    if entry is None:
        return f"{name} {version}: nobody has looked (add it to {LIST.name})"
    if entry["floor"] and version < Version(entry["floor"]):
        return f"{name} {version}: below {entry['floor']} ({', '.join(entry['advisories'])})"
    return ""


def record(answers: dict[str, list[str]], locked: Pins, document: dict[str, Any]) -> None:
    today = datetime.now(UTC).date().isoformat()
    for name in answers:
        before = document["packages"].get(name, {"advisories": []})
        document["packages"][name] = {**before, "looked": today, "floor": str(locked[name])}
    entries = sorted(document["packages"].items())
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries)
    about = json.dumps(document["about"])
    LIST.write_text(f'{{\n "about": {about},\n "packages": {{\n{rows}\n }}\n}}\n')


def main(options: list[str]) -> int:
    document = json.loads(LIST.read_text())
    known, locked, answers = document["packages"], pins(LOCK), ask_service()
    faults = [f"{name} {locked[name]}: {', '.join(ids)}" for name, ids in answers.items() if ids]
    unanswered = {name: version for name, version in locked.items() if name not in answers}
    faults += filter(None, (against_list(*pin, known) for pin in unanswered.items()))
    if "--live" in options and unanswered:
        faults.append(f"the service did not answer for {len(unanswered)} packages")
    if "--record" in options and not faults:
        record(answers, locked, document)
    lines = [f"advisories: {len(answers)} of {len(locked)} packages asked of the service"]
    if unanswered:
        looked = [date.fromisoformat(known[name]["looked"]) for name in unanswered if name in known]
        old = sum(datetime.now(UTC).date() - day > STALE for day in looked)
        lines.append(
            f"advisories: {len(unanswered)} checked against the dated list only. THIS IS NOT A "
            f"LIVE AUDIT: {old} entries are older than {STALE.days} days"
            + (f", the oldest of {min(looked)}" if looked else "")
        )
    sys.stdout.write("\n".join([*lines, *faults, "advisories: FAILED" if faults else ""]).strip())
    sys.stdout.write("\n")
    return bool(faults)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
