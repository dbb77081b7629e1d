"""The documents speak of what is there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ADR = DOCS / "adr"
SOURCES = [
    path
    for folder in ("backend", "markets", "inspections", "api_schema", ".ci", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def pages() -> list[Path]:
    return [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target and not target.startswith("#"):
            yield target.partition("#")[0]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not (page.parent / target).exists()] == []


def test_every_folder_that_the_map_names_is_there() -> None:
    tree = (ROOT / "README.md").read_text(encoding="utf-8").split("```text")[1].split("```")[0]
    named, top = [], ""
    for indent, folder in re.findall(r"^( *)([\w./-]+/) ", tree, flags=re.MULTILINE):
        top = top if indent else folder
        named.append(f"{top}{folder}" if indent else folder)
    house = (DOCS / "architecture.md").read_text(encoding="utf-8")
    named += re.findall(r"^\| `([\w./-]+/)` \|", house, flags=re.MULTILINE)

    assert {"inspections/demo/", "inspections/records/", "markets/", ".ci/"} <= set(named)
    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []


def test_every_page_that_code_names_is_there() -> None:
    named = {
        name
        for path in SOURCES
        for name in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))
    }

    assert {"docs/rules/verdict.md", "docs/rules/submission.md"} <= named
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_decisions_are_numbered_without_gap_and_all_listed() -> None:
    files = sorted(path.name for path in ADR.glob("[0-9]*.md"))
    index = (ADR / "README.md").read_text(encoding="utf-8")

    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    for name in files:
        heading = (ADR / name).read_text(encoding="utf-8").splitlines()[0]
        number, _, title = heading.removeprefix("# ").partition(". ")
        assert number == str(int(name[:4]))
        assert f"| [{number}]({name}) | {title} |" in index


def test_the_page_of_error_codes_is_that_of_the_code() -> None:
    # In a process of its own: tests define refusals too.
    command = [sys.executable, "manage.py", "print_errors"]
    printed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout

    # Where it differs: manage.py print_errors > docs/errors.md
    assert printed.decode() == (DOCS / "errors.md").read_text(encoding="utf-8")


def test_every_page_of_rules_is_listed() -> None:
    index = set(links(DOCS / "rules" / "README.md"))

    assert {path.name for path in (DOCS / "rules").glob("*.md")} == index | {"README.md"}


def test_every_rule_of_submissions_is_described() -> None:
    code = (ROOT / "inspections" / "submission" / "rules.py").read_text(encoding="utf-8")
    page = (DOCS / "rules" / "submission.md").read_text(encoding="utf-8")

    applied = set(re.findall(r"\bB\d\b", code))
    assert applied == set(re.findall(r"^\| (B\d) \|", page, flags=re.MULTILINE))
    for error in re.findall(r'Rule\(\s*"(\w+)"', code):
        assert f"`{error}`" in page
