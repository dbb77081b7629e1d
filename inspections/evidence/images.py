"""Photos as pictures: what is one, and a copy that tells no more than it shows.

Importing this module loads Pillow, so do it where a picture is at hand.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from backend.common.text import Bilingual
from inspections.evidence import orientation
from inspections.evidence.errors import NotAnImage, TooLarge
from inspections.evidence.limits import MAX_PIXELS, MEDIA_TYPES, THUMBNAIL_BYTES

# Settings of the encoder for copies; quality 90 is the last that no eye tells from the original.
_ENCODING: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 90},
    "PNG": {},
    "WEBP": {"quality": 90, "method": 2},
}
# Phones put a preview or a depth map behind the photo; every reader shows the first picture.
_SEVERAL = "MPO"
# A decoded WebP of 40 million pixels takes 600 MiB, other kinds up to 400: larger pictures take
# turns, so that it is once that much and not once per thread.
_SMALL = 4_000_000
_one_at_a_time = threading.Lock()
# A thumbnail that is too heavy is made again, worse and then smaller; the last always fits.
_THUMBNAILS = [(side, quality) for side in (320, 240, 160) for quality in (80, 60, 40, 20)]

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: str
    width: int
    height: int


def examine(path: Path) -> Picture:
    """What kind of picture a file holds. Raises NotAnImage, TooLarge.

    Decodes all of it: a header alone does not show that the rest is missing.
    """
    with path.open("rb") as file, _open(file) as image:
        picture = Picture(MEDIA_TYPES[_kind(image)], *image.size)
        # A JPEG is read whole at an eighth of its size: a third of the time, 1/64 of the memory.
        image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()
    return picture


def shown(data: bytes) -> bytes:
    """``data`` as others than its sender see it: upright, and nothing but the picture.

    The place, time, owner and thumbnail that a phone writes into a photo stay with the original,
    and so does whatever was put behind the picture, be it another picture. Same kind of file,
    same size in pixels.
    """
    with _open(BytesIO(data)) as image:
        kind = _kind(image)
        upright = orientation.upright(image)
        # Encoders copy comments and profiles from here; only this entry is part of the picture.
        upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
        copy = BytesIO()
        upright.load()
        upright.save(copy, kind, **_ENCODING[kind])
    return copy.getvalue()


def thumbnail(data: bytes) -> bytes:
    """``data`` as a small JPEG for lists: upright, nothing but the picture, what was see-through
    on white; at most 320 pixels wide or high and ``THUMBNAIL_BYTES`` heavy.
    """
    with _open(BytesIO(data)) as image:
        # A JPEG is decoded at a fraction of its size.
        image.draft("RGB", (2 * _THUMBNAILS[0][0], 2 * _THUMBNAILS[0][0]))
        upright = orientation.upright(image)
        upright.load()
        picture = _on_white(upright)
    for side, quality in _THUMBNAILS:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        copy = BytesIO()
        picture.save(copy, "JPEG", quality=quality, optimize=True)
        if copy.tell() <= THUMBNAIL_BYTES:
            break
    return copy.getvalue()


@contextmanager
def _open(file: BinaryIO) -> Iterator[Image.Image]:
    """A picture of a kind and size that we take, not yet decoded."""
    try:
        with Image.open(file, formats=list(MEDIA_TYPES)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            if _kind(image) not in MEDIA_TYPES or _moves(image):
                raise NotAnImage
            with _one_at_a_time if image.width * image.height > _SMALL else nullcontext():
                yield image
    except (NotAnImage, TooLarge, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # hostile bytes make decoders raise anything
        raise NotAnImage from error


def _on_white(image: Image.Image) -> Image.Image:
    """In the three colours of a JPEG, and without what stands beside the picture."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image)
        return ground
    plain = image.convert("RGB")
    plain.info = {}
    return plain


def _kind(image: Image.Image) -> str:
    """What the file is by its own name: Pillow calls a JPEG with pictures behind the first MPO."""
    return "JPEG" if image.format == _SEVERAL else image.format or ""


def _moves(image: Image.Image) -> bool:
    return image.format != _SEVERAL and getattr(image, "is_animated", False)


def _too_many_pixels() -> TooLarge:
    limit = MAX_PIXELS // 1_000_000
    return TooLarge(Bilingual(vi=f"Tối đa {limit} triệu điểm ảnh.", en=f"{limit} megapixels."))
