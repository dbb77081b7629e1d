"""Stand-ins for the photos of a visit: drawn, so that no real place or person is shown."""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

# As a phone scales its photos before sending them.
WIDTH, HEIGHT = 1600, 1200
LARGEST = 200 * 1024

Pen = ImageDraw.ImageDraw
Hand = random.Random  # no secret, and the same pictures everywhere


def photo(scene: str) -> bytes:
    """The JPEG of a scene (see ``SCENES``): the same bytes each time, at most 200 KiB."""
    hand = Hand(scene)
    image = _room(hand)
    SCENES[scene](ImageDraw.Draw(image), hand)
    image = Image.blend(image.filter(ImageFilter.GaussianBlur(1.5)), _grain(hand), 0.05)
    for quality in (82, 70, 55, 40):
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def _room(hand: Hand) -> Image.Image:
    """A wall, a floor of tiles, daylight from one side."""
    light = Image.linear_gradient("L").rotate(90 * hand.choice((1, 3))).resize((WIDTH, HEIGHT))
    wall = Image.merge("RGB", [light.point(lambda v, t=t: t + v // 4) for t in (176, 170, 150)])
    pen = ImageDraw.Draw(wall)
    pen.rectangle((0, 760, WIDTH, HEIGHT), fill=(136, 128, 118))
    for x in range(-1600, 3300, 160):
        pen.line((800 + (x - 800) // 3, 760, x, HEIGHT), fill=(112, 105, 97), width=4)
    for y in (800, 860, 950, 1080):
        pen.line((0, y, WIDTH, y), fill=(112, 105, 97), width=4)
    return wall


def _grain(hand: Hand) -> Image.Image:
    size = (WIDTH // 4, HEIGHT // 4)
    dots = Image.frombytes("L", size, hand.randbytes(size[0] * size[1]))
    return dots.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).convert("RGB")


def _notice(pen: Pen, hand: Hand) -> None:
    """Rules of the market on a board."""
    pen.rectangle((420, 120, 1180, 720), fill=(92, 60, 34))
    pen.rectangle((440, 140, 1160, 700), fill=(240, 236, 220))
    pen.rectangle((520, 170, 1080, 215), fill=(180, 30, 30))
    for y in range(250, 680, 30):
        pen.line((490, y, hand.randint(900, 1110), y), fill=(70, 70, 80), width=9)


def _hall(pen: Pen, hand: Hand) -> None:
    """Zones of the hall, a sign above each."""
    for left, colour in ((60, (178, 40, 40)), (590, (40, 110, 170)), (1120, (60, 130, 60))):
        pen.rectangle((left + 90, 110, left + 330, 190), fill=colour)
        for post in (left + 10, left + 400):
            pen.rectangle((post, 300, post + 12, 620), fill=(120, 96, 70))
        for stripe in range(left, left + 420, 60):
            pen.polygon(
                ((stripe, 230), (stripe + 60, 230), (stripe + 50, 330), (stripe - 10, 330)),
                fill=colour if stripe // 60 % 2 else (238, 232, 220),
            )
        pen.rectangle((left, 560, left + 420, 900), fill=(206, 202, 196))
        _heap(pen, hand, (left + 20, 500, left + 400, 580), colour)


def _drain(pen: Pen, hand: Hand) -> None:
    """A covered gutter along the aisle."""
    pen.polygon(((640, 760), (880, 760), (1250, 1200), (380, 1200)), fill=(74, 74, 76))
    for step in range(18):
        y = 768 + step * step + 7 * step
        spread = (y - 760) * 0.6
        pen.line((650 - spread, y, 870 + spread * 1.4, y), fill=(150, 150, 152), width=5 + step)
    for _ in range(14):
        x, y = hand.randint(0, 300), hand.randint(900, 1150)
        pen.ellipse((x, y, x + 60, y + 12), fill=(158, 152, 146))


def _cold(pen: Pen, hand: Hand) -> None:
    """A cabinet with its thermometer."""
    pen.rounded_rectangle((450, 80, 1150, 1080), 30, fill=(232, 234, 238))
    pen.rectangle((500, 250, 1100, 1010), fill=(38, 58, 78))
    pen.rectangle((860, 120, 1090, 210), fill=(12, 20, 16))
    pen.text((885, 125), "2,5°C", fill=(120, 255, 150), font_size=72)
    for y in (430, 610, 790, 970):
        pen.rectangle((510, y, 1090, y + 12), fill=(170, 182, 196))
        _heap(pen, hand, (530, y - 70, 1070, y), (188, 120, 110))


def _bins(pen: Pen, hand: Hand) -> None:
    """Closed bins, and basins to wash hands."""
    for left, colour in ((180, (40, 110, 60)), (520, (52, 120, 70)), (860, (196, 140, 40))):
        pen.polygon(
            ((left, 560), (left + 260, 560), (left + 230, 980), (left + 30, 980)), fill=colour
        )
        pen.rounded_rectangle((left - 15, 520, left + 275, 570), 16, fill=(30, 60, 40))
    pen.rounded_rectangle((1230, 480, 1530, 600), 40, fill=(240, 242, 244))
    pen.line((1380, 480, 1380, 390, 1440, 390), fill=(150, 156, 160), width=18)
    for _ in range(9):
        x = hand.randint(1260, 1480)
        pen.line((x, 300, x, 330), fill=(170, 190, 205), width=6)


def _meat(pen: Pen, hand: Hand) -> None:
    """An uncovered counter, with flies."""
    pen.rectangle((0, 560, WIDTH, 1200), fill=(150, 150, 148))
    for scratch in range(40):
        x, y = hand.randint(0, WIDTH), hand.randint(580, 1180)
        pen.line((x, y, x + 90, y + scratch % 9), fill=(122, 112, 104), width=4)
    _heap(pen, hand, (120, 570, 1480, 960), (170, 50, 50), largest=150)
    for _ in range(26):
        x, y = hand.randint(150, 1450), hand.randint(480, 1000)
        pen.ellipse((x, y, x + 16, y + 10), fill=(18, 18, 20))


def _heap(
    pen: Pen,
    hand: Hand,
    box: tuple[int, int, int, int],
    colour: tuple[int, int, int],
    largest: int = 70,
) -> None:
    left, top, right, bottom = box
    for _ in range(60):
        size = hand.randint(largest // 2, largest)
        x, y = hand.randint(left, right - size), hand.randint(top, max(top, bottom - size // 2))
        shade = tuple(max(0, min(255, part + hand.randint(-30, 40))) for part in colour)
        pen.ellipse((x, y, x + size, y + size * 2 // 3), fill=shade)


SCENES: dict[str, Callable[[Pen, Hand], None]] = {
    "notice": _notice,
    "hall": _hall,
    "drain": _drain,
    "cold": _cold,
    "bins": _bins,
    "meat": _meat,
}
