"""What counts as a photo, what others than its sender see of it, and its thumbnail."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inspections.evidence.errors import NotAnImage, TooLarge
from inspections.evidence.images import Picture, examine, shown, thumbnail
from tests.inspections.evidence.pictures import (
    NONSENSE,
    SECRET,
    animated,
    nonsense_beside_orientation,
    picture,
    png_of_size,
    telling,
)

# As in production, where the module under test asks for it; pytest resets the filters.
pytestmark = pytest.mark.filterwarnings(
    "error::PIL.Image.DecompressionBombWarning", "ignore:Corrupt EXIF data:UserWarning"
)

KINDS = ["JPEG", "PNG", "WEBP"]


def examined(tmp_path: Path, data: bytes) -> Picture:
    path = tmp_path / "photo"
    path.write_bytes(data)
    return examine(path)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_and_size_come_from_the_picture(tmp_path: Path, kind: str) -> None:
    assert examined(tmp_path, picture(kind)) == Picture(f"image/{kind.lower()}", 48, 32)


@pytest.mark.parametrize(
    "flavour",
    [
        {"mode": "L"},
        {"mode": "CMYK"},
        {"progressive": True},
        {"size": (1, 1)},
        {"kind": "PNG", "mode": "P"},
        {"kind": "PNG", "mode": "LA"},
        {"kind": "PNG", "mode": "1"},
        {"kind": "PNG", "mode": "I;16"},
        {"kind": "WEBP", "mode": "RGBA", "lossless": True},
    ],
    ids=str,
)
def test_every_flavour_of_the_three_kinds_is_taken_and_shown(
    tmp_path: Path, flavour: dict[str, Any]
) -> None:
    data = picture(**flavour)
    before = examined(tmp_path, data)

    assert examined(tmp_path, shown(data)) == before
    assert examined(tmp_path, thumbnail(data)).media_type == "image/jpeg"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    noise = Image.effect_noise((400, 300), 60)
    file = BytesIO()
    noise.save(file, kind)
    whole = file.getvalue()
    examined(tmp_path, whole)

    with pytest.raises(NotAnImage):
        examined(tmp_path, whole[: int(len(whole) * share)])


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "AVIF", "PPM", "JPEG2000", "TGA"])
def test_other_kinds_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(NotAnImage):
        examined(tmp_path, picture(kind))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"x", id="one byte"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="SVG"),
        pytest.param(b"<html><script>alert(1)</script></html>", id="HTML"),
        pytest.param(b"\xff\xd8\xff\xe0<?php echo 1; ?>", id="PHP with a JPEG's head"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="PNG's head alone"),
        pytest.param(b"RIFF\x10\x00\x00\x00WEBPVP8 ", id="WebP's head alone"),
        pytest.param(animated("PNG"), id="animated PNG"),
        pytest.param(animated("WEBP"), id="animated WebP"),
    ],
)
def test_what_is_no_still_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NotAnImage):
        examined(tmp_path, data)


def test_a_jpeg_with_pictures_behind_the_first_is_taken_and_shown_as_that_one(
    tmp_path: Path,
) -> None:
    data = animated("MPO")

    assert examined(tmp_path, data) == Picture("image/jpeg", 8, 8)
    with Image.open(BytesIO(shown(data))) as copy:
        assert (copy.format, getattr(copy, "n_frames", 1)) == ("JPEG", 1)
        red, _, blue = copy.convert("RGB").tobytes()[:3]
        assert (red > 200, blue < 100) == (True, True)


@pytest.mark.parametrize(
    "size", [(40_000_001, 1), (6_325, 6_325), (9_400, 9_400), (13_377, 13_377), (20_000, 20_000)]
)
def test_too_many_pixels_are_refused_before_they_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))

    with pytest.raises(TooLarge):
        examined(tmp_path, png_of_size(*size))


def test_forty_million_pixels_are_taken(tmp_path: Path) -> None:
    assert examined(tmp_path, picture("PNG", (8000, 5000), mode="1")).width == 8000


def test_a_large_jpeg_is_examined_in_little_memory(tmp_path: Path) -> None:
    """40 million pixels are 114 MiB when decoded; the examination needs a fraction of it."""
    (tmp_path / "photo").write_bytes(picture(size=(8000, 5000)))
    program = (
        "import resource, sys, pathlib, django.conf\n"
        "from inspections.evidence import images\n"
        "rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "before = rss(); images.examine(pathlib.Path(sys.argv[1])); print(rss() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "photo")],
        capture_output=True,
        check=True,
        text=True,
    )

    assert int(done.stdout) < 30


@pytest.mark.parametrize("kind", KINDS)
def test_the_shown_copy_tells_nothing_but_the_picture(kind: str) -> None:
    original = telling(kind)
    assert SECRET.encode() in original

    copy = shown(original)

    assert SECRET.encode() not in copy
    assert b"<html>" not in copy
    with Image.open(BytesIO(copy)) as image:
        assert image.format == kind
        assert image.size == (48, 32)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "loop",
            "background",
            "timestamp",
            "duration",
            "transparency",
        }


# Where the white quarter (upper left as stored) belongs, by how the phone was held.
WHITE = {1: "ul", 2: "ur", 3: "lr", 4: "ll", 5: "ul", 6: "ur", 7: "lr", 8: "ll"}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", KINDS)
def test_the_shown_copy_is_upright(kind: str, orientation: int) -> None:
    with Image.open(BytesIO(shown(telling(kind, orientation)))) as image:
        width, height = image.size
        corners = {
            "ul": (3, 3),
            "ur": (width - 4, 3),
            "ll": (3, height - 4),
            "lr": (width - 4, height - 4),
        }
        grey = image.convert("L").tobytes()
    light = {name for name, (x, y) in corners.items() if grey[y * width + x] > 200}

    assert (width, height) == ((48, 32) if orientation < 5 else (32, 48))
    assert light == {WHITE[orientation]}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", KINDS)
def test_a_thumbnail_is_an_upright_jpeg_that_tells_nothing_but_the_picture(
    kind: str, orientation: int
) -> None:
    small = thumbnail(telling(kind, orientation))

    assert SECRET.encode() not in small
    with Image.open(BytesIO(small)) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert not image.getexif()
        assert not {"comment", "exif", "icc_profile"} & set(image.info)
        width, height = image.size
        corners = {
            "ul": (3, 3),
            "ur": (width - 4, 3),
            "ll": (3, height - 4),
            "lr": (width - 4, height - 4),
        }
        grey = image.convert("L").tobytes()
    assert (width, height) == ((48, 32) if orientation < 5 else (32, 48))
    light = {name for name, (x, y) in corners.items() if grey[y * width + x] > 200}
    assert light == {WHITE[orientation]}


@pytest.mark.parametrize(("kind", "size", "expected"), [
    ("JPEG", (4000, 3000), (320, 240)),
    ("PNG", (600, 1200), (160, 320)),
    ("WEBP", (321, 10), (320, 10)),
    ("JPEG", (40, 20), (40, 20)),
    ("PNG", (3000, 1), (320, 1)),
])  # fmt: skip
def test_a_thumbnail_has_320_pixels_and_is_never_larger_than_the_photo(
    kind: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    with Image.open(BytesIO(thumbnail(picture(kind, size)))) as image:
        assert image.size == expected


@pytest.mark.parametrize("size", [(320, 320), (1280, 960)])
def test_a_thumbnail_of_anything_has_at_most_15_kb(size: tuple[int, int]) -> None:
    noise = Image.merge("RGB", [Image.effect_noise(size, 200) for _ in range(3)])
    file = BytesIO()
    noise.save(file, "PNG")

    small = thumbnail(file.getvalue())

    assert len(small) <= 15_000
    with Image.open(BytesIO(small)) as image:
        assert max(image.size) >= 160


def test_what_is_see_through_is_white_in_a_thumbnail() -> None:
    file = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")

    with Image.open(BytesIO(thumbnail(file.getvalue()))) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


def test_unreadable_metadata_does_not_cost_the_picture(tmp_path: Path) -> None:
    data = picture(exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + b"\xff" * 40)

    assert examined(tmp_path, data).width == 48
    assert examined(tmp_path, shown(data)).width == 48


@pytest.mark.parametrize(("tag", "kind", "value"), NONSENSE)
def test_nonsense_beside_the_orientation_does_not_hide_it(
    tmp_path: Path, tag: int, kind: int, value: bytes
) -> None:
    data = nonsense_beside_orientation(tag, kind, value)

    assert examined(tmp_path, data).width == 48
    assert examined(tmp_path, shown(data)).width == 32
