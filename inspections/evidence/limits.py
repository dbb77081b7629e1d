"""What a photo may be; its bytes are limited by ``settings.EVIDENCE_LIMIT``."""

MAX_PIXELS = 40_000_000
THUMBNAIL_BYTES = 15_000
MAX_DIGESTS = 2000  # that a phone may ask about at once
# By the names that Pillow gives to kinds of pictures.
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
