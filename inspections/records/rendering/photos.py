"""The photo annex: two by three to a page, numbered; a photo that never came keeps its place."""

from collections.abc import Mapping
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.fonts import BOLD, ITALIC, REGULAR
from inspections.records.rendering.pictures import Picture, UnreadablePhotoError, prepare, share
from inspections.records.rendering.sheet import BOTTOM, LEFT, SMALL, WIDTH, Sheet
from inspections.records.rendering.text import Style, wrap

GAP = 12.0
CELL_WIDTH = (WIDTH - GAP) / 2
PICTURE_HEIGHT = 168.0
CAPTION = Style(BOLD, 11, 13)
DIGEST = Style(REGULAR, 9, 11)
PLACEHOLDER = Style(ITALIC, 11, 14)


class MissingPhotosError(LookupError):
    """Photos that the payload names are neither given nor noted as missing."""


# By digest, those that were given; None for one that cannot be read.
Pictures = Mapping[str, Picture | None]


def check(payload: Mapping[str, Any], note: Mapping[str, Any], photos: Mapping[str, bytes]) -> None:
    named = {photo["sha256"] for photo in payload["photos"]}
    unexplained = named - set(photos) - set(note.get("missing_photos", ()))
    if unexplained:
        raise MissingPhotosError(f"Photos not given: {', '.join(sorted(unexplained))}")


def prepared(payload: Mapping[str, Any], photos: Mapping[str, bytes]) -> Pictures:
    """What will be printed of the photos; takes one at a time out of ``photos``."""
    named = dict.fromkeys(photo["sha256"] for photo in payload["photos"])
    max_bytes = share(len(named))
    return {digest: _prepared(photos[digest], max_bytes) for digest in named if digest in photos}


def draw(
    sheet: Sheet, payload: Mapping[str, Any], note: Mapping[str, Any], pictures: Pictures
) -> None:
    _explain_missing(sheet, payload, note)
    row_height = PICTURE_HEIGHT + CAPTION.leading * 2 + DIGEST.leading + GAP
    for index, photo in enumerate(payload["photos"]):
        column = index % 2
        if column == 0:
            if index:
                sheet.y -= row_height
            if sheet.y - row_height < BOTTOM - GAP:
                sheet.new_page()
        x = LEFT + column * (CELL_WIDTH + GAP)
        _cell(sheet, x, index + 1, photo, pictures)
    if payload["photos"]:
        sheet.y -= row_height


def _explain_missing(sheet: Sheet, payload: Mapping[str, Any], note: Mapping[str, Any]) -> None:
    closed = note.get("evidence_closed")
    if closed:
        sheet.paragraph(
            f"Việc nhận ảnh kết thúc vào hồi {strings.moment(closed['at'])}, người quyết định: "
            f"{closed['by']}. Lý do: {closed['reason']}",
            SMALL,
            indent=0,
        )
    numbers = {photo["sha256"]: n for n, photo in enumerate(payload["photos"], start=1)}
    missing = [numbers[digest] for digest in note.get("missing_photos", ()) if digest in numbers]
    if missing:
        names = ", ".join(str(number) for number in sorted(missing))
        sheet.paragraph(f"Ảnh không nhận được: {names}.", SMALL, indent=0, after=8)


def _prepared(content: bytes, max_bytes: int) -> Picture | None:
    try:
        return prepare(content, max_bytes)
    except UnreadablePhotoError:
        return None


def _cell(
    sheet: Sheet, x: float, number: int, photo: Mapping[str, Any], pictures: Pictures
) -> None:
    top = sheet.y
    if picture := pictures.get(photo["sha256"]):
        scale = min(CELL_WIDTH / picture.width, PICTURE_HEIGHT / picture.height)
        width, height = picture.width * scale, picture.height * scale
        sheet.picture(picture.reader(), x + (CELL_WIDTH - width) / 2, top - height, width, height)
    else:
        given = photo["sha256"] in pictures
        words = "Tệp ảnh không đọc được" if given else "Không nhận được ảnh"
        sheet.draw(
            f"q 0.5 w [4 3] 0 d {x:.2f} {top - PICTURE_HEIGHT:.2f} {CELL_WIDTH:.2f} "
            f"{PICTURE_HEIGHT:.2f} re S Q"
        )
        lines = wrap(words, PLACEHOLDER, CELL_WIDTH)
        middle = top - PICTURE_HEIGHT / 2 + PLACEHOLDER.leading / 2
        sheet.lines(x, middle, lines, PLACEHOLDER, CELL_WIDTH, align="center")
    place = f"quầy {photo['stall']}" if photo.get("stall") else "khu vực chung"
    caption = wrap(f"Ảnh {number}. Tiêu chí {photo['item']}, {place}", CAPTION, CELL_WIDTH)[:2]
    below = top - PICTURE_HEIGHT - 3
    sheet.lines(x, below, caption, CAPTION, CELL_WIDTH, align="center")
    digest = wrap(f"SHA-256: {photo['sha256'][:16]}…", DIGEST, CELL_WIDTH)
    below -= CAPTION.leading * len(caption)
    sheet.lines(x, below, digest, DIGEST, CELL_WIDTH, align="center")
