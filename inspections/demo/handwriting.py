"""Signatures as a finger draws them: joined loops, sampled as a phone samples a touch."""

import math
import random
from typing import Any

WIDTH, HEIGHT = 340, 180
SAMPLES = 9

Point = tuple[float, float]


def signature(role: str, name: str) -> dict[str, Any]:
    """The same for a name each time."""
    return {
        "role": role,
        "name": name,
        "width": WIDTH,
        "height": HEIGHT,
        "strokes": _strokes(name),
    }


def _strokes(name: str) -> list[list[list[int]]]:
    """The last word as one joined line with a tall beginning, then a flourish under it."""
    hand = random.Random(name)  # noqa: S311 (a picture, no secret)
    letters = len(name.rpartition(" ")[2]) + 3
    step = 230 / letters
    corners: list[Point] = [
        (hand.uniform(18, 34), hand.uniform(108, 140)),
        (hand.uniform(36, 62), hand.uniform(20, 44)),
        (hand.uniform(58, 66), hand.uniform(124, 144)),
    ]
    if hand.random() < 0.5:
        corners.insert(2, (hand.uniform(14, 24), hand.uniform(64, 84)))
    for letter in range(letters):
        x = 62 + letter * step
        tall = hand.random() < 0.25
        up = hand.uniform(38, 52) if tall else hand.uniform(72, 92)
        corners += [
            (x + step * hand.uniform(0.55, 0.8), up),
            (x + step * hand.uniform(0.2, 0.4), hand.uniform(100, 112)),
            (x + step, hand.uniform(116, 134)),
        ]
    corners.append((322, hand.uniform(86, 104)))
    flourish: list[Point] = [(52, 150), (150, 158), (268, 146), (312, 132), (230, 164)]
    return [_smooth(corners), _smooth(flourish)]


def _smooth(corners: list[Point]) -> list[list[int]]:
    """A Catmull-Rom curve through the corners, inside the pad, without repeated points."""
    padded = [corners[0], *corners, corners[-1]]
    points: list[list[int]] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for sample in range(SAMPLES):
            t = sample / SAMPLES
            at = (_between(a[i], b[i], c[i], d[i], t) for i in (0, 1))
            point = [
                min(max(math.floor(value + 0.5), 1), limit - 1)
                for value, limit in zip(at, (WIDTH, HEIGHT), strict=True)
            ]
            if not points or points[-1] != point:
                points.append(point)
    return points


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t * t
        + (3 * b - a - 3 * c + d) * t * t * t
    )
