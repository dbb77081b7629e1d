"""Pictures for tests, small and different from each other."""

import hashlib
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

GPS, OWNER, ARTIST, ORIENTATION = 0x8825, 0xA430, 0x013B, 0x0112
SECRET = "Nguyen Van Secret"


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (48, 32),
    *,
    seed: int = 0,
    mode: str = "RGB",
    **saving: Any,
) -> bytes:
    """A picture with a white upper left quarter on a ground that ``seed`` chooses."""
    image = Image.new("RGB", size, (40 + seed % 100, 60 + seed // 100 % 100, 80))
    image.paste((255, 255, 255), (0, 0, size[0] // 2, size[1] // 2))
    file = BytesIO()
    image.convert(mode).save(file, kind, **saving)
    return file.getvalue()


def telling(kind: str, orientation: int = 1) -> bytes:
    """A picture that says where, when and by whom it was taken, in every way its kind knows."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = orientation, SECRET
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (22.0, 37.0, 17.0)
    saving: dict[str, Any] = {"exif": exif, "icc_profile": SECRET.encode() * 20}
    if kind == "PNG":
        saving["pnginfo"] = PngInfo()
        saving["pnginfo"].add_text("Comment", SECRET)
        saving["pnginfo"].add_itxt("XML:com.adobe.xmp", SECRET, zip=True)
    else:
        saving["xmp"] = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    if kind == "JPEG":
        saving["comment"] = SECRET
    return picture(kind, **saving) + f"<html>{SECRET}</html>".encode()


def nonsense_beside_orientation(tag: int, kind: int, value: bytes) -> bytes:
    """A JPEG, to be turned right, whose metadata hold one entry more than Pillow can write."""
    entries = struct.pack(">HHIHH", ORIENTATION, 3, 1, 6, 0)
    entries += struct.pack(">HHI", tag, kind, 4 if kind == 2 else 1) + value
    header = b"Exif\0\0MM\0\x2a" + struct.pack(">IH", 8, 2)
    return picture(exif=header + entries + bytes(4))


# A width of -5 in two bytes and in four, and a packet of XMP that claims to be text.
NONSENSE = [
    (0x0100, 8, struct.pack(">hh", -5, 0)),
    (0x0100, 9, struct.pack(">i", -5)),
    (0x02BC, 2, b"abc\0"),
]


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be that large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
