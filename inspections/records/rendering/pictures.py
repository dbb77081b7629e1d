"""Photos made small, upright, sRGB and free of metadata for print. No network, no file system."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms
from reportlab.lib.utils import ImageReader

from inspections.evidence import orientation

LONGEST_SIDE_PX = 640
MAX_BYTES = 56 * 1024
# Of all pictures of a record. With pages and payload it then stays below what an upload may
# have, so that a record can be verified by its file however many photos it has.
MAX_BYTES_TOGETHER = 6 * 1024 * 1024
LEAST_BYTES = 2 * 1024
MAX_PIXELS = 40_000_000
QUALITIES = (80, 70, 60, 50, 40)


class UnreadablePhotoError(ValueError):
    """Not an image of the accepted kinds, damaged, or larger than 40 million pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    width: int
    height: int

    def reader(self) -> ImageReader:
        return _Jpeg(self.jpeg)


class _Jpeg(ImageReader):  # type: ignore[misc]
    """The canvas names an image by its pixels; its bytes do as well and need no decoding."""

    def __init__(self, jpeg: bytes) -> None:
        super().__init__(BytesIO(jpeg))
        self._bytes = jpeg
        self._dataA = None  # no transparency: set by the method that is replaced here

    def getRGBData(self) -> bytes:  # noqa: N802 (reportlab's name)
        return self._bytes


def share(count: int) -> int:
    """Bytes that each of ``count`` pictures of one record may take."""
    return min(MAX_BYTES, max(LEAST_BYTES, MAX_BYTES_TOGETHER // max(1, count)))


def prepare(content: bytes, max_bytes: int = MAX_BYTES) -> Picture:
    """Same bytes in, same bytes out (with one version of Pillow); raises UnreadablePhotoError."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as photo:
            if photo.width * photo.height > MAX_PIXELS:
                raise UnreadablePhotoError("The photo has more than 40 million pixels.")
            upright = _upright(photo)
    except (UnreadablePhotoError, MemoryError):
        raise
    except Exception as error:  # hostile bytes make decoders raise anything
        raise UnreadablePhotoError("The photo cannot be decoded.") from error
    return _compressed(upright, max_bytes)


def _upright(photo: Image.Image) -> Image.Image:
    profile = photo.info.get("icc_profile")
    photo.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.BICUBIC)
    image = _srgb(orientation.upright(photo), profile)
    image.info.clear()
    return image


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            converted: Any = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):
            # A profile that is no profile says nothing about the colours.
            return image.convert("RGB")
        return converted if isinstance(converted, Image.Image) else image.convert("RGB")
    return image.convert("RGB")


def _compressed(image: Image.Image, max_bytes: int) -> Picture:
    """The best quality that keeps to the size; smaller where even the lowest does not."""
    while True:
        for quality in QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality)
            if out.tell() <= max_bytes:
                return Picture(out.getvalue(), image.width, image.height)
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
