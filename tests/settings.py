"""The one settings module in an environment of the tests' own: nothing of the machine leaks in.

``TEST_DATABASE_URL`` chooses the database; without it the suite runs on an SQLite file.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="food-safety-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

os.environ |= {
    "APP_MODE": "development",
    "DATA_DIR": str(_folder),
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
    "ENV_FILE": os.devnull,
    "LOG_LEVEL": "WARNING",
} | dict.fromkeys(
    [
        "ALLOWED_HOSTS", "DEBUG", "DEMO_PASSWORD", "HOST", "HTTPS", "JSON_LIMIT",
        "JWT_SIGNING_KEY", "PORT",
        "PUBLIC_URL", "S3_BUCKET", "SECRET_KEY", "SEED_DEMO", "SIGNING_P12",
        "SIGNING_P12_PASSPHRASE", "SQLITE_SYNCHRONOUS", "TRUSTED_PROXIES",
    ],
    "",
)  # fmt: skip

from backend.settings import *  # noqa: E402, F403
from backend.settings import ALLOWED_HOSTS, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

ALLOWED_HOSTS += ["testserver"]
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if not os.environ["DATABASE_URL"]:
    # In a file and not in memory: threads of a test then see each other as requests do.
    DATABASES["default"]["TEST"] = {"NAME": _folder / "test.sqlite3"}
else:
    # The transaction around a test may stand still while examples are thought up.
    DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
