"""inspections.records.rendering.pictures: how much of a record its photos may be"""

from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from inspections.records import verification
from inspections.records.rendering import canvas, pdf, pictures
from inspections.submission.rules import MAX_PHOTOS
from tests.inspections.records import sample

MIB = 1024 * 1024
# Pages, payload and signature of the longest visits.
ALL_BUT_PICTURES = 2 * MIB


def noise() -> bytes:
    out = BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_record_of_all_photos_that_a_visit_may_name_can_be_verified_by_its_file() -> None:
    largest = MAX_PHOTOS * pictures.share(MAX_PHOTOS) + ALL_BUT_PICTURES

    assert largest <= 8 * MIB < verification.MAX_BYTES <= settings.SERVER_BODY_LIMIT


@pytest.mark.parametrize(("count", "kib"), [(0, 56), (6, 56), (109, 56), (200, 30), (10_000, 2)])
def test_many_pictures_share_what_few_may_have_alone(count: int, kib: int) -> None:
    assert pictures.share(count) // 1024 == kib


@pytest.mark.parametrize("count", [1, 200, 10_000])
def test_a_picture_keeps_to_its_share_however_hard_it_is_to_compress(count: int) -> None:
    max_bytes = pictures.share(count)

    assert 0 < len(pictures.prepare(noise(), max_bytes).jpeg) <= max_bytes


def test_photos_are_read_one_at_a_time_and_before_the_faces_are_taken() -> None:
    """200 photos may have 2 GB, and other documents must not wait for their disk."""
    contents = sample.photos(3)
    asked: list[bool] = []

    class Lazy(dict[str, bytes]):
        def __getitem__(self, digest: str) -> bytes:
            asked.append(canvas.faces.locked())
            return super().__getitem__(digest)

    pdf.render(sample.payload(pictures=3), sample.NOTE, Lazy(contents))

    assert asked == [False] * 3
