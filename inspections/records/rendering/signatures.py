"""Signature blocks: strokes from the phone as vector paths, or the refusal and who saw it."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.fonts import BOLD, ITALIC, REGULAR
from inspections.records.rendering.sheet import BODY, LEFT, WIDTH, Sheet
from inspections.records.rendering.text import Style, balance, wrap

TITLE = Style(BOLD, 13, 16)
HINT = Style(ITALIC, 11, 14)
NAME = Style(BOLD, 13, 16)
REASON = Style(REGULAR, 12, 15)

BLOCK_WIDTH = WIDTH / 2 - 10
INK_WIDTH, INK_HEIGHT = 150.0, 62.0
# A personal signature is shown in blue (Decree 30/2020, annex I).
INK = "0 0.13 0.55 RG 1.3 w 1 J 1 j"


def draw(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    """The head at the right, whoever stands for the inspected party at the left, others below."""
    signatures = payload["signatures"]
    heads = [one for one in signatures if one["role"] == "head"]
    parties = [one for one in signatures if one["role"] == "representative"]
    others = [one for one in signatures if one not in heads and one not in parties]
    refusal = payload["refusal"]
    left: list[Mapping[str, Any]] = [*parties, *([{"refusal": refusal}] if refusal else [])]
    pairs = [*zip_longest(left, heads), *zip_longest(others[::2], others[1::2])]
    for pair in pairs:
        _row(sheet, pair)


def _row(sheet: Sheet, row: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]) -> None:
    heights = [_height(block) for block in row if block]
    sheet.need(max(heights) + 6)
    top = sheet.y - 6
    for block, x in zip(row, (LEFT, LEFT + WIDTH - BLOCK_WIDTH), strict=True):
        if block:
            _block(sheet, x, top, block)
    sheet.y = top - max(heights)


def _texts(block: Mapping[str, Any]) -> list[tuple[str, Style]]:
    """What stands above the strokes."""
    if "refusal" in block:
        refusal = block["refusal"]
        title = strings.SIGNATURE_TITLES.get(refusal["role"], "BÊN LIÊN QUAN")
        return [
            (title, TITLE),
            ("(không ký biên bản)", HINT),
            (f"Lý do được nêu: {refusal['reason']}", REASON),
        ]
    title = strings.SIGNATURE_TITLES.get(block["role"], "BÊN LIÊN QUAN")
    return [(title, TITLE), ("(Ký trên thiết bị kiểm tra)", HINT)]


def _height(block: Mapping[str, Any]) -> float:
    above = sum(
        style.leading * len(balance(text, style, BLOCK_WIDTH)) for text, style in _texts(block)
    )
    if "refusal" in block:
        return above + 10
    return above + INK_HEIGHT + 12 + NAME.leading * len(wrap(block["name"], NAME, BLOCK_WIDTH)) + 10


def _block(sheet: Sheet, x: float, top: float, block: Mapping[str, Any]) -> None:
    for text, style in _texts(block):
        lines = balance(text, style, BLOCK_WIDTH)
        sheet.lines(x, top, lines, style, BLOCK_WIDTH, align="center")
        top -= style.leading * len(lines)
    if "refusal" in block:
        return
    _strokes(sheet, x + (BLOCK_WIDTH - INK_WIDTH) / 2, top - 4, block)
    name = wrap(block["name"], NAME, BLOCK_WIDTH)
    sheet.lines(x, top - INK_HEIGHT - 12, name, NAME, BLOCK_WIDTH, align="center")


def _strokes(sheet: Sheet, x: float, top: float, signature: Mapping[str, Any]) -> None:
    """Fit the pad into the box, keeping its proportions; a stroke of one point is a dot."""
    pad_width, pad_height = max(signature["width"], 1), max(signature["height"], 1)
    scale = min(INK_WIDTH / pad_width, INK_HEIGHT / pad_height)
    x += (INK_WIDTH - pad_width * scale) / 2
    paths = [_path(stroke, x, top, scale) for stroke in signature["strokes"] if stroke]
    sheet.draw(f"q {INK} {' '.join(paths)} S Q")


def _path(stroke: Sequence[Sequence[int]], x: float, top: float, scale: float) -> str:
    points = [f"{x + px * scale:.2f} {top - py * scale:.2f}" for px, py in stroke]
    if len(points) == 1:
        points *= 2
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:])


def closing_words(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    visit = payload["inspection"]
    same_day = visit["started_at"][:10] == visit["ended_at"][:10]
    ended = (
        f"{strings.hour(visit['ended_at'])} cùng ngày"
        if same_day
        else strings.moment(visit["ended_at"])
    )
    agreed = (
        "Bên được kiểm tra không ký biên bản; lý do và người xác nhận ghi dưới đây."
        if payload["refusal"]
        else "Các bên tham gia ký xác nhận dưới đây."
    )
    sheet.need(2 * BODY.leading + 150)
    sheet.paragraph(
        f"Buổi kiểm tra kết thúc vào hồi {ended}. Biên bản được lập dưới dạng dữ liệu điện tử, "
        f"các phụ lục kèm theo là một phần của biên bản. {agreed}"
    )
