"""Which of Django's storages keeps the photos and the records."""

from pathlib import Path
from typing import Any

from backend.env import ObjectStore


def configuration(store: ObjectStore | None, folder: Path) -> dict[str, Any]:
    """One entry of STORAGES: ``folder``, or its namesake inside the bucket."""
    if store is None:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        }
    from botocore.config import Config

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": store.bucket,
            "location": folder.name,
            "endpoint_url": store.endpoint_url,
            "region_name": store.region,
            "access_key": store.access_key,
            "secret_key": store.secret_key,
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if store.path_style else "auto"},
                # Checksums in trailers break most servers that are not Amazon's.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "max_attempts": 3},
            ),
        },
    }
