"""Every test has a photo folder of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def photos(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
    }
    return folder
