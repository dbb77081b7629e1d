"""Quick passwords: the cost of hashing has a test of its own."""

import pytest

from backend.accounts import passwords


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords.Argon2id, "memory_cost", 8)
    monkeypatch.setattr(passwords.Argon2id, "time_cost", 1)
