"""What holds for the tree as a whole: imports, migrations, settings, locks, advisories."""

import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest
from django.core.management import call_command
from packaging.version import Version

from backend.env import BASE_DIR

# Seconds to import, needed by few requests: a start must not wait for them.
SLOW = ("reportlab", "pyhanko", "boto3", "botocore", "openpyxl", "PIL")


def tool(name: str) -> ModuleType:
    """A program of `.ci`, loaded as a module."""
    sys.path.insert(0, str(BASE_DIR / ".ci"))
    try:
        spec = importlib.util.spec_from_file_location(name, BASE_DIR / ".ci" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.pop(0)


def test_imports_run_one_way() -> None:
    program = BASE_DIR / ".venv" / "bin" / "lint-imports"
    found = subprocess.run(
        [program if program.exists() else "lint-imports", "--no-cache"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.django_db
def test_migrations_hold_every_field() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_start_imports_nothing_slow() -> None:
    script = (
        "import sys, django; django.setup();"
        "import backend.urls;"
        f"print([name for name in {SLOW} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_a_bad_variable_stops_every_command_with_its_name() -> None:
    found = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=BASE_DIR,
        env={"PORT": "eighty", "ENV_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode != 0
    assert "PORT: " in found.stderr


def test_locks_fit_what_the_project_asks_for() -> None:
    assert tool("locks").main() == 0


def test_a_dependency_that_is_not_locked_is_noticed() -> None:
    faults = tool("locks").drift(
        ["django~=5.2.19", "missing", "boto3>=9"],
        {"django": Version("5.2.20"), "boto3": Version("1.44.5")},
        "lock",
    )
    assert list(faults) == ["lock: missing is not locked", "lock: boto3 1.44.5 is not >=9"]


@pytest.mark.parametrize(
    ("name", "version", "fault"),
    [
        ("django", "5.2.19", ""),
        ("django", "5.2.18", "below 5.2.19"),
        ("segno", "0.1", ""),
        ("stranger", "1.0", "nobody has looked"),
    ],
)
def test_the_dated_list_of_advisories_answers(name: str, version: str, fault: str) -> None:
    known = {
        "django": {"looked": "2026-11-22", "floor": "5.2.19", "advisories": ["CVE-2026-84429"]},
        "segno": {"looked": "2024-10-10", "floor": None, "advisories": []},
    }
    found = tool("audit").against_list(name, Version(version), known)
    assert fault in found
    assert bool(found) == bool(fault)


def test_no_package_goes_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = tool("audit")
    monkeypatch.setattr(audit, "ask_service", dict)
    assert audit.main([]) == 0
    assert "THIS IS NOT A LIVE AUDIT" in capsys.readouterr().out
    assert audit.main(["--live"]) == 1
    monkeypatch.setattr(audit, "ask_service", lambda: {"django": ["PYSEC-2027-1"]})
    assert audit.main([]) == 1
    assert "django" in capsys.readouterr().out
