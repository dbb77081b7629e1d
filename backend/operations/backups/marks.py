"""When the last backup was made: a small file beside the data, so that it costs no query."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from backend.operations.backups.files import write_durably


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "last_backup"


def set_now() -> None:
    write_durably(_mark(), timezone.now().astimezone(UTC).isoformat().encode())


def age_s() -> int | None:
    """Seconds since the last complete backup; None where none was made."""
    try:
        made_at = datetime.fromisoformat(_mark().read_text())
    except (FileNotFoundError, ValueError):
        return None
    return max(0, int((timezone.now() - made_at).total_seconds()))


def is_overdue() -> bool:
    age = age_s()
    return age is None or timedelta(seconds=age) > settings.BACKUP_MAX_AGE
